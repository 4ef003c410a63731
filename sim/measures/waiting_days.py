"""The measures of waiting by cause: one for all child-days of each cause, one for those beyond a standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sim.measures.measure import MODEL, Measure
from sim.measures.waiting.causes import CAUSE_NAMES, CAUSES, DAYS, DAYS_BEYOND, Cause

if TYPE_CHECKING:
    from sim.measures.period_counts import Floats, PeriodCounts
    from sim.measures.waiting.table import CauseTable

__all__ = ["DEFINITIONS", "waiting"]

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


def waiting(table: CauseTable | None, periods: PeriodCounts) -> dict[str, Floats]:
    """Measures of waiting by cause: each an array of (periods, columns); missing where no causes were recorded."""
    columns, first_team = len(periods.layout.columns), periods.layout.first_team
    figures: dict[str, Floats] = {}
    for scope, measures in enumerate((DAYS, DAYS_BEYOND)):
        for place, cause in enumerate(CAUSE_NAMES):
            by_quarter = np.full((periods.quarters, columns), np.nan if table is None else 0.0)
            if table is not None:
                days = table.days[scope, :, :, :, place].sum(axis=1, dtype=np.float64)
                by_quarter[:, 0] = days.sum(axis=1)
                by_quarter[:, first_team:] = days[:, :-1]
            figures[measures + cause] = periods.fold @ by_quarter
    return figures
