"""A back-test gives the model what came, scores it against what was published, and says where it loses."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.experiment.running.executor import InProcess
from sim.experiment.running.task import Task
from sim.measures.bands import BANDS
from sim.official.backtest.change import drifted, with_actual_referrals, with_forecast_referrals
from sim.official.backtest.drift import DRIFTS, Drift, learn
from sim.official.backtest.page import FIELDS, render, sentences, table
from sim.official.backtest.run import Backtest, backtest, check, outside_share
from sim.official.backtest.run import _run as run_tasks
from sim.official.backtest.score import scores
from sim.official.errors import OfficialError
from sim.official.forecast.weights import shipped_weights
from sim.official.making.baseline import load_baseline, make_baseline
from sim.official.making.council_figures import Wanted
from sim.official.published.observed import YARDSTICKS
from sim.scenario.sections.demand import MONTHS

if TYPE_CHECKING:
    from conftest import Extract

    from sim.official.published.areas import Area
    from sim.official.published.statistics import Statistics
    from sim.scenario.reading.loader import LoadedScenario

pytestmark = pytest.mark.unit
ASSESSMENT_COLUMNS = (
    "Same_day", "1-10_days", "11-20_days", "21-30_days", "31-40_days", "41-45_days", "46-50_days", "51-60_days",
    "61+_days",
)  # fmt: skip
CONFERENCE_COLUMNS = ("Duration_0-10_days", "Duration_11-15_days", "Duration_16-20_days", "Duration_21+_days")
STILL = dict.fromkeys(DRIFTS, 1.0)


@pytest.fixture
def council(extract: Extract) -> tuple[Statistics, Area, LoadedScenario]:
    more = {("c1", "Northshire", 2018, "Referrals"): "2500"}
    statistics = extract.write(more)
    area = statistics.areas.find("Northshire")
    return statistics, area, load_baseline(make_baseline(statistics, Wanted(area, 2017)))


def test_actual_referrals_are_given_month_by_month(council: tuple[Statistics, Area, LoadedScenario]) -> None:
    statistics, area, loaded = council
    scenario = with_actual_referrals(loaded.scenario, statistics, area, 2018)
    assert str(scenario.period.end) == "2018-03-31"
    # The months say 2,000, the year 2,500: the months share the year's total out.
    assert scenario.demand.monthly_referrals["2017-04"] == pytest.approx(150 * 1.25)
    assert sum(scenario.demand.monthly_referrals.values()) == pytest.approx(2500)
    assert scenario.demand.rereferral.mode == "label"


def test_a_year_whose_months_are_suppressed_is_spread_by_season(extract: Extract) -> None:
    statistics = extract.write({("c6", "Northshire", 2018, "August"): "c"})
    area = statistics.areas.find("Northshire")
    loaded = load_baseline(make_baseline(statistics, Wanted(area, 2017)))
    months = with_actual_referrals(loaded.scenario, statistics, area, 2018).demand.monthly_referrals
    assert sum(months.values()) == pytest.approx(2000)
    assert months["2017-08"] == min(months.values())


def test_forecast_referrals_know_nothing_of_the_year(council: tuple[Statistics, Area, LoadedScenario]) -> None:
    statistics, area, loaded = council
    demand = with_forecast_referrals(loaded.scenario, statistics, area, 2017, 2018, 1.1).demand
    assert demand.monthly_referrals == {}
    assert demand.referrals_a_year == pytest.approx(2200)


def test_drift_of_one_changes_nothing_and_others_move_what_they_name(
    council: tuple[Statistics, Area, LoadedScenario],
) -> None:
    scenario = council[2].scenario
    still = drifted(scenario, STILL)
    outcomes = ("front_door", "assessment", "section_47", "child_protection")
    for stage in outcomes:
        before, after = (getattr(one.stages, stage).outcomes.model_dump() for one in (scenario, still))
        assert after == pytest.approx(before)
    moved = drifted(scenario, STILL | {"conferences": 1.2, "plans": 0.9, "late_assessments": 2.0, "stay": 1.5}).stages
    was = scenario.stages
    assert moved.section_47.outcomes.conference == pytest.approx(1.2 * was.section_47.outcomes.conference)
    planned = was.section_47.conference_outcomes.child_protection
    assert moved.section_47.conference_outcomes.child_protection == pytest.approx(0.9 * planned)
    assert moved.child_protection.intervention.mean_working_days == pytest.approx(
        1.5 * was.child_protection.intervention.mean_working_days
    )
    shares = [
        sum(habit.bands[band] for band in ("46-50", "51-60", "61+")) / sum(habit.bands.values())
        for habit in (was.assessment.habit, moved.assessment.habit)
        if habit != "none" and hasattr(habit, "bands")
    ]
    assert shares[1] == pytest.approx(2 * shares[0])
    for one in (moved.front_door, moved.assessment, moved.section_47):
        assert sum(one.outcomes.model_dump().values()) == pytest.approx(1)


def test_drift_is_learned_from_councils_and_spread_over_replications(extract: Extract) -> None:
    statistics = extract.write({("c4", "Southmere, Borough of", 2017, "Section47"): "450"})
    drift = learn(statistics, statistics.areas.find("Northshire"), 2018)
    moves = drift.changes[:, DRIFTS.index("enquiries")]
    # 300 to 450 could not be foreseen. Coming back could, to the middle of the two councils: the rest is left.
    assert sorted({round(float(np.exp(move)), 2) for move in moves}) == [0.82, 1.0, 1.5]
    many = [drift.factors(1, replication, len(moves))["enquiries"] for replication in range(len(moves))]
    assert sorted(many) == pytest.approx(sorted(np.exp(moves)))
    assert drift.factors(1, 0, 6) == drift.factors(1, 0, 6)


def test_a_share_far_from_others_is_expected_to_come_back_as_others_did(extract: Extract) -> None:
    """One council's enquiries rose and came back; another's have risen now."""
    rose = ("c4", "Southmere, Borough of", 2016, "Section47")
    rises = ("c4", "Northshire", 2018, "Section47")
    statistics = extract.write({rose: "450", rises: "900"})
    one, other = (statistics.areas.find(name) for name in ("Northshire", "Southmere"))
    high, low = (learn(statistics, area, 2018).foreseen["enquiries"] for area in (one, other))
    assert -np.log(1.5) <= high < -0.05
    assert low == pytest.approx(-high)
    assert learn(statistics, one, 2018).foreseen["plans"] == 0
    assert "referrals" not in learn(statistics, one, 2018).foreseen
    # Nothing came back before: nothing is expected to.
    assert learn(extract.write({rises: "900"}), one, 2018).foreseen["enquiries"] == 0


def test_where_others_are_not_yet_published_their_last_year_is_the_middle(extract: Extract) -> None:
    rose, late = ("c4", "Southmere, Borough of", 2016, "Section47"), ("c4", "Northshire", 2018, "Section47")
    missing = {
        ("c4", "Southmere, Borough of", 2018, "Section47"): "x",
        ("c1", "Southmere, Borough of", 2018, "Referrals"): "x",
    }
    statistics = extract.write({rose: "450", late: "900"} | missing)
    drift = learn(statistics, statistics.areas.find("Northshire"), 2018)
    # 0.45 enquiries for each referral, where two years before the two councils had about 0.3: not the middle of one.
    assert drift.foreseen["enquiries"] < -0.05


def test_shares_fall_where_referrals_rise_as_they_fell_elsewhere(extract: Extract) -> None:
    """Twice the referrals with as many enquiries: next time half of a rise is followed by none."""
    statistics = extract.write({("c1", "Southmere, Borough of", 2017, "Referrals"): "8000"})
    drift = learn(statistics, statistics.areas.find("Northshire"), 2018)
    assert -1 <= drift.growth["enquiries"] < -0.3
    still = replace(drift, changes=np.zeros((0, len(DRIFTS))), foreseen={})
    assert still.factors(1, 0, 5)["enquiries"] == 1
    assert still.factors(1, 0, 5, 1.5)["enquiries"] == pytest.approx(1.5 ** drift.growth["enquiries"])


def test_scores_set_the_model_beside_two_forecasts(council: tuple[Statistics, Area, LoadedScenario]) -> None:
    statistics, area, _ = council
    values = {one.measure: np.linspace(500.0, 700.0, 101) for one in YARDSTICKS}
    made, missing = scores(statistics, area, 2017, 2018, values)
    assert missing == []
    enquiries = next(one for one in made if one.yardstick.measure == "s47_started")
    # Published 600 in both years; referrals rose by a quarter.
    assert (enquiries.observed, enquiries.same, enquiries.ratio) == (600, 600, 750)
    assert enquiries.median == pytest.approx(600)
    assert (enquiries.low80, enquiries.high80) == (pytest.approx(520), pytest.approx(680))
    assert enquiries.error(enquiries.ratio) == pytest.approx(25)
    assert enquiries.inside80
    assert enquiries.beats(enquiries.ratio)
    late = next(one for one in made if one.yardstick.measure == "assessments_45wd_pct")
    assert late.observed == pytest.approx(100 * 1380 / 1600)
    assert not late.inside95


@pytest.mark.parametrize(
    ("fit_to", "predict", "said"),
    [
        (2017, 2019, "--predict 2019 does not follow --fit-to 2017"),
        (2016, 2017, "it knows the year it should foretell; make one with frontdoor baseline --area 'Northshire'"),
        (2018, 2019, "c1_referrals_2015_to_2018.csv has no row of Northshire in 2019"),
    ],
)
def test_what_cannot_be_tested_is_refused_before_anything_runs(
    council: tuple[Statistics, Area, LoadedScenario], fit_to: int, predict: int, said: str
) -> None:
    statistics, area, loaded = council
    with pytest.raises(OfficialError) as raised:
        check(loaded, statistics, area, fit_to, predict)
    assert said in str(raised.value)


def _run(council: tuple[Statistics, Area, LoadedScenario]) -> Backtest:
    statistics, area, loaded = council
    still = Drift(np.zeros((0, len(DRIFTS))))
    return backtest(
        loaded, statistics, area, 2017, 2018, replications=2, drift=still, weights=shipped_weights()
    )  # fmt: skip


def test_a_back_test_is_scored_drawn_and_tabled(extract: Extract) -> None:
    risen = {("c6", "Northshire", 2018, month.title()): "208" for month in MONTHS}
    statistics = extract.write(risen | {("c1", "Northshire", 2018, "Referrals"): "2496"})
    area = statistics.areas.find("Northshire")
    result = _run((statistics, area, load_baseline(make_baseline(statistics, Wanted(area, 2017)))))
    assert [mode.name for mode in result.modes] == ["actual referrals", "forecast referrals"]
    given, foretold = result.modes
    by_measure = {one.yardstick.measure: one for one in given.scores}
    assert set(by_measure) == {one.measure for one in YARDSTICKS}
    # Referrals rose by a quarter, which only one of them knows; enquiries rise with them, whatever room there is.
    enquiries = next(one for one in foretold.scores if one.yardstick.measure == "s47_started").median
    assert by_measure["s47_started"].median > 1.1 * enquiries
    rows = list(csv.DictReader(io.StringIO(table(result))))
    assert tuple(rows[0]) == FIELDS
    assert {row["referrals"] for row in rows} == {"actual referrals", "forecast referrals"}
    assert sum(row["measure"].startswith("assessments_band") for row in rows) == 18
    page = render(result)
    assert "Would the model have foretold Northshire" in page
    assert page.count("<svg") == 2
    assert "<script" not in page
    assert "of 9 measures" in sentences(result)[0]
    assert sentences(result)[0].startswith("With actual referrals, the combined forecast is nearer than")
    # Enquiries are simulated to rise by about as much as referrals, and foretold from last year's figure, 600.
    assert result.changes["s47_started"] == pytest.approx(np.log(1.25), abs=0.2)
    assert 600 < by_measure["s47_started"].forecast < 750
    enquiries_row = next(row for row in rows if row["measure"] == "s47_started")
    assert float(enquiries_row["forecast"]) == pytest.approx(by_measure["s47_started"].forecast, rel=1e-4)
    assert enquiries_row["known"] == "true"


def test_no_drift_means_no_change() -> None:
    assert Drift(np.zeros((0, len(DRIFTS)))).factors(1, 0, 5) == STILL


def test_intervals_cover_a_simulated_truth_at_their_rate(extract: Extract) -> None:
    """Where the truth is a run of the same model and nothing drifts, 8 in 10 figures lie where 8 runs in 10 do."""
    statistics = extract.write()
    area = statistics.areas.find("Southmere")
    loaded = load_baseline(make_baseline(statistics, Wanted(area, 2017)))
    scenario = with_actual_referrals(loaded.scenario, statistics, area, 2018)
    predicted = [Task(0, n, "forecast", scenario, 1) for n in range(60)]
    foretold = run_tasks(predicted, 2018, InProcess(), None)[0][0][1]
    truths = run_tasks([Task(0, n, "truth", scenario, 99) for n in range(20)], 2018, InProcess(), None)[0][0][1]
    inside80, inside95 = [], []
    for n in range(20):
        made = scores(extract.write(_published(truths, n, area.name)), area, 2017, 2018, foretold)[0]
        inside80 += [one.inside80 for one in made]
        inside95 += [one.inside95 for one in made]
    assert len(inside80) == 20 * len(YARDSTICKS)
    # The nine figures of a run go together: twenty truths are worth about eighty, and two standard errors are 9 points;
    # the ends of an interval of 60 runs are off by as much.
    assert 0.66 < np.mean(inside80) < 0.94
    assert np.mean(inside95) > 0.85


def _published(truths: dict[str, np.ndarray], n: int, area: str) -> dict[tuple[str, str, int, str], str]:
    """A simulated year as the published tables would say it."""
    said = {}
    for topic, measure, column in (
        ("c2", "assessments_completed", "Assessments_completed"), ("c4", "s47_started", "Section47"),
        ("c4", "icpc_held", "ICPC"), ("d1", "cpp_started", "CPP_start"), ("d1", "cpp_ended", "CPP_end"),
        ("d1", "cpp_open", "CPP_At31"),
    ):  # fmt: skip
        said[topic, area, 2018, column] = f"{truths[measure][n]:g}"
    for topic, bands, columns in (
        ("c2", "assessments_band", ASSESSMENT_COLUMNS),
        ("c4", "icpc_band", CONFERENCE_COLUMNS),
    ):
        for measure, column in zip(BANDS[bands].measures, columns, strict=True):
            said[topic, area, 2018, column] = f"{truths[measure][n]:g}"
    return said


def test_assessments_of_children_already_open_move_with_the_share_assessed(extract: Extract) -> None:
    """More assessments than referrals: the share inside the pathway is full, and the rest is what moves."""
    statistics = extract.write({("c2", "Northshire", 2017, "Assessments_completed"): "2400"})
    area = statistics.areas.find("Northshire")
    scenario = load_baseline(make_baseline(statistics, Wanted(area, 2017))).scenario
    door = scenario.stages.front_door.outcomes
    inside = door.assessment + door.strategy_discussion
    assert outside_share(scenario, statistics, area, 2017) == pytest.approx(1.2 - inside)
    assert outside_share(scenario, statistics, area, 2017, 1.5) == pytest.approx(1.8 - inside)
    more = drifted(scenario, STILL | {"assessed": 1.5}).stages.front_door.outcomes
    assert more.assessment + more.strategy_discussion == pytest.approx(inside)
    assert outside_share(scenario, statistics, area, 2017, 0.5) == 0


def test_what_is_foreseen_is_nearer_in_a_year_before_those_foretold(published: Statistics) -> None:
    """Over a third of the councils, 2017 from the years before it: the choice was made on 2016 and 2017 alone."""
    errors: dict[str, list[tuple[float, float]]] = {"conferences": [], "plans": []}
    for area in published.areas.all()[::3]:
        then, now = (published.cell("c1", "referrals", area, year).value for year in (2016, 2017))
        if not then or not now:
            continue
        drift = learn(published, area, 2016)
        still = replace(drift, changes=np.zeros((0, len(DRIFTS)))).factors(1, 0, 2, now / then)
        for column, topic, names in (
            ("conferences", "c4", ("enquiries", "conferences")),
            ("started", "d1", ("enquiries", "conferences", "plans")),
        ):
            before, after = (published.cell(topic, column, area, year).value for year in (2016, 2017))
            if before and after:
                ratio = before / then * now
                foreseen = ratio * float(np.prod([still[name] for name in names]))
                gaps = (abs(np.log(foreseen / after)), abs(np.log(ratio / after)))
                errors["plans" if topic == "d1" else "conferences"].append(gaps)
    for found in errors.values():
        assert len(found) > 45
        foreseen, ratio = np.mean(found, axis=0)
        assert foreseen < 0.9 * ratio
