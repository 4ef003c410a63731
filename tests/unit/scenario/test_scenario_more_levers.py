"""`more_levers`: levers added to those of the file that is extended, with their lines and sources."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario.errors.problems import ScenarioError

pytestmark = pytest.mark.unit

BASE = """
levers:
  - {lever: surge, at: {value: 2017-10-01, source: the base}}
"""
OWN = """
extends: base.yaml
more_levers:
  - lever: cap
    team: assessment
    value: {value: 12, source: the council, confidence: local}
  - {lever: surge, at: 2018-01-01}
"""


def plain(files: Any) -> str:
    """The good file without its levers, which end it."""
    text: str = files.good
    return text[: text.index("levers:")]


def problems(files: Any, text: str) -> str:
    with pytest.raises(ScenarioError) as raised:
        files.load(files.write(text, "own.yaml"))
    return str(raised.value)


def test_they_stand_after_those_of_the_base(files: Any) -> None:
    files.write(plain(files) + BASE, "base.yaml")
    loaded = files.load(files.write(OWN, "own.yaml"))
    assert [lever.lever for lever in loaded.scenario.levers] == ["surge", "cap", "surge"]
    said = {row.path: (row.source, row.file) for row in loaded.register}
    assert said == {"levers.0.at": ("the base", "base.yaml"), "levers.1.value": ("the council", "own.yaml")}
    assert loaded.places["levers", 2, "at"].line == 7
    assert "more_levers" not in loaded.resolved


def test_without_any_before_they_are_the_levers(files: Any) -> None:
    alone = files.load(files.write(plain(files) + "more_levers:\n  - {lever: surge, at: 2018-01-01}\n"))
    assert len(alone.scenario.levers) == 1
    files.write(plain(files), "base.yaml")
    assert len(files.load(files.write(OWN, "own.yaml")).scenario.levers) == 2


def test_a_chain_adds_up(files: Any) -> None:
    files.write(plain(files) + BASE, "base.yaml")
    files.write(OWN, "middle.yaml")
    text = "extends: middle.yaml\nmore_levers: [{lever: cap, team: assessment, value: 9}]\n"
    loaded = files.load(files.write(text, "own.yaml"))
    assert [lever.lever for lever in loaded.scenario.levers] == ["surge", "cap", "surge", "cap"]
    assert {row.path for row in loaded.register} == {"levers.0.at", "levers.1.value"}


def test_what_is_wrong_is_said_where_it_stands(files: Any) -> None:
    files.write(plain(files) + BASE, "base.yaml")
    assert "own.yaml:7" in problems(files, OWN.replace("2018-01-01", "soon"))
    assert "either levers or more_levers" in problems(files, OWN + "levers: []\n")
    assert "not a list of levers" in problems(files, "extends: base.yaml\nmore_levers: 3\n")
