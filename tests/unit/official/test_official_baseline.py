"""A scenario from published files: every figure with its source, and what stands in for what is missing."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.experiment.load_forecast import forecast
from sim.official.errors import OfficialError
from sim.official.making.baseline import Baseline, load_baseline, make_baseline, write_baseline
from sim.official.making.council_figures import Wanted, legal_planning
from sim.official.making.lengths import ages_of, assessment_habit, mean_days
from sim.official.published.finder import Finder
from sim.official.published.layout import ASSESSMENT_BANDS
from sim.official.published.statistics import Statistics
from sim.scenario import load

if TYPE_CHECKING:
    from conftest import Changes, Extract

pytestmark = pytest.mark.unit


def made(extract: Extract, changes: Changes | None = None, area: str = "Northshire", **wanted: object) -> Baseline:
    statistics = extract.write(changes)
    return make_baseline(statistics, Wanted(statistics.areas.find(area), 2018, **wanted))  # type: ignore[arg-type]


def test_a_complete_council_needs_no_stand_in_and_every_figure_has_a_source(extract: Extract) -> None:
    baseline = made(extract)
    loaded = load_baseline(baseline)
    assert baseline.notes == ()
    demand, stages = loaded.scenario.demand, loaded.scenario.stages
    assert demand.referrals_a_year == 2000
    assert stages.front_door.outcomes.no_further_action == pytest.approx(0.09)
    # 600 enquiries of 2,000 referrals, a third of them from the front door.
    assert stages.front_door.outcomes.strategy_discussion == pytest.approx(0.096)
    assert stages.section_47.outcomes.conference == pytest.approx(0.417, abs=0.001)
    assert stages.section_47.conference_outcomes.child_protection == pytest.approx(0.84)
    sourced = {row.path for row in loaded.register}
    assert {"demand.referrals_a_year", "stages.assessment.habit", "opening.child_protection.children"} <= sourced
    cited = next(row for row in loaded.register if row.path == "demand.referrals_a_year")
    assert (cited.source, cited.confidence) == (
        "2,000 referrals; DfE, Children in need, reporting year 2018, file c1", "official",
    )  # fmt: skip


def test_the_run_starts_on_the_day_after_the_reporting_year(extract: Extract) -> None:
    period = load_baseline(made(extract)).scenario.period
    assert (str(period.start), str(period.end)) == ("2018-04-01", "2022-03-31")


def test_teams_have_hours_to_spare_and_managers_a_sensible_span(extract: Extract) -> None:
    scenario = load_baseline(made(extract)).scenario
    for team in forecast(scenario).teams:
        assert 0.3 < team.load < 1.0
        assert team.children_held < team.places
    for name, team in scenario.teams.items():
        if name != "front door":
            assert sum(group.count for group in team.workers) / team.managers <= 8


def test_localities_share_the_work(extract: Extract) -> None:
    scenario = load_baseline(made(extract, localities=("hill", "coast"))).scenario
    assert scenario.localities == {"hill": 0.5, "coast": 0.5}
    assert {team.locality for team in scenario.teams.values()} == {None, "hill", "coast"}


def test_a_suppressed_count_is_the_regions_rate_and_says_so(extract: Extract) -> None:
    baseline = made(extract, {("d1", "Southmere, Borough of", 2018, "CPP_At31"): "c"}, "Southmere")
    loaded = load_baseline(baseline)
    # The region's 1,700 plans to 400,000 children, for 20,000 children: 85.
    row = next(row for row in loaded.register if row.path == "opening.child_protection.children")
    assert "rate per child of Far North, as Southmere, Borough of's is suppressed" in row.source
    assert row.confidence == "assumption"
    assert any("used Far North instead" in note for note in baseline.notes)


def test_neighbours_come_before_the_region(extract: Extract) -> None:
    statistics = extract.write({("c1", "Northshire", 2018, "Referrals"): "x"})
    near = statistics.areas.find("Southmere")
    finder = Finder(statistics, statistics.areas.find("Northshire"), 2018, (near,))
    found = finder.count("c1", "referrals", "referrals")
    assert found.value == 2000
    assert "its statistical neighbours" in found.source
    assert not found.own


def test_plans_of_neighbours_are_taken_together_and_scaled(extract: Extract) -> None:
    """Southmere has half Northshire's children, and half its plans."""
    missing = {("b7", "Northshire", year, "CINPlan_At31"): "x" for year in (2015, 2016, 2017, 2018)}
    missing |= {("d1", "Northshire", year, "CPP_At31"): "x" for year in (2014, 2015, 2016, 2017, 2018)}
    statistics = extract.write(missing)
    area, near = statistics.areas.find("Northshire"), statistics.areas.find("Southmere")
    baseline = make_baseline(statistics, Wanted(area, 2018, (near,)))
    scenario = load_baseline(baseline).scenario
    # 325 plans of Southmere's own 162.5 at both ends of the year, for twice the children.
    assert scenario.opening.child_in_need.children == 325
    assert sum("its statistical neighbours" in note for note in baseline.notes) == 3


