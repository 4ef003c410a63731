"""A scenario that carries the settings of a calibration: one for each run, the same for all that are compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.experiment.running.drawn_figures import draw, frame
from sim.experiment.running.runner import compare, run
from sim.scenario.reading.loader import LoadedScenario
from sim.scenario.uncertainty.ensemble import settings_of, state
from sim.scenario.uncertainty.free_figures import FREE, applied

pytestmark = pytest.mark.unit

LATE = (0.4, 0.7, 1.0, 1.3, 1.6)
"""Factors on the share of late assessments, one for each setting."""


def write_ensemble(path: Path, base: LoadedScenario) -> None:
    settings = [{free.id: 1.0 for free in FREE} | {"implausibility": 1.0, "late_habits": late} for late in LATE]
    said = {"scenario": base.name, "content_hash": state(base.resolved), "settings": settings}
    path.write_text(json.dumps(said), encoding="utf-8")


@pytest.fixture
def carried(tmp_path: Path) -> Any:
    """A base with an ensemble beside it, and a scenario that extends it and carries that: `carried(**overrides)`."""
    base = tmp_path / "base.yaml"
    bands = "{same day: 5, 1-10: 10, 11-20: 20, 21-30: 20, 31-40: 20, 41-45: 9, 46-50: 5, 51-60: 5, 61+: 6}"
    habit = f"{{distribution: bands, bands: {bands}, tail_mean: 20 working days}}"
    base.write_text(
        f"extends: tiny\nperiod: {{end: 2016-12-31}}\nstages: {{assessment: {{habit: {habit}}}}}\n", encoding="utf-8"
    )
    write_ensemble(tmp_path / "base.ensemble.json", sim.load(base))
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: base.yaml\ntitle: Mine\nensemble: base.ensemble.json\n", encoding="utf-8")

    def make(**overrides: Any) -> LoadedScenario:
        return sim.load(mine, **overrides)

    return make


def test_it_is_taken_only_when_asked_for(carried: Any) -> None:
    loaded = carried()
    plain = run(loaded.at({"ensemble": "none"}), replications=2, journeys="none")
    asked = run(loaded, replications=2, journeys="none", ensemble=True)
    off = run(loaded, replications=2, journeys="none")
    assert off.measures.equals(plain.measures)
    assert off.parameters is None
    assert (off.manifest.ensemble, asked.manifest.ensemble) == ("off", "on")
    assert not asked.measures.equals(plain.measures)


def test_a_run_is_the_scenario_with_the_setting_that_it_took(carried: Any) -> None:
    loaded = carried()
    settings = settings_of(loaded)
    assert [one["late_habits"] for one in settings] == list(LATE)
    taken = [draw(loaded, 1, replication, settings=settings).factors["late_habits"] for replication in range(20)]
    assert set(taken) == set(LATE)
    results = run(loaded, replications=3, journeys="none", ensemble=True)
    from sim.calendar import WorkingDayCalendar
    from sim.measures.compute import compute
    from sim.model import simulate

    scenario = applied(loaded.scenario, {"late_habits": taken[2]})
    measured = compute(simulate(scenario, 1, 2), WorkingDayCalendar(scenario.period.start, scenario.period.end))
    found = results.measures
    mine = found[
        (found["replication"] == 2) & (found["measure"] == "assessments_45wd_pct") & (found["period"] == "whole")
    ]
    assert mine[mine["breakdown"].astype(str) == "all"]["value"].item() == pytest.approx(
        measured.value("assessments_45wd_pct")
    )


def test_scenarios_that_are_compared_take_the_same_setting(carried: Any) -> None:
    results = compare(
        carried(), [carried(demand__referrals_a_year=600)], replications=6, journeys="none", ensemble=True
    )
    table = results.parameters
    assert table is not None
    assert set(table["path"]) == {f"ensemble.{free.id}" for free in FREE}
    one, other = (part["value"].tolist() for _, part in table.groupby("scenario", sort=False))
    assert one == other
    assert frame(results.drawn)["written"].str.startswith("× ").all()


def test_runs_vary_more_and_the_shares_of_variance_say_why(carried: Any) -> None:
    """On the same simulated children, with more and with fewer habits beyond 45 working days."""
    calm = carried(demand__referrals_a_year=300)  # few wait for a worker, which would drown the habits
    without = run(calm, replications=24, journeys="none")
    with_it = run(calm, replications=24, journeys="none", ensemble=True)

    def spread(results: Any) -> float:
        rows = results.measures
        keep = (rows["measure"] == "assessments_45wd_pct") & (rows["period"] == "whole")
        return float(rows[keep & (rows["breakdown"].astype(str) == "all")]["value"].std())

    assert spread(with_it) > 1.5 * spread(without)
    shares = with_it.variance
    assert shares is not None
    mine = shares[shares["measure"] == "assessments_45wd_pct"].set_index("source")["share"]
    assert mine["ensemble.late_habits"] > 0.5


def test_changes_explained_one_by_one_carry_it_too(carried: Any) -> None:
    from sim.experiment.studies.explain import explain

    results = explain(carried(), carried(demand__referrals_a_year=600), replications=2, journeys="none", ensemble=True)
    assert results.manifest.ensemble == "on"
    assert len({round(one.factors["late_habits"], 6) for one in results.drawn if one.replication == 0}) == 1
