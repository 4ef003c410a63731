"""A comparison that is watched: what it tells and remembers, and that its results are those of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.experiment.running.executor import InProcess
from sim.experiment.running.task import Outcome
from sim.serve.desk import Desk
from sim.serve.errors import PageError
from sim.serve.runs import Memory, Watched

pytestmark = pytest.mark.unit

TEXT = "extends: tiny\ntitle: Short\nperiod: {start: 2016-04-01, end: 2016-09-30}\n"
COMPARISON: dict[str, Any] = {
    "start": {"kind": "file", "name": "short.yaml", "text": TEXT},
    "options": [{"name": "As it is", "changes": {}}, {"name": "More", "changes": {"referrals": 900}}],
    "runs": 3,
}


class Counting(InProcess):
    """Runs here, and counts."""

    def __init__(self) -> None:
        self.done = 0

    def run(self, tasks: Any) -> Any:
        for outcome in super().run(tasks):
            self.done += 1
            yield outcome


def test_results_are_those_of_a_comparison_on_the_command_line() -> None:
    base = sim.load("tiny", period__end="2016-09-30")
    more = sim.load("tiny", period__end="2016-09-30", demand__referrals_a_year=900)
    watched = Watched([base, more], 3, 1, Memory())
    assert watched.results() is None
    list(watched.events(InProcess()))
    mine, theirs = watched.results(), sim.compare(base, more, replications=3)
    assert mine is not None
    assert mine.summary.equals(theirs.summary)
    assert mine.differences is not None
    assert mine.differences.equals(theirs.differences)
    assert mine.manifest.replications == 3


def test_a_picture_comes_after_the_first_whole_replication_and_the_last(tmp_path: Path) -> None:
    events = list(Desk(tmp_path).events(COMPARISON, InProcess()))
    kinds = [event["kind"] for event in events]
    assert kinds == ["progress"] * 3 + ["picture"] + ["progress"] * 2 + ["picture"] + ["progress"] * 2 + [
        "picture",
        "end",
    ]
    pictures = [event for event in events if event["kind"] == "picture"]
    assert [picture["runs"] for picture in pictures] == [1, 2, 3]
    assert pictures[0]["rows"][0]["cells"][1]["word"] in ("too few runs to tell", "the same")
    assert [column["short"] for column in pictures[-1]["columns"]] == ["As it is", "More"]
    assert {chart["id"] for chart in pictures[-1]["charts"]} >= {"unallocated"}
    assert events[-1]["failed"] == 0


def test_nothing_is_run_twice_and_a_column_more_runs_alone(tmp_path: Path) -> None:
    desk, executor = Desk(tmp_path), Counting()
    list(desk.events(COMPARISON, executor))
    assert executor.done == 6
    list(desk.events(COMPARISON, executor))
    renamed = COMPARISON | {
        "options": [COMPARISON["options"][0], {"name": "Other name", "changes": {"referrals": 900}}]
    }
    list(desk.events(renamed, executor))
    assert executor.done == 6
    wider = COMPARISON | {"options": [*COMPARISON["options"], {"name": "Less", "changes": {"referrals": 300}}]}
    list(desk.events(wider, executor))
    assert executor.done == 9
    list(desk.events(COMPARISON | {"runs": 4}, executor))
    assert executor.done == 11


def test_a_run_that_is_stopped_keeps_what_is_complete_and_goes_on(tmp_path: Path) -> None:
    desk, executor = Desk(tmp_path), Counting()
    events = desk.events(COMPARISON, executor)
    for event in events:
        if event["kind"] == "picture":
            break
    events.close()
    assert executor.done == 2
    kinds = [event["kind"] for event in desk.events(COMPARISON, executor)]
    assert kinds[0] == "picture"
    assert executor.done == 6


def test_what_failed_is_told_and_left_out(tmp_path: Path) -> None:
    class Failing(InProcess):
        def run(self, tasks: Any) -> Any:
            for outcome in super().run(tasks):
                task = next(t for t in tasks if (t.position, t.replication) == (outcome.position, outcome.replication))
                yield Outcome.failed(task, ValueError("no")) if (task.position, task.replication) == (1, 0) else outcome

    events = list(Desk(tmp_path).events(COMPARISON, Failing()))
    assert (events[-1]["failed"], events[-1]["runs"]) == (1, 2)
    assert "no" in events[-1]["why"]


def test_memory_lets_go_of_what_was_not_asked_for_longest() -> None:
    memory = Memory(2)
    outcome = Outcome(0, 0, measured=object())  # type: ignore[arg-type]
    for number in range(3):
        memory.put(("a", 1, number), outcome)
    assert [memory.get(("a", 1, number)) is not None for number in range(3)] == [False, True, True]


@pytest.mark.parametrize("kind", ["report", "page", "xlsx"])
def test_files_are_made_of_what_is_in_memory(tmp_path: Path, kind: str) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(PageError, match="press Run"):
        desk.exported(COMPARISON, kind)
    list(desk.events(COMPARISON, InProcess()))
    made = desk.exported(COMPARISON | {"against": 1}, kind)
    assert made.startswith(b"PK" if kind == "xlsx" else b"<!DOCTYPE html>")
    if kind == "page":
        text = made.decode()
        assert "<script" not in text
        assert "href=" not in text.replace('href="#headline"', "").replace('href="data:,"', "")
        assert "900 children (was 480 children)" in text
        assert text.count("<svg viewBox") >= 3
    with pytest.raises(PageError, match="no such kind"):
        desk.exported(COMPARISON, "../x")
    assert list(tmp_path.iterdir()) == []


def test_a_look_says_what_is_asked_of_the_teams(tmp_path: Path) -> None:
    look = Desk(tmp_path).ask(
        "look", {"start": COMPARISON["start"], "option": {"name": "x", "changes": {"referrals": 1200}}}
    )
    team = next(team for team in look["load"]["teams"] if team["name"] == "locality team")
    assert np.all(np.array(team["loads"]) > np.array(team["was"]))
    assert any("more is asked than there are hours" in line for line in look["load"]["words"])
    assert look["changes"] == ["Children referred in a year: 1,200 children (was 480 children)"]
    assert "extends: short.yaml" in look["yaml"]
