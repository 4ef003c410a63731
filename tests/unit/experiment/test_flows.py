"""Journeys counted by stage and outcome for the report: from parts, from one file and from a frame alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.experiment.results.results import load_results
from sim.experiment.running.runner import compare
from sim.report.journeys import flows

pytestmark = pytest.mark.unit


class Framed:
    """Results that have their journeys as a frame only."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def journeys(self) -> Any:
        return self.frame


def test_each_scenario_is_counted_alone_wherever_its_journeys_are(short: Any, tmp_path: Path) -> None:
    results = compare(short("quiet"), [short("busy", demand__referrals_a_year=600), short("x")], replications=2)
    saved = load_results(results.save(tmp_path / "out", report=False))
    framed: Any = Framed(results.journeys())
    for name in ("quiet", "busy", "x"):
        mine = flows(results, name)
        assert mine == flows(saved, name) == flows(framed, name)
        assert sum(mine.values()) * 2 == (framed.frame["scenario"] == name).sum()
    assert flows(results, "quiet") != flows(results, "busy")
    assert flows(results, "another") == {}
