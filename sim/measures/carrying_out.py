"""Delay in carrying decisions out, by kind of decision."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.dates import until
from sim.measures.measure import MODEL, Measure
from sim.measures.period_counts import Floats, ratio
from sim.measures.recording_view import RecordingView
from sim.model.recording import DECISIONS

__all__ = ["DEFINITIONS", "carrying_out"]

WORDS: Final = {
    "assessment": "authorised assessments",
    "step_up": "decisions to step up",
    "enquiry": "signed-off enquiries",
    "closure": "agreed closures",
}

DEFINITIONS: Final[tuple[Measure, ...]] = (
    *(
        Measure(
            id=f"carrying_out_wait_{kind}_wd",
            label=f"From decision to action, {WORDS[kind]}, mean",
            unit="working days",
            better="lower",
            kind="flow",
            breakdowns=("team",),
            numerator=f"Working days from the decision to its action, of those carried out then: {WORDS[kind]}",
            denominator="Children whose decision was carried out in the period",
            clock="Decided to carried out, working days",
            source=MODEL,
            meaning=f"How long {WORDS[kind]} waited to be carried out once they had been made.",
            flattered_by=("decisions_not_carried_out",),
            simulated_in="actions",
        )
        for kind in WORDS
    ),
    Measure(
        id="decisions_not_carried_out",
        label="Children whose decision has yet to be carried out",
        unit="children",
        better="lower",
        kind="stock",
        breakdowns=("team",),
        numerator="Children about whom a decision has been made and not yet carried out",
        clock="Last working day of the period",
        source=MODEL,
        meaning="For how many children somebody has decided something and nothing has changed yet.",
        simulated_in="actions",
    ),
)


def carrying_out(view: RecordingView) -> dict[str, Floats]:
    """Measures of delay from decision to action: each an array of (periods, columns)."""
    periods, actions = view.periods, view.recording.actions
    columns = len(periods.layout.columns)
    if not len(actions.get("kind", ())):
        blank = np.full((len(periods.layout.periods), columns), np.nan)
        return {measure.id: blank for measure in DEFINITIONS}
    figures: dict[str, Floats] = {}
    for kind in WORDS:
        code = DECISIONS.index(kind)
        rows = np.flatnonzero((actions["kind"] == code) & (actions["done"] >= 0))
        day, children, team = actions["done"][rows], actions["children"][rows], actions["team"][rows]
        waited = (day - actions["decided"][rows]) * children
        figures[f"carrying_out_wait_{kind}_wd"] = ratio(
            periods.counts(day, waited, None, team), periods.counts(day, children, None, team)
        )
    first, last = periods.snapshot_from(actions["decided"]), periods.snapshot_from(until(actions["done"]))
    by_team = periods.standing(first, last, actions["children"], None, actions["team"])
    figures["decisions_not_carried_out"] = periods.at_period_end(by_team)
    return figures
