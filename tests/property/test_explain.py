"""Taking a scenario apart: effects add up, what is common stays, and each change alone is what its file would say."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.experiment.errors import RunError
from sim.experiment.results.replications import Replications
from sim.experiment.studies.explain import effects, explain
from sim.experiment.studies.scenario_changes import ScenarioChange, ScenarioChanges
from sim.measures.compute import FigureRows
from sim.scenario.reading.loader import LoadedScenario

pytestmark = pytest.mark.property

DIVERSION = {"lever": "early_help_diversion", "at": "2016-05-02", "share": 0.2}
STAFFING = {"lever": "staffing", "at": "2016-05-03", "team": "locality team", "add": {"count": 2, "cap": 18}}
CAP = {"lever": "cap", "at": "2016-05-04", "team": "locality team", "cap": 22}
SHORT = {"extends": "tiny", "period": {"end": "2016-06-30"}}


@pytest.fixture
def made(tmp_path: Any) -> Any:
    """Load the teaching example, three months of it, with changes."""

    def make(name: str, **said: Any) -> LoadedScenario:
        path = tmp_path / f"{name}.yaml"
        path.write_text(yaml.safe_dump({**SHORT, **said}), encoding="utf-8")
        return sim.load(path)

    return make


@settings(max_examples=15, deadline=None)
@given(
    count=st.integers(1, 6),
    runs=st.integers(1, 8),
    seed=st.integers(0, 10_000),
    gaps=st.booleans(),
)
def test_effects_add_up_to_the_total(count: int, runs: int, seed: int, gaps: bool) -> None:
    """Baseline, own effects and interaction make the scenario, whatever the figures; so do total and baseline."""
    rng = np.random.default_rng(seed)
    every = tuple(ScenarioChange(f"change {n}", ()) for n in range(count))
    sets = {frozenset(), frozenset(every), *(frozenset({e}) for e in every), *(frozenset(every) - {e} for e in every)}
    rows = FigureRows(("unallocated", "referrals"), ("whole", "2016-17"), ("all", "all"))
    found = {}
    for some in sets:
        values = rng.lognormal(3, 2, (runs, 2))
        if gaps:
            values[rng.random(values.shape) < 0.1] = np.nan
        found[some] = Replications("any", rows, tuple(range(runs)), values, ())
    table = effects(every, found, ["unallocated", "referrals"])
    for _, mine in table.groupby(["measure", "period"]):
        value = {effect: float(mine[mine["effect"] == effect]["value"].sum()) for effect in set(mine["effect"])}
        size = max(map(abs, value.values()))
        assert value["baseline"] + value["own"] + value["interaction"] == pytest.approx(
            value["scenario"], abs=1e-9 * size
        )
        assert value["baseline"] + value["total"] == pytest.approx(value["scenario"], abs=1e-9 * size)
        if count == 1:
            assert value["interaction"] == pytest.approx(0, abs=1e-9 * size)
            assert value["last in"] == pytest.approx(value["own"], abs=1e-9 * size)


def test_real_runs_add_up_and_the_ends_are_the_comparison(made: Any) -> None:
    base, scenario = made("base", levers=[CAP]), made("scenario", levers=[STAFFING, DIVERSION, CAP])
    results = explain(base, scenario, replications=2, journeys="none")
    plain = sim.compare(base, scenario, replications=2, journeys="none")
    assert results.manifest.explained.elements == (
        "staffing in locality team from 3 May 2016",
        "early help diversion from 2 May 2016",
    )
    assert results.differences is not None
    assert plain.differences is not None
    assert results.differences.equals(plain.differences)
    table = results.explained
    assert table is not None
    whole = table[(table["period"] == "whole") & (table["measure"] == "assessments_open")].set_index("effect")["value"]
    assert whole["baseline"] + whole["own"].sum() + whole["interaction"] == pytest.approx(whole["scenario"])
    assert whole["own"].abs().sum() > 0


def test_levers_that_both_list_are_common(made: Any) -> None:
    """Wherever they stand: only what one of the two has is a change."""
    found = ScenarioChanges(made("base", levers=[CAP, STAFFING]), made("other", levers=[DIVERSION, STAFFING, CAP]))
    (only,) = found.elements
    assert only.label == "early help diversion from 2 May 2016"


def test_each_change_alone_is_what_its_file_says(made: Any) -> None:
    base = made("base", levers=[CAP])
    changed = {"teams": {"locality team": {"managers": 2}}, "demand": {"over_dispersion": 4}}
    found = ScenarioChanges(base, made("all", levers=[{**CAP, "cap": 25}, STAFFING], **changed))
    alone = {one.label: found.having([one]).scenario for one in found.elements}
    assert alone == {
        "over dispersion, changed": made("a", levers=[CAP], demand={"over_dispersion": 4}).scenario,
        "locality team, changed": made("b", levers=[CAP], teams=changed["teams"]).scenario,
        "cap in locality team from 4 May 2016, changed": made("c", levers=[{**CAP, "cap": 25}]).scenario,
        "staffing in locality team from 3 May 2016": made("d", levers=[CAP, STAFFING]).scenario,
    }


def test_the_order_in_which_changes_are_named_makes_no_difference(made: Any) -> None:
    """Teams are numbered in their order, and a set gives its changes in any: figures would differ from run to run."""
    team = {"stages": ["assessment"], "workers": [{"count": 1, "cap": 15}], "managers": 0.2}
    added = {f"team {name}": team for name in "abcd"}
    elements = ScenarioChanges(made("base"), made("scenario", teams=added))
    some = elements.elements[:3]
    written = [[*elements.having(order).resolved["teams"]] for order in permutations(some)]
    assert written == [[*elements.base.resolved["teams"], "team a", "team b", "team c"]] * len(written)


def test_what_a_scenario_takes_away_is_a_change(made: Any) -> None:
    found = ScenarioChanges(made("base", levers=[CAP, STAFFING]), made("other", levers=[CAP]))
    assert [one.label for one in found.elements] == ["without staffing in locality team from 3 May 2016"]


def test_changes_that_need_one_another_are_one(made: Any) -> None:
    """A lever on a team that only the scenario has cannot be made without the team."""
    team = {"stages": ["assessment"], "workers": [{"count": 1, "cap": 16}], "start": "2016-05-03"}
    lever = {**STAFFING, "team": "second"}
    found = ScenarioChanges(made("base"), made("other", teams={"second": team}, levers=[lever, DIVERSION]))
    assert [one.label for one in found.elements] == [
        "team second and staffing in second from 3 May 2016",
        "early help diversion from 2 May 2016",
    ]


def test_nothing_to_explain(made: Any) -> None:
    with pytest.raises(RunError, match="differs from base in nothing"):
        ScenarioChanges(made("base"), made("same", title="Another title"))
