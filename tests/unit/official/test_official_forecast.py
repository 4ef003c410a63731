"""The anchored forecast: its arithmetic, what it learns, what it must not know, and how it is scored."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.official.errors import OfficialError
from sim.official.forecast.assess import assess, outcomes, wilcoxon
from sim.official.forecast.combined import combined, crps
from sim.official.forecast.learn import learn_weights, ridge
from sim.official.forecast.learning import learn_sets
from sim.official.forecast.predictors import PublishedYears
from sim.official.forecast.scale import anchored, change
from sim.official.forecast.simulated import changes_text, mean_changes, read_changes, two_years
from sim.official.forecast.weights import LEVELS, MeasureWeights, Spread, WeightSet, read_weights, shipped_weights
from sim.official.making.baseline import load_baseline, make_baseline
from sim.official.making.council_figures import Wanted
from sim.official.published.observed import YARDSTICKS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Extract

    from sim.official.published.statistics import Statistics

pytestmark = pytest.mark.unit
BY_MEASURE = {yardstick.measure: yardstick for yardstick in YARDSTICKS}
COUNT, PERCENTAGE = BY_MEASURE["cpp_started"], BY_MEASURE["icpc_15wd_pct"]
NORMAL = Spread(0.04, 0.0, tuple((level - 0.5) * 4 for level in LEVELS))


def test_a_count_moves_by_the_ratio_and_a_percentage_by_the_odds() -> None:
    assert anchored(COUNT, 200, change(COUNT, 400, 500)) == pytest.approx(250)
    # 50% to 80% quadruples the odds: 20% (1 to 4) becomes 50% (1 to 1).
    moved = change(PERCENTAGE, 50, 80, 1000, 1000)
    assert anchored(PERCENTAGE, 20, moved, 1000) == pytest.approx(50)
    assert anchored(PERCENTAGE, 100, 0.0, 30) == 100
    assert 50 < anchored(PERCENTAGE, 100, -3.0, 30) < 100
    assert math.isnan(change(COUNT, 0, 5))


def test_ridge_recovers_what_was_put_in_and_outliers_count_less() -> None:
    generator = np.random.default_rng(3)
    predictors = generator.normal(size=(300, 2))
    changes = predictors @ np.array([0.4, -0.3]) + generator.normal(scale=0.02, size=300)
    changes[:6] += 5
    assert ridge(predictors, changes, np.ones(300), 0.0) == pytest.approx([0.4, -0.3], abs=0.02)
    assert np.all(np.abs(ridge(predictors, changes, np.ones(300), 1.0)) < [0.25, 0.2])


def test_nothing_after_the_last_year_known_is_read(extract: Extract) -> None:
    """The forecast for 2018 is the same whatever 2018 then was."""
    plain = PublishedYears(extract.write())
    area = plain.statistics.areas.find("Northshire")
    weights = WeightSet(2017, (2017,), {"cpp_started": _measure({"gap": -0.5, "growth": 0.3, "last_change": 0.2})})
    before = combined(plain, weights, area, 2017)
    other = PublishedYears(
        extract.write({("d1", "Northshire", 2018, "CPP_start"): "900", ("c1", "Northshire", 2018, "Referrals"): "90"})
    )
    assert combined(other, weights, area, 2017) == before


def test_the_forecast_is_last_years_figure_moved_by_learned_parts(extract: Extract) -> None:
    published = PublishedYears(extract.write())
    area = published.statistics.areas.find("Northshire")
    learned = _measure({"growth": 0.5}, simulated=0.25, shrink=0.8)
    weights = WeightSet(2017, (2017,), {"cpp_started": learned})
    # Foreseen: half of a rise of 0.2 is 0.1; a quarter of the way to 0.3 makes 0.15; four fifths of it are 0.12.
    expected = combined(published, weights, area, 2017, 0.2, {"cpp_started": 0.3})["cpp_started"]
    assert expected.value == pytest.approx(210 * math.exp(0.12))
    assert expected.low80 == pytest.approx(210 * math.exp(0.12 - 0.2 * 1.6))
    assert expected.low95 < expected.low80 < expected.value < expected.high80 < expected.high95
    assert combined(published, weights, area, 2017, 0.2)["cpp_started"].value == pytest.approx(210 * math.exp(0.08))
    unknown = WeightSet(2017, (2017,), {"cpp_started": replace(learned, informed=False)})
    assert combined(published, unknown, area, 2017, 0.2, {"cpp_started": 0.3})["cpp_started"].value == 210


def test_weights_know_no_later_year_than_they_are_asked_for() -> None:
    weights = shipped_weights()
    assert weights.for_year(2016).until == 2016
    assert max(weights.for_year(2016).years) == 2016
    assert weights.for_year(2030).until == max(weights.sets)
    with pytest.raises(OfficialError, match="none can foretell from 2010"):
        weights.for_year(2010)
    assert not weights.knows(2010)


def test_weights_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    file.write_text(shipped_weights().text())
    assert read_weights(file) == shipped_weights()
    file.write_text('{"sets": 3}')
    with pytest.raises(OfficialError, match="holds no weights"):
        read_weights(file)


def test_simulated_changes_survive_their_file(extract: Extract, tmp_path: Path) -> None:
    area = extract.write().areas.find("Northshire")
    mean = mean_changes([{"cpp_started": 0.1, "cpp_open": 1.0}, {"cpp_started": 0.3}])
    assert mean == {"cpp_open": 1.0, "cpp_started": pytest.approx(0.2)}
    file = tmp_path / "changes.csv"
    file.write_text(changes_text([(area, 2016, mean)]))
    assert read_changes(file) == {(area.key, 2016, "cpp_open"): 1.0, (area.key, 2016, "cpp_started"): 0.2}
    file.write_text("key,fit_to,measure,change\na,2016,cpp_open,much\n")
    with pytest.raises(OfficialError, match=r"changes\.csv:2: no simulated change"):
        read_changes(file)


def test_both_years_are_one_run_with_the_referrals_that_came(extract: Extract) -> None:
    statistics = extract.write({("c1", "Northshire", 2018, "Referrals"): "2500"})
    area = statistics.areas.find("Northshire")
    loaded = load_baseline(make_baseline(statistics, Wanted(area, 2017, years=2)))
    scenario = two_years(loaded, statistics, area, 2017)
    assert scenario is not None
    assert (scenario.period.start, scenario.period.end) == (date(2016, 4, 1), date(2018, 3, 31))
    assert sum(scenario.demand.monthly_referrals.values()) == pytest.approx(4500)
    foreseen = two_years(loaded, statistics, area, 2017, forecast_referrals=True)
    assert foreseen is not None
    assert sum(foreseen.demand.monthly_referrals.values()) == pytest.approx(2000)
    assert foreseen.demand.referrals_a_year == pytest.approx(2000)
    assert two_years(loaded, statistics, area, 2016) is None


def test_a_score_of_a_distribution_rewards_the_near_and_the_narrow() -> None:
    narrow, wide = (tuple(100 + width * (level - 0.5) for level in LEVELS) for width in (10.0, 60.0))
    assert crps(narrow, 100) < crps(wide, 100)
    assert crps(wide, 130) < crps(narrow, 130)
    # A point forecast scores its absolute error.
    assert crps((100.0,) * len(LEVELS), 120) == pytest.approx(20)


def test_a_paired_test_tells_a_difference_from_chance() -> None:
    generator = np.random.default_rng(1)
    errors = generator.gamma(2, 5, size=150)
    assert wilcoxon(list(errors), list(errors + 2)) < 1e-6
    assert wilcoxon(list(errors), list(generator.permutation(errors))) > 0.05
    assert wilcoxon([1.0, 2.0], [1.0, 2.0]) == 1


def test_ranges_cover_a_simulated_truth_at_their_rate() -> None:
    """Split conformal: ranges learned on errors of some councils hold for others, small and large."""
    from sim.official.forecast.learn import _spread

    generator = np.random.default_rng(7)
    children = np.exp(generator.normal(5.5, 1.0, size=2000))
    errors = generator.standard_t(4, size=2000) * np.sqrt(0.02 + 3 / children)
    spread = _spread(errors[:400], children[:400])
    place = {level: LEVELS.index(level) for level in (0.025, 0.1, 0.9, 0.975)}
    for chosen in (children[400:] < 250, children[400:] >= 250):
        ratio = np.array(
            [error / spread.scale(size) for error, size in zip(errors[400:], children[400:], strict=True)]
        )[chosen]
        inside80 = np.mean((ratio > spread.quantiles[place[0.1]]) & (ratio < spread.quantiles[place[0.9]]))
        inside95 = np.mean((ratio > spread.quantiles[place[0.025]]) & (ratio < spread.quantiles[place[0.975]]))
        assert 0.74 < inside80 < 0.87
        assert 0.91 < inside95 < 0.985


def test_a_simulated_truth_is_recovered(published: Statistics) -> None:
    """Where what comes is the simulated change, all of the way is gone to it; where it is noise, none."""
    years = PublishedYears(published)
    truth = {
        (area.key, 2015, "cpp_started"): years.position(COUNT, area, 2016) - years.position(COUNT, area, 2015)
        for area in years.councils
    }
    noise = np.random.default_rng(2).normal(scale=0.3, size=len(truth))
    assert learn_weights(years, [2016], truth).measures["cpp_started"].simulated == pytest.approx(1.0, abs=0.01)
    random = dict(zip(truth, noise, strict=True))
    assert learn_weights(years, [2016], random).measures["cpp_started"].simulated < 0.15


def test_weights_come_out_the_same_again_and_beat_last_years_figure_on_a_year_before_those_foretold(
    published: Statistics,
) -> None:
    years = PublishedYears(published)
    weights = learn_weights(years, [2015, 2016], {})
    assert learn_sets(published, [2015, 2016], {}, date(2026, 12, 1)).sets[2016] == weights
    ended = next(line for line in assess(outcomes(years, weights, 2016, {})) if line.yardstick.measure == "cpp_ended")
    assert ended.councils > 140
    assert ended.error < 0.8 * ended.error_same
    assert ended.p_value < 0.01
    assert ended.crps < ended.crps_same


def _measure(weights: dict[str, float], simulated: float = 0.0, shrink: float = 1.0) -> MeasureWeights:
    return MeasureWeights(
        weights, simulated, shrink, True, 0.9, 0.9, 100, {"forecast": NORMAL, "same": NORMAL, "ratio": NORMAL}
    )  # fmt: skip
