"""Shares of the children referred in a period, whatever period the rest of it falls in."""

from __future__ import annotations

import numpy as np

from sim.measures.flow import Flow
from sim.measures.period_counts import AnyArray, Floats, percent
from sim.measures.recording_view import RecordingView

__all__ = ["of_those_referred"]


def of_those_referred(view: RecordingView, has_had: AnyArray) -> tuple[Floats, Floats]:
    """Children referred in each period of whom something is true, and their share: a (periods, columns) each.

    Args:
        has_had: for each position in the table of cases.
    """
    cases = view.recording.cases
    day = np.where(cases["opening"], -1, cases["referred"])
    flow = Flow(view.periods, day, cases["locality"])
    count = flow.counts(cases["children"] * has_had)
    return count, percent(count, flow.counts(cases["children"]))
