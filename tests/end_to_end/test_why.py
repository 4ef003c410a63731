"""`frontdoor why`: what it says of a run, and what it says to a wrong question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sim import run
from sim.cli.entry import cli
from sim.experiment.errors import ResultsError
from sim.experiment.results.results import Results, load_results
from sim.scenario.reading.loader import load

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("why") / "results"
    slow = {"capacities.conference_slots_a_week": 1, "capacities.conference_session_slots": 1}
    results: Results = run(load("tiny", slow), replications=2, workers=1, journeys="all")
    return results.save(out, report=False)


def why(*arguments: Any) -> Result:
    return CliRunner().invoke(cli, ["why", *map(str, arguments)], standalone_mode=False)


def test_it_says_what_children_wait_for_in_each_stage(folder: Path) -> None:
    result = why(folder)
    assert result.exit_code == 0
    text = result.output
    assert "Means of 2 replications of simulated children." in text
    for words in ("At the front door", "In assessment", "On child protection plans", "for a conference slot"):
        assert words in text


def test_shares_of_a_stage_add_up_to_a_hundred(folder: Path) -> None:
    rows = json.loads(why(folder, "--json", "--scenario", "tiny").output)
    sums: dict[tuple[str, str], float] = {}
    for row in rows:
        place = row["stage"], row["scope"]
        sums[place] = sums.get(place, 0.0) + row["share"]
    assert len(sums) > 8
    assert all(total == pytest.approx(1.0, abs=1e-4) for total in sums.values())


def test_a_team_and_a_year_leave_fewer_days(folder: Path) -> None:
    def days(*arguments: str) -> float:
        return sum(
            row["child_days"] for row in json.loads(why(folder, "--json", "--stage", "assessment", *arguments).output)
        )

    assert 0 < days("--team", "locality team", "--period", "2016-17") < days()


def test_a_simulated_child_has_the_days_of_its_stays(folder: Path) -> None:
    journeys = load_results(folder).journeys()
    row = journeys[(journeys["stage"] == "assessment") & (journeys["outcome"] == "close")].iloc[0]
    result = why(folder, "--child", row["child"])
    assert f"Simulated child {row['child']}." in result.output
    assert "In assessment from" in result.output
    columns = [name for name in journeys.columns if name.startswith("days_")]
    inside = journeys[journeys["ended"].notna()]
    assert len(columns) == 19
    assert (inside[columns].sum(axis=1) >= 0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--scenario", "nowhere"), "has no scenario nowhere; it has tiny"),
        (("--team", "localty team"), "there is no team 'localty team'; did you mean locality team?"),
        (("--period", "1999"), "there is no period 1999; there are 2016-17 Q1"),
        (("--child", 5), "there is no simulated child 5 in these journeys"),
    ],
)
def test_a_wrong_question_is_answered_with_what_would_be_right(folder: Path, arguments: Any, message: str) -> None:
    with pytest.raises(ResultsError, match=message.replace("?", r"\?")):
        raise why(folder, *arguments).exception or AssertionError("no error")


def test_what_mechanisms_contribute_has_a_page_that_is_made_again(tmp_path: Path) -> None:
    out = tmp_path / "causes"
    short = ("--set", "period.end=2016-05-31", "-n", "2", "-w", "1", "-q", "--out", str(out))
    runner = CliRunner()
    done = runner.invoke(cli, ["explain", "tiny", "--causes", *short], standalone_mode=False)
    assert done.exit_code == 0
    page = (out / "report.html").read_bytes()
    assert f"Report:  {out / 'report.html'}" in done.output
    assert "What makes children wait in A small town" in page.decode()
    (out / "report.html").unlink()
    runner.invoke(cli, ["report", str(out)], standalone_mode=False, catch_exceptions=False)
    assert (out / "report.html").read_bytes() == page
