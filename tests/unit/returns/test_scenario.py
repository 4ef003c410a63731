"""From returns to a scenario: what is known of the made-up council comes out, and what is missing is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sim.returns.annex_a.lists import read_annex_a
from sim.returns.cin_census.census import read_cin_census
from sim.returns.errors import ReturnsError
from sim.returns.from_returns import from_returns
from sim.returns.making.base import average_council
from sim.returns.making.caseload import open_caseload
from sim.returns.making.lengths import ages_in_bands, habit
from sim.returns.making.people import people_figures
from sim.returns.making.routes import find_routes
from sim.returns.making.staff import TeamCaseloads, held_by_workers, team_figures
from sim.returns.making.writing import Figure, few, lay_over, tree_text
from sim.returns.problems import Problems
from sim.returns.records import RecordedSpell, Returns
from sim.returns.workforce_census.census import CensusWorker, Staff
from sim.scenario import load
from sim.scenario.reading.loader import LoadedScenario

pytestmark = pytest.mark.unit
AS_AT = date(2024, 9, 30)


def _loaded(text: str, folder: Path) -> LoadedScenario:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def _truly_open(council: Any, key: str) -> set[int]:
    return {
        child["id"] for child in council.referrals if key in child and child[key][0] <= AS_AT < child[key][1]
    }  # fmt: skip


def test_each_open_child_is_counted_once_in_the_furthest_stage(workbook: Path, council: Any) -> None:
    caseload = open_caseload(read_annex_a(workbook, Problems()))
    plans = _truly_open(council, "plan")
    adults = {child["id"] for child in council.referrals if (AS_AT - child["born"]).days / 365.25 >= 18}
    assert len(caseload.stages["child_protection"]) == len(plans - adults)
    in_need = _truly_open(council, "in_need") - plans - adults
    assert len(caseload.stages["child_in_need"]) == pytest.approx(len(in_need), abs=5)
    assessed = _truly_open(council, "assessment") - plans - adults
    counted = len(caseload.stages["assessment"]) + len(caseload.stages["section_47"])
    assert counted == pytest.approx(len(assessed), abs=5)
    everybody = [child for cases in caseload.stages.values() for child in cases]
    assert len(everybody) == len(set(everybody))
    assert caseload.recorded == {"assessment", "section_47", "child_in_need", "child_protection"}


def test_the_census_and_annex_a_count_the_same_children(workbook: Path, census: Path) -> None:
    annex = open_caseload(read_annex_a(workbook, Problems()))
    other = open_caseload(read_cin_census(census, Problems()))
    for stage in ("child_protection", "child_in_need"):
        assert len(other.stages[stage]) == pytest.approx(len(annex.stages[stage]), abs=5)


@pytest.mark.parametrize("kind", ["annex_a", "cin"])
def test_shares_are_those_that_were_drawn(kind: str, workbook: Path, census: Path) -> None:
    returns = read_annex_a(workbook, Problems()) if kind == "annex_a" else read_cin_census(census, Problems())
    shares = find_routes(returns).shares

    def near(stage: str, outcome: str, truth: float) -> None:
        count = find_routes(returns).counted[stage]
        assert shares[stage][outcome] == pytest.approx(truth, abs=3.3 * (truth * (1 - truth) / count) ** 0.5)

    near("front_door", "no_further_action", 0.10)
    near("front_door", "strategy_discussion", 0.08)
    near("front_door", "advice", 0.10)
    near("section_47", "conference", 0.35)
    near("conference", "child_protection", 0.85)
    # Of 80 assessed in 100, 8 begin with an enquiry; one in four of the others has one on the way.
    near("assessment", "section_47", 0.9 * 0.25)
    near("assessment", "child_in_need", 0.9 * 0.30)


def test_a_scenario_from_annex_a_alone(workbook: Path, council: Any, tmp_path: Path) -> None:
    result = from_returns(annex_a=workbook)
    loaded = _loaded(result.text, tmp_path)
    scenario = loaded.scenario
    assert scenario.period.start == AS_AT + timedelta(days=1)
    assert scenario.demand.referrals_a_year == pytest.approx(1500, rel=0.10)
    assert scenario.demand.rereferral != "none"
    assert scenario.demand.rereferral.share == pytest.approx(0.22, abs=0.05)
    assert scenario.demand.sources["schools"].term_time_only
    assert scenario.demand.contacts_per_referral == pytest.approx(3, abs=0.1)
    assert scenario.opening.child_protection.children == len(
        open_caseload(read_annex_a(workbook, Problems())).stages["child_protection"]
    )
    workers = {name: sum(group.count for group in team.workers) for name, team in scenario.teams.items()}
    assert workers["care planning"] == 30
    assert workers["assessment"] in (10, 11)  # one of twelve names is blank
    assert scenario.opening.assessment.unallocated == pytest.approx(1 / 12, abs=0.06)
    own = [row for row in loaded.register if "your Annex A" in row.source]
    assert len(own) > 15
    assert {row.confidence for row in own} <= {"local"}
    assert all("as at 30 September 2024" in row.source for row in own)


def test_lengths_in_the_scenario_are_the_true_ones(workbook: Path, census: Path) -> None:
    for given in ({"annex_a": workbook}, {"cin": census}):
        fits = {length.stage: length.fit for length in from_returns(**given).details.lengths}  # type: ignore[arg-type]
        need, plan = fits["child_in_need"], fits["child_protection"]
        assert need is not None
        assert plan is not None
        assert need.low <= 448 <= need.high
        assert plan.low <= 300 * 1.05
        assert plan.high >= 300 * 0.95


def test_what_is_missing_is_said_and_taken_at_the_size_of_the_council(census: Path, tmp_path: Path) -> None:
    result = from_returns(cin=census)
    scenario = _loaded(result.text, tmp_path).scenario
    text = " ".join(result.notes)
    assert "Turnover, recruitment and hours a week: from the average council of England (no workforce census)" in text
    assert "Workers and caps: as many for each hour of work" in text
    for note in result.notes:
        assert f"# - {note}" in result.text
    # 1,500 referrals against 4,065: the teams are a good third of the average council's, not as large.
    workers = sum(group.count for team in scenario.teams.values() for group in team.workers)
    assert 25 < workers < 80
    assert scenario.opening.court.children == pytest.approx(14 * 1500 / 4065, abs=1)


def test_the_register_says_whose_each_figure_is(workbook: Path, tmp_path: Path) -> None:
    loaded = _loaded(from_returns(annex_a=workbook).text, tmp_path)
    paths = {row.path: row for row in loaded.register}
    assert paths["demand.referrals_a_year"].date == "2024-09-30"
    assert "List 3" in paths["demand.referrals_a_year"].source
    assert "List 7" in paths["opening.child_protection.children"].source
    assert paths["opening.court.children"].confidence == "assumption"


def test_ages_are_rounded_so_that_no_child_can_be_told() -> None:
    from sim.returns.making.caseload import OpenCase

    cases = [OpenCase(number, AS_AT - timedelta(days=40 * number)) for number in range(1, 31)]
    rounded = ages_in_bands(cases, AS_AT, working=False)
    assert rounded is not None
    bands, _ = rounded
    assert list(bands) == ["0-3", "3-6", "6-12", "12-24", "24+"]
    assert all(count % 5 == 0 for count in bands.values())
    assert ages_in_bands(cases[:19], AS_AT, working=False) is None


def test_half_of_what_is_late_is_habit_at_most() -> None:
    late = {"same day": 0.0, "1-10": 10, "11-20": 10, "21-30": 10, "31-40": 10, "41-45": 10, "46-50": 20, "51-60": 10,
            "61+": 20}  # fmt: skip
    rounded = habit(late)
    assert sum(rounded.values()) == pytest.approx(100)
    assert sum(rounded[band] for band in ("46-50", "51-60", "61+")) == pytest.approx(100 * 1.1 / 6)
    assert rounded["46-50"] == pytest.approx(2 * rounded["51-60"])


def _staff(**changes: Any) -> Staff:
    workers = [CensusWorker(0.8, number % 4 == 0, number % 10 == 1, "5", 16, False) for number in range(60)]
    workers += [CensusWorker(1.0, False, False, "3", 0, False) for _ in range(8)]
    given: dict[str, Any] = {
        "in_post": workers, "left": 8.0, "leavers": 9, "vacancies": 6.0, "agency_fte": 4.5, "days_lost": 400.0,
    }  # fmt: skip
    return Staff(AS_AT, **(given | changes))


def test_people_from_the_workforce_census(tmp_path: Path) -> None:
    staff = _staff()
    own, notes = people_figures(staff, "England")
    assert notes == []
    people = _loaded(f"extends: england-average\n{tree_text(own)}", tmp_path).scenario.people
    assert people.turnover != "none"
    assert people.recruitment != "none"
    assert people.turnover.leaving_a_year["social_worker"] == pytest.approx(8 / staff.permanent_fte, abs=0.001)
    assert people.recruitment.agency_cover == pytest.approx(0.75)
    assert people.recruitment.lag.mean_working_days == pytest.approx(253 * 9 / 12, rel=0.01)  # 6 to 8 leavers
    few_left, notes = people_figures(_staff(leavers=2), "England")
    assert "turnover" not in few_left["people"]
    assert any("fewer than 5 leavers" in note for note in notes)


def test_teams_from_the_workforce_census_alone() -> None:
    base = average_council()
    loads = base.loads({})
    teams, notes = team_figures(base.scenario, loads, loads, base.label, None, _staff())
    scenario = base.with_figures({"teams": teams})
    workers = [group for name in ("assessment", "care planning") for group in scenario.teams[name].workers]
    assert sum(group.count for group in workers) == pytest.approx(0.8 * 60, abs=1)
    assert {group.fte for group in workers} == {0.8}
    agency = sum(group.count for group in workers if group.grade == "agency") / sum(group.count for group in workers)
    assert agency == pytest.approx(0.25, abs=0.03)
    assert any("case holders of the workforce census" in note for note in notes)


def test_workers_of_other_teams_are_not_counted() -> None:
    from sim.returns.making.caseload import Caseload, OpenCase

    caseload = Caseload(AS_AT)
    for number in range(240):
        stage = "assessment" if number % 2 else "child_in_need"
        caseload.stages[stage][number] = OpenCase(number, AS_AT, 0, number % 20)
    for number in range(1_000, 1_100):
        caseload.outside[number] = OpenCase(number, AS_AT, 1, 50 + number % 5)  # a team of children looked after
    for number in range(2_000, 2_010):
        caseload.outside[number] = OpenCase(number, AS_AT, 0, 1)
    held = held_by_workers(caseload)
    assert held is not None
    assert [held[name].workers for name in ("assessment", "care planning")] == [10, 10]
    assert held["assessment"].outside == 10


@pytest.mark.parametrize(("waiting", "cap"), [(0, 25), (2, 25), (30, 20)])
def test_a_cap_that_nobody_has_reached_lies_above_what_is_held(waiting: int, cap: int) -> None:
    """Ten workers hold 20 children each; if 30 wait, 20 is what they may hold."""
    assert TeamCaseloads([20] * 10, waiting=waiting).cap == cap


def test_episodes_of_an_extract_without_plans_are_told_from_those_that_closed_after_assessment() -> None:
    from sim.returns.making.lengths import find_lengths

    returns = Returns("Annex A", AS_AT, window_months=6, present={"episodes", "assessments"})
    start = AS_AT - timedelta(days=120)
    for child in range(10):
        returns.episodes.append(RecordedSpell(child, start, start + timedelta(days=50 if child < 4 else 100), "closed"))
        returns.assessments.append(RecordedSpell(child, start, start + timedelta(days=40)))
    lengths = {length.stage: length.lengths for length in find_lengths(returns)}
    assert lengths["child_in_need"].count == 6


def test_figures_are_written_so_that_they_can_be_read_back() -> None:
    tree = {"a": {"b": Figure("{x: 1}", 'says "so": yes', AS_AT), "c": "[1, 2]"}, "d": {}}
    import yaml

    read = yaml.safe_load(tree_text(tree))
    assert read["a"]["b"]["value"] == {"x": 1}
    assert read["a"]["b"]["source"] == 'says "so": yes'
    assert read["a"]["c"] == [1, 2]


def test_a_figure_lies_over_the_one_beneath_as_a_whole() -> None:
    base = {"a": {"value": {"x": 1, "y": 2}, "source": "s"}, "b": {"c": 1, "d": 2}}
    own = {"a": {"value": {"x": 3}, "source": "t"}, "b": {"d": 5}}
    assert lay_over(base, own) == {"a": {"value": {"x": 3}, "source": "t"}, "b": {"c": 1, "d": 5}}


def test_few_are_not_told() -> None:
    assert [few(count) for count in (0, 1, 4, 5, 1234)] == ["0", "fewer than 5", "fewer than 5", "5", "1,234"]


def test_a_sample_of_a_handful_says_that_it_is_one(sample: Callable[[str], Path], tmp_path: Path) -> None:
    result = from_returns(annex_a=sample("annex_a.xlsx"))
    assert result.notes[0].startswith("CAUTION: the returns hold too few children")
    scenario = _loaded(result.text, tmp_path).scenario
    assert scenario.opening.child_protection.children == 2
    assert scenario.demand.referrals_a_year == 4065


def test_an_error_that_nobody_foresaw_says_nothing_of_the_file(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def fails(*_: Any) -> Returns:
        raise ValueError("could not convert string to float: 'Jo Soap'")

    monkeypatch.setattr("sim.returns.from_returns.read_annex_a", fails)
    with pytest.raises(ReturnsError, match=r"cannot be read: ValueError in test_scenario.py, line \d+") as raised:
        from_returns(annex_a=workbook)
    assert "Soap" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_from_python_as_from_the_command_line(workbook: Path) -> None:
    import sim

    result = sim.from_returns(annex_a=workbook)
    assert result.text.startswith("# Question:")
    assert "<svg" in result.page()
    assert result.written == []
