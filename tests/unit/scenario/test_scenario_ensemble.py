"""`ensemble`: the settings of a calibration are taken for the state of the scenario that they were made for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.scenario.errors.problems import ScenarioError
from sim.scenario.reading.shipped import folder, names
from sim.scenario.uncertainty.ensemble import settings_of, state
from sim.scenario.uncertainty.free_figures import FREE

pytestmark = pytest.mark.unit


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.yaml"
    path.write_text("extends: tiny\ntitle: Base\n", encoding="utf-8")
    write(tmp_path, state(sim.load(path).resolved))
    return path


def write(place: Path, content_hash: str, settings: object = None) -> None:
    made = [dict.fromkeys((free.id for free in FREE), 1.1)] if settings is None else settings
    said = {"scenario": "base", "content_hash": content_hash, "settings": made}
    (place / "base.ensemble.json").write_text(json.dumps(said), encoding="utf-8")


def says(place: Path, text: str) -> str:
    """What is wrong with the ensemble of a scenario of this text."""
    path = place / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        settings_of(sim.load(path))
    assert len(caught.value.problems) == 1
    return str(caught.value.problems[0])


def test_it_is_that_of_the_scenario_or_of_one_that_it_extends(base: Path) -> None:
    base.write_text("extends: tiny\ntitle: Base\nensemble: base.ensemble.json\n", encoding="utf-8")
    # That the file now names its ensemble does not make it another scenario.
    assert settings_of(sim.load(base))[0]["caps"] == 1.1
    living = base.with_name("living.yaml")
    living.write_text("extends: base.yaml\ntitle: Living\nstages: {assessment: {hours_a_week: 5}}\n", encoding="utf-8")
    surge = base.with_name("surge.yaml")
    surge.write_text("extends: living.yaml\ntitle: Surge\n", encoding="utf-8")
    assert len(settings_of(sim.load(surge, demand__referrals_a_year=900))) == 1


def test_another_state_is_refused_in_one_sentence(base: Path) -> None:
    base.write_text("extends: tiny\ntitle: Base\nstages: {assessment: {hours_a_week: 5}}\n", encoding="utf-8")
    said = says(base.parent, "extends: base.yaml\ntitle: Mine\nensemble: base.ensemble.json\n")
    assert "mine.yaml:3" in said
    assert "base.ensemble.json was made for another scenario than mine or what it extends" in said
    assert "or for an earlier state of it" in said
    assert said.endswith("make it again with frontdoor calibrate")


def test_what_cannot_be_taken_says_why(base: Path) -> None:
    start = "extends: base.yaml\ntitle: Mine\n"
    assert "there is no file 'other.json' beside this one" in says(base.parent, start + "ensemble: other.json\n")
    assert "mine names no ensemble" in says(base.parent, start)
    write(base.parent, state(sim.load(base).resolved), [])
    assert "holds no settings" in says(base.parent, start + "ensemble: base.ensemble.json\n")
    write(base.parent, state(sim.load(base).resolved), [{"caps": 1}])
    assert "setting 0 lacks assessment_hours" in says(base.parent, start + "ensemble: base.ensemble.json\n")
    (base.parent / "base.ensemble.json").write_text("{", encoding="utf-8")
    assert "cannot be read" in says(base.parent, start + "ensemble: base.ensemble.json\n")


def test_shipped_ensembles_go_with_their_scenarios_and_are_none() -> None:
    place = folder()
    assert place is not None
    files = sorted(path.name for path in place.glob("*.ensemble.json"))
    assert "croydon-published.ensemble.json" in files
    assert not [name for name in names() if "ensemble" in name]
    for file in files:
        assert sim.load(file.removesuffix(".ensemble.json"))
    carrying = [name for name in names() if sim.load(name).scenario.ensemble != "none"]
    assert {"croydon-2017", "croydon-surge", "croydon-all-together"} <= set(carrying)
    for name in carrying:
        assert len(settings_of(sim.load(name))) >= 10
    # Each is carried by a scenario that ships.
    assert {sim.load(name).scenario.ensemble for name in carrying} == set(files)
