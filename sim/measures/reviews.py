"""Targeted reviews: how far the lists of cases are worked through, and when they are done."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.measures.flow import Flow
from sim.measures.measure import LOCAL, Measure
from sim.measures.period_counts import Floats
from sim.measures.recording_view import RecordingView

__all__ = ["DEFINITIONS", "reviews"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="reviews_done",
        label="Children reviewed in targeted reviews",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children of the cases on the list of a targeted review that were reviewed",
        clock="Day of the review",
        source=LOCAL,
        meaning="How far the list of cases was worked through.",
        simulated_in="targeted",
    ),
    Measure(
        id="review_completion_date",
        label="Targeted reviews completed after",
        unit="calendar days",
        better="lower",
        kind="stock",
        numerator=(
            "Calendar days from the start of the run to the day on which the last listed case was reviewed; "
            "missing until then. A case that closes first is no longer waited for"
        ),
        clock="Start of the run to the last review, calendar days",
        source=LOCAL,
        meaning="How long it took until every case on the list had been looked at.",
    ),
)


def reviews(view: RecordingView) -> dict[str, Floats]:
    """Measures of targeted reviews: each an array of (periods, columns)."""
    targeted = view.recording.targeted
    day = Flow(view.periods, targeted["day"], view.of_case("locality", view.case("targeted")), targeted["team"])
    return {
        "reviews_done": day.counts(targeted["children"]),
        "review_completion_date": _completion(view),
    }


def _completion(view: RecordingView) -> Floats:
    """Calendar days from the start of the run to the day of the last review on the lists, once it is done.

    A listed case that closed before its review is no longer waited for.
    """
    periods, targeted, spells = view.periods, view.recording.targeted, view.recording.spells
    days = targeted["day"]
    finished = np.full((len(periods.last_days), len(periods.layout.columns)), np.nan)
    is_open = np.zeros(view.cases, dtype=np.bool_)
    is_open[view.case("spells")[spells["ended"] < 0]] = True
    waits = (days < 0) & is_open[view.case("targeted")]
    if len(days) and days.max() >= 0 and not waits.any():
        last = np.array([days.max()])
        finished[periods.last_days >= last, 0] = periods.dates.calendar_days(np.zeros(1, dtype=np.int64), last)
    return finished
