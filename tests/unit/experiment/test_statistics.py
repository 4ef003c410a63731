"""Statistics over replications against SciPy and NumPy, and what happens when replications are missing."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.experiment.analysis.statistics import (
    clear_of_chance,
    mean_interval,
    paired,
    share_interval,
    spread,
)
from sim.experiment.analysis.student import student_quantile

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("freedom", "probability", "printed"),
    [
        (1, 0.975, 12.706),
        (2, 0.95, 2.920),
        (4, 0.975, 2.776),
        (9, 0.995, 3.250),
        (29, 0.975, 2.045),
        (120, 0.975, 1.980),
    ],
)
def test_student_quantile_is_that_of_printed_tables(freedom: int, probability: float, printed: float) -> None:
    assert student_quantile(probability, freedom) == pytest.approx(printed, abs=0.0006)
    assert student_quantile(1 - probability, freedom) == pytest.approx(-printed, abs=0.0006)


def test_student_quantile_with_one_degree_of_freedom_is_cauchys() -> None:
    assert student_quantile(0.9999, 1) == pytest.approx(math.tan(math.pi * 0.4999), rel=1e-9)


@pytest.mark.parametrize("freedom", [1, 2, 3, 8, 9, 99, 1000, 20_001])
@pytest.mark.parametrize("probability", [0.5, 0.51, 0.9, 0.975, 0.9999, 0.025])
def test_student_quantile_is_scipys(probability: float, freedom: int) -> None:
    assert student_quantile(probability, freedom) == pytest.approx(
        float(stats.t.ppf(probability, freedom)), rel=1e-9, abs=1e-12
    )


def test_share_interval_is_wilsons() -> None:
    """8 of 10: by Wilson's formula with z = 1.959964."""
    assert share_interval(8, 10) == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert share_interval(0, 6)[0] == 0.0
    assert share_interval(6, 6)[1] == 1.0


@pytest.mark.parametrize(("probability", "freedom"), [(0.0, 3), (1.0, 3), (-1, 3), (0.5, 0)])
def test_student_quantile_refuses_nonsense(probability: float, freedom: int) -> None:
    with pytest.raises(ValueError, match=r"is not between|fewer than"):
        student_quantile(probability, freedom)


def test_spread_is_numpys_and_scipys() -> None:
    runs = np.random.default_rng(5).lognormal(2, 1, (12, 7))
    found = spread(runs)
    np.testing.assert_allclose(found.mean, runs.mean(axis=0))
    np.testing.assert_allclose(found.low80, np.percentile(runs, 10, axis=0))
    np.testing.assert_allclose(found.high80, np.percentile(runs, 90, axis=0))
    low, high = stats.t.interval(0.95, 11, runs.mean(axis=0), stats.sem(runs, axis=0))
    np.testing.assert_allclose(found.ci95_low, low)
    np.testing.assert_allclose(found.ci95_high, high)
    assert set(found.replications) == {12}


def test_missing_replications_are_left_out_figure_by_figure() -> None:
    runs = np.array([[1.0, np.nan, np.nan], [2.0, 4.0, np.nan], [6.0, 8.0, np.nan]])
    found = spread(runs)
    np.testing.assert_array_equal(found.mean, [3.0, 6.0, np.nan])
    np.testing.assert_array_equal(found.replications, [3, 2, 0])
    assert found.low80[1] == pytest.approx(np.percentile([4, 8], 10))
    assert math.isnan(found.ci95_low[2])


@pytest.mark.parametrize("rows", [0, 1])
def test_fewer_than_two_replications_have_no_range_and_no_interval(rows: int) -> None:
    found = spread(np.full((rows, 2), 3.0))
    np.testing.assert_array_equal(found.mean, [3.0, 3.0] if rows else [np.nan, np.nan])
    for part in (found.low80, found.high80, found.ci95_low, found.ci95_high):
        assert np.isnan(part).all()


def test_paired_difference_is_scipys_paired_test() -> None:
    draw = np.random.default_rng(3)
    base = draw.normal(100, 20, (10, 1))
    other = base + draw.normal(5, 1, (10, 1))
    found = paired(base, other)
    reference = stats.ttest_rel(other[:, 0], base[:, 0]).confidence_interval(0.95)
    assert (found.ci95_low[0], found.ci95_high[0]) == pytest.approx((reference.low, reference.high))
    assert found.difference[0] == pytest.approx((other - base).mean())
    assert found.clear[0]


def test_pairs_need_both_sides() -> None:
    base = np.array([[1.0], [2.0], [np.nan], [5.0]])
    other = np.array([[2.0], [np.nan], [4.0], [8.0]])
    found = paired(base, other)
    assert (found.baseline_mean[0], found.scenario_mean[0], found.difference[0]) == (3.0, 5.0, 2.0)
    assert found.replications[0] == 2


def test_a_difference_that_never_varies_is_clear_and_none_is_not() -> None:
    base = np.full((4, 2), 0.1)
    found = paired(base, base + np.array([0.0, 2.0]))
    np.testing.assert_array_equal(found.clear, [False, True])
    assert not clear_of_chance([np.nan, -1.0], [np.nan, 1.0]).any()


def test_mean_interval_of_one_figure() -> None:
    assert mean_interval([1.0, 2.0, 3.0]) == pytest.approx((2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5))
    assert all(math.isnan(end) for end in mean_interval([1.0]))