def test_suppressed_bands_share_what_is_left_of_the_total(extract: Extract) -> None:
    hidden = {("c2", "Northshire", 2018, column): "c" for column in ("51-60_days", "61+_days")}
    statistics = extract.write(hidden)
    finder = Finder(statistics, statistics.areas.find("Northshire"), 2018)
    bands = finder.bands("c2", ASSESSMENT_BANDS, 2018)
    assert bands is not None
    assert (bands["51-60"], bands["61+"]) == (pytest.approx(70), pytest.approx(70))


def test_nought_assessments_were_not_yet_recorded(extract: Extract) -> None:
    years = (2015, 2016, 2017, 2018)
    none = {("c2", "Northshire", year, "Assessments_completed"): "0" for year in years}
    baseline = made(extract, none)
    opened = load_baseline(baseline).scenario.stages.front_door.outcomes
    assert opened.assessment + opened.strategy_discussion == pytest.approx(0.8)
    assert any("Assessments_completed, 2018: nought); used Far North instead" in note for note in baseline.notes)


def test_small_shares_are_pooled_over_years(extract: Extract) -> None:
    changes = {("c4", "Northshire", year, "Section47"): "40" for year in (2016, 2017, 2018)} | {
        ("c4", "Northshire", 2018, "ICPC"): "4",
        ("c4", "Northshire", 2017, "ICPC"): "20",
        ("c4", "Northshire", 2016, "ICPC"): "24",
    }
    statistics = extract.write(changes)
    finder = Finder(statistics, statistics.areas.find("Northshire"), 2018)
    found = finder.ratio(("c4", "conferences"), ("c4", "enquiries"), "conferences to enquiries")
    assert found.value == pytest.approx(48 / 120)
    assert "in 2016 to 2018" in found.source


def test_the_habit_is_that_of_the_least_stressed_year_with_at_most_one_in_six_late(extract: Extract) -> None:
    changes = {
        ("c2", "Northshire", 2018, "61+_days"): "400",
        ("c2", "Northshire", 2018, "Assessments_completed"): "1930",
    }
    statistics = extract.write(changes)
    habit = assessment_habit(Finder(statistics, statistics.areas.find("Northshire"), 2018))
    assert habit.year == 2017  # 2015 to 2017 are alike: the latest of them
    every = {("c2", "Northshire", year, "61+_days"): "400" for year in (2015, 2016, 2017, 2018)}
    statistics = extract.write(every)
    habit = assessment_habit(Finder(statistics, statistics.areas.find("Northshire"), 2018))
    late = sum(habit.bands[band] for band in ("46-50", "51-60", "61+")) / sum(habit.bands.values())
    assert late == pytest.approx(1.1 / 6, abs=0.002)


def test_ages_of_what_is_open_follow_from_lengths() -> None:
    # Everything lasts 41 to 45 days: those open are spread evenly over the days before.
    ages = ages_of({"same day": 0, "41-45": 100})
    assert ages["1-10"] == ages["31-40"] == pytest.approx(100 * 10 / 42.5, abs=0.1)
    assert ages["61+"] == 0
    assert mean_days({"1-10": 1, "61+": 1}) == pytest.approx((5.5 + 81) / 2)


def test_legal_planning_follows_care_applications(extract: Extract) -> None:
    statistics = extract.write()
    area = statistics.areas.find("Northshire")
    few, many = (legal_planning(statistics, area, 2018, rate).value for rate in (5.0, 10.0))
    assert many == pytest.approx(2 * few)


def test_an_average_council_has_a_share_of_the_counts_and_the_same_shares(extract: Extract) -> None:
    statistics = extract.write()
    england = statistics.areas.find("England")
    scenario = load_baseline(make_baseline(statistics, Wanted(england, 2018, average_of=100))).scenario
    own = load_baseline(make_baseline(statistics, Wanted(statistics.areas.find("Northshire"), 2018))).scenario
    assert scenario.demand.referrals_a_year == own.demand.referrals_a_year == 2000
    assert scenario.opening.child_protection.children == own.opening.child_protection.children
    assert scenario.demand.over_dispersion == 5


