"""Plans of scenarios made from official statistics end after as long as the published ones did."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiment.running.task import Task, perform
from sim.measures.bands import BANDS
from sim.scenario import load

pytestmark = pytest.mark.unit

ENGLAND = (16.3, 11.7, 43.3, 24.9, 3.8)
"""Children whose plan ended within 3 months, in 3-6, 6-12, 12-24 months and later, in %: England, 2024 (DfE,
Children in need, file d7). The lengths were fitted to 2015 to 2017."""


def test_lengths_of_plans_ended_are_those_of_england() -> None:
    """At full pace, in a large service, once the plans of the start have mostly ended."""
    loaded = load("england-average", {"period.end": "2027-03-31"})
    measured = perform(Task(0, 0, loaded.name, loaded.scenario, seed=1)).measured
    assert measured is not None
    wanted = BANDS["cpp_ended_band"].measures
    rows = zip(measured.rows.measures, measured.rows.periods, measured.rows.breakdowns, measured.values, strict=True)
    counts = dict.fromkeys(wanted, 0.0)
    for measure, period, breakdown, value in rows:
        if measure in counts and period in ("2025-26", "2026-27") and breakdown == "all":
            counts[measure] += float(value)
    shares = 100 * np.array(list(counts.values())) / sum(counts.values())
    assert sum(counts.values()) > 500
    # Half the sum of differences is the children in the wrong band.
    assert np.abs(shares - ENGLAND).sum() / 2 < 6
