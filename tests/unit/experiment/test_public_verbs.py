"""Studies from Python, by the public verbs of `sim`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.experiment.errors import ResultsError, RunError
from sim.experiment.running.runner import run

pytestmark = pytest.mark.unit


def test_a_sweep_by_keyword_is_written_and_goes_on(short: Any, tmp_path: Path) -> None:
    vary, out = "demand.referrals_a_year=400:480:80", tmp_path / "out"
    few = sim.sweep(short(), vary, out, replications=1, measures=["referrals"])
    more = sim.sweep(short(), vary, out, replications=2, measures=["referrals"])
    assert (few.manifest.replications, more.manifest.replications) == (1, 2)
    assert list(more.table["replication"].unique()) == [0, 1]
    assert sim.sweep(short(), vary, tmp_path / "latin", points=3, replications=1).manifest.design == "latin"


def test_solve_and_sensitivity_by_keyword(short: Any) -> None:
    found = sim.solve(short(), "teams.locality team.social_workers=8:9", "referrals>=1", most=6)
    assert found.manifest.answer == 0
    moved = sim.sensitivity(
        short(), "referrals", ranges=["demand.referrals_a_year=400:600"], samples=2, replications=1
    )  # fmt: skip
    assert list(moved.table["figure"]) == ["demand.referrals_a_year"]
    with pytest.raises(RunError, match="no target is given"):
        sim.solve(short(), "teams.locality team.social_workers=8:9", [])


def test_figures_come_with_results_of_the_public_verbs(short: Any, tmp_path: Path) -> None:
    results = sim.run(short(), replications=1, journeys="none")
    assert "unallocated" in results.figures()
    assert set(sim.load_results(results.save(tmp_path / "out")).figures()) == set(results.figures())
    with pytest.raises(ResultsError, match=r"get them from sim\.run"):
        run(short(), replications=1, journeys="none").figures()


def test_results_show_themselves_in_one_line_and_as_a_table_in_a_notebook() -> None:
    results = sim.run("tiny", replications=1)
    assert repr(results) == "<Results of simulated children: tiny; 1 replication>"
    page = results._repr_html_()
    assert "simulated" in page
    assert "<table" in page
    assert "Assessments completed" in page