def test_months_that_tell_how_cases_were_recorded_are_not_taken_as_chance(extract: Extract) -> None:
    """As in Birmingham to 2014 and Kent to 2015: recorded in batches, so that no scenario could hold the figure."""
    batches = {("c6", "Northshire", year, "June"): "2000" for year in range(2015, 2019)}
    statistics = extract.write(batches)
    baseline = make_baseline(statistics, Wanted(statistics.areas.find("Northshire"), 2018))
    assert load_baseline(baseline).scenario.demand.over_dispersion == 50
    assert any("times as much as chance alone makes them" in note for note in baseline.notes)


@pytest.mark.parametrize(
    ("leave_out", "year", "said"),
    [
        (("c4",), 2018, "has no file c4….csv (section 47 enquiries and conferences: DfE, Children in need)"),
        ((), 2021, "c1_referrals_2015_to_2018.csv has no row of Northshire in 2021; it has 2015, 2016, 2017, 2018"),
    ],
)
def test_what_is_missing_stops_with_one_sentence(
    extract: Extract, leave_out: tuple[str, ...], year: int, said: str
) -> None:
    statistics = extract.write(leave_out=leave_out)
    with pytest.raises(OfficialError) as raised:
        make_baseline(statistics, Wanted(statistics.areas.find("Northshire"), year))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_without_the_files_that_can_be_done_without_assumptions_stand_in(extract: Extract) -> None:
    statistics = extract.write(leave_out=("b1", "b7", "c6", "csww", "d3", "d6", "d7"))
    baseline = make_baseline(statistics, Wanted(statistics.areas.find("Northshire"), 2018))
    scenario = load_baseline(baseline).scenario
    assert scenario.people.turnover == "none"
    assert scenario.demand.season == "england"
    assert len(baseline.notes) == 3


def test_a_file_is_written_whole_or_not_at_all(extract: Extract, tmp_path: Path) -> None:
    out = tmp_path / "new" / "mine.yaml"
    write_baseline(made(extract), out)
    assert load(out).scenario.title == "Northshire, 2017-18 carried on"
    before = out.read_text()
    with pytest.raises(Exception, match="demand"):
        write_baseline(Baseline(before.replace("referrals_a_year", "referrals_a_yeer"), ()), out)
    assert out.read_text() == before
    assert [path.name for path in out.parent.iterdir()] == ["mine.yaml"]


TEXT = files("sim.official").joinpath("templates/baseline.yaml.txt").read_text(encoding="utf-8")


def test_assumptions_are_those_of_the_shipped_bases(extract: Extract) -> None:
    """A figure that no statistics give, changed in the template, must be changed in the shipped files too."""
    mine, base = load_baseline(made(extract)), load("croydon-published")
    ours, theirs = ({row.path: row for row in loaded.register} for loaded in (mine, base))
    fixed = [
        path for path, row in ours.items()
        if path in theirs and row.source == theirs[path].source and row.source in TEXT
    ]  # fmt: skip
    assert len(fixed) > 30
    for path in fixed:
        assert ours[path].value == theirs[path].value, path


def test_every_council_of_2017_gets_a_scenario(published: Statistics) -> None:
    councils = [area for area in published.areas.all() if 2017 in published.years("c1", area)]
    notes = {}
    for area in councils:
        baseline = make_baseline(published, Wanted(area, 2017))
        load_baseline(baseline)
        notes[area.name] = len(baseline.notes)
    assert len(notes) == 152
    # Two of three councils need at most one stand-in; the City of London and the Isles of Scilly need most.
    assert sum(count <= 1 for count in notes.values()) > 100
    assert max(notes, key=lambda name: notes[name]) == "Isles of Scilly"


@pytest.mark.parametrize(
    ("name", "area", "year", "rate", "years"),
    [
        ("croydon-published", "Croydon", 2017, 15.5, 3),
        ("rutland-2018", "Rutland", 2018, 6.5, 4),
        ("wirral-2018", "Wirral", 2018, 18.3, 4),
    ],
)
def test_shipped_bases_are_what_the_command_makes(
    published: Statistics, name: str, area: str, year: int, rate: float, years: int
) -> None:
    found = published.areas.find(area)
    planning = legal_planning(published, found, year, rate)
    wanted = Wanted(found, year, pre_proceedings=planning, years=years)
    made_now = load_baseline(make_baseline(published, wanted)).resolved
    shipped = dict(load(name).resolved)
    assert {key: made_now[key] for key in made_now if key != "description"} == {
        key: shipped[key] for key in shipped if key != "description"
    }
