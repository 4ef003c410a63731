"""The measures of waiting by cause: one for all child-days of each cause, one for those beyond a standard."""

from __future__ import annotations

from typing import Final

from sim.measures.measure import MODEL, Measure
from sim.measures.waiting.causes import CAUSES, DAYS, DAYS_BEYOND, Cause

__all__ = ["DEFINITIONS"]

CLOCK: Final = "Working days on which the child is in a stage; a child in two stages counts in both"
BEYOND: Final = ", beyond the stage's standard"


def _measure(cause: Cause, beyond: bool) -> Measure:
    days = "Child-days beyond the standard" if beyond else "Child-days"
    limit = "Child-days in a stage after its standard has run out" if beyond else "Child-days in all stages"
    words = cause.words if cause.work else f"waited {cause.words}"
    return Measure(
        id=(DAYS_BEYOND if beyond else DAYS) + cause.name,
        label=f"{days}: {cause.label[0].lower()}{cause.label[1:]}",
        unit="child-days",
        better="neither" if cause.work else "lower",
        kind="flow",
        breakdowns=("team",),
        numerator=f"{limit} of which this is the cause, the first that holds in a stated order",
        clock=CLOCK,
        source=MODEL,
        meaning=f"How many working days children {words}{BEYOND if beyond else ''}.",
        simulated_in="states",
    )


DEFINITIONS: Final[tuple[Measure, ...]] = tuple(_measure(cause, beyond) for beyond in (False, True) for cause in CAUSES)
