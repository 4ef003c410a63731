"""What may not be meant is said with its line; what is out of all proportion is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.scenario.doubts import doubts_of
from sim.scenario.reading import shipped
from sim.scenario.reading.loader import load

pytestmark = pytest.mark.unit


def doubts(*changes: str, scenario: str = "tiny") -> dict[str, bool]:
    """What is doubtful about a scenario with changes, and whether it is asked about."""
    return {str(doubt): doubt.ask for doubt in doubts_of(load(scenario, list(changes)))}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "levers=[{lever: referral_surge, at: 2016-08-01, size: 40}]",
            "40 is a rise of 4,000%; write 40% if that is meant",
        ),
        ("teams.locality team.managers=0.2", "each manager has 40 workers; spans of 6 to 9 are usual: 1 managers"),
        ("teams.locality team.workers.0.cap=80", "a worker may hold 80 children"),
        ("levers=[{lever: cap, team: locality team, at: 2016-08-01, cap: 61}]", "a worker may hold 61 children"),
        ("teams.extra={stages: [court], start: 2019-01-01}", "the team comes after the run ends"),
        ("levers=[{lever: referral_surge, at: 2015-08-01, size: 40%}]", "2015-08-01 is before the run begins"),
        ("capacities.solicitors={2016-04-01: 1, 2020-01-01: 2}", "2020-01-01 is outside the run"),
    ],
)
def test_what_is_out_of_proportion_asks(change: str, sentence: str) -> None:
    (asked,) = [text for text, ask in doubts(change).items() if ask]
    assert sentence in asked


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "levers=[{lever: cap, team: locality team, at: 2016-08-01, cap: 9, grade: nqsw}]",
            "locality team has no nqsw worker",
        ),
        ("levers=[{lever: retention, at: 2016-08-01, reduction: 20%}]", "people.turnover is not simulated"),
        ("levers=[{lever: agency_release, at: 2016-08-01}]", "no team has an agency worker"),
        ("demand.rereferral.mode=none", "nothing reads it, because demand.rereferral.mode is none"),
        (
            "capacities.conference_slots_a_week=none",
            "nothing reads it, because capacities.conference_slots_a_week is none",
        ),
        ("question=''", "there is no question; add question: and a sentence"),
    ],
)
def test_what_changes_nothing_is_said(change: str, sentence: str) -> None:
    assert doubts(change)
    assert any(sentence in text and not ask for text, ask in doubts(change).items())


def test_words_are_not_inherited_in_silence(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("extends: tiny\ntitle: Mine\n")
    texts = [str(doubt) for doubt in doubts_of(sim.load(file))]
    assert any("the question is that of the file it extends" in text for text in texts)
    assert not any("the title is" in text for text in texts)


def test_nothing_about_a_shipped_scenario_is_doubtful() -> None:
    said = {name: [str(doubt) for doubt in doubts_of(sim.load(name))] for name in shipped.names()}
    assert {name: texts for name, texts in said.items() if texts} == {}


def test_each_doubt_stands_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "extends: tiny\ntitle: A\nquestion: B\ndescription: C\n"
        "levers:\n  - lever: referral_surge\n    at: 2016-08-01\n    size: 40\n"
    )
    (doubt,) = doubts_of(sim.load(file))
    assert doubt.problem.line == 8
