"""Every figure has a largest value, every date a reach: what check calls sound can be set up and run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from sim.scenario.errors.problems import Problem, ScenarioError
from sim.scenario.reading.loader import load
from sim.scenario.uncertainty.ensemble import read_settings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("demand.referrals_a_year=1000000000", "above 1,000,000; write 1,000,000 or less"),
        ("demand.referrals_a_year=.inf", "'.inf' is not a number"),
        ("demand.over_dispersion=.nan", "'.nan' is not a number"),
        ("demand.sibling_groups={1000000: 100%}", "is above 20; write 20 or less"),
        ("teams.locality team.workers.0.count=1000000", "above 20,000; write 20,000 or less"),
        ("teams.locality team.workers.0.cap=1e300", "above 10,000; write 10,000 or less"),
        ("stages.child_in_need.visit_interval=0.0001 working days", "shorter than a day; write 1 working day or more"),
        ("stages.child_in_need.review_interval=40 years", "longer than 10 years; write 10 years or less"),
        ("stages.assessment.habit.bands.61+=.inf", "is not a share or a count"),
        ("people.turnover={leaving_a_year: {senior: 1e9}}", "above 50; write 50 or less"),
        ("costs.senior=1e20", "above £10,000,000,000"),
        ("levers=[{lever: referral_surge, at: 2016-08-01, size: 1e9}]", "above +10,000%; write +10,000% or less"),
        ("period.end=9999-01-01", "is out of reach; write a date between 1990-01-01 and 2100-12-31"),
        (
            "levers=[{lever: referral_surge, at: 1990-01-01, size: 40%}]",
            "more than 10 years before the start of the run",
        ),
        ("capacities.solicitors={2016-04-01: 1, 2090-01-01: 2}", "more than 10 years after the end of the run"),
        ("teams.locality team.workers.0.start=1990-01-01", "write a date between 2006-04-01 and 2028-03-31"),
        ("opening.court={children: 3, ages: 5 months}", ""),
        ("period={start: 2016-04-02, end: 2016-04-03}", "no working day lies between 2016-04-02 and 2016-04-03"),
        ("title=" + "x" * 20_001, "longer than 20,000 characters"),
        ('title="\\e]0;x\\a"', "holds the control character U+001B"),
    ],
)
def test_what_cannot_run_is_refused_with_what_would_be_right(change: str, message: str) -> None:
    if not message:
        assert load("tiny", [change])
        return
    with pytest.raises(ScenarioError) as refused:
        load("tiny", [change])
    assert message in str(refused.value)
    assert str(refused.value).isprintable()


def test_a_lever_may_not_close_every_way_out() -> None:
    lever = "levers=[{lever: routing, stage: court, at: 2016-08-01, outcomes: {care: 0%}}]"
    with pytest.raises(ScenarioError, match=r"levers.0.outcomes: no way out of court is left"):
        load("tiny", [lever])


def test_two_levers_may_not_close_it_together() -> None:
    first = "{lever: routing, stage: court, at: 2016-08-01, outcomes: {care: 0%, home_with_plan: 100%}}"
    second = "{lever: routing, stage: court, at: 2016-10-01, outcomes: {home_with_plan: 0%}}"
    with pytest.raises(ScenarioError, match=r"levers.1.outcomes: no way out of court is left"):
        load("tiny", [f"levers=[{first}, {second}]"])


def test_children_open_where_no_team_serves_are_refused() -> None:
    stages = "teams.locality team.stages=[assessment, section_47, child_in_need, child_protection]"
    ways = ("stages.child_protection.pre_proceedings_share=0%", "opening.court={children: 3, ages: 5 months}")
    with pytest.raises(ScenarioError, match="no permanent team serves court"):
        load("tiny", [stages, *ways])


def test_a_lever_may_not_lead_where_no_team_serves() -> None:
    stages = "teams.locality team.stages=[assessment, section_47, child_in_need, child_protection]"
    ways = "stages.child_protection.pre_proceedings_share=0%"
    lever = "levers=[{lever: routing, stage: section_47, at: 2016-08-01, outcomes: {court: 5%}}]"
    assert load("tiny", [stages, ways])
    with pytest.raises(ScenarioError, match="no permanent team serves court"):
        load("tiny", [stages, ways, lever])


def test_more_than_twenty_problems_are_counted() -> None:
    error = ScenarioError([Problem("f", number, "", "bad", "good") for number in range(25)])
    assert str(error).splitlines()[-2:] == ["f:19: bad; good", "and 5 more"]


def test_too_many_teams_levers_and_anchors(tmp_path: Path) -> None:
    teams = {f"team {number}": {"stages": ["assessment"]} for number in range(2000)}
    with pytest.raises(ScenarioError, match=r"write 200 or fewer"):
        load("tiny", {"teams": teams})
    file = tmp_path / "anchors.yaml"
    file.write_text("title: x\nlevers:\n" + "".join(f"  - &a{n} {{x: {n}}}\n" for n in range(20_000)))
    with pytest.raises(ScenarioError, match=r"anchors.yaml:53: levers.50: there are more than 50 anchors"):
        load(file)


def test_problems_show_control_characters_as_numbers() -> None:
    assert (
        str(Problem("a\x1b]0;x\x07.yaml", 3, "p", "bad\u202e", "good")) == "a\\x1b]0;x\\x07.yaml:3: p: bad\\u202e; good"
    )


@pytest.mark.parametrize("factor", [-1, 0, 1e9, float("nan"), "x", None])
def test_an_ensemble_with_an_impossible_factor_is_refused(tmp_path: Path, factor: object) -> None:
    good = json.loads(Path(sim.load("croydon-2017").files[0]).with_name("croydon-published.ensemble.json").read_text())
    good["settings"][3]["caps"] = factor
    file = tmp_path / "e.json"
    file.write_text(json.dumps(good))
    with pytest.raises(ValueError, match="setting 3"):
        read_settings(file, [good["content_hash"]], "it")


def test_a_large_ensemble_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    with file.open("wb") as stream:
        stream.truncate(2_000_000_000)
    with pytest.raises(ValueError, match="larger than 5 MB"):
        read_settings(file, [], "it")
