"""Lengths from finished and open spells: the truth is known, and what finished spells alone would say is not it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from sim.returns.fitting.fit import fit
from sim.returns.fitting.spells import Lengths, lengths_of, working_days
from sim.returns.fitting.survival import survival
from sim.returns.records import RecordedSpell

pytestmark = pytest.mark.unit
AS_AT = date(2024, 9, 30)
TRUE = 448.0


def _spells(seed: int, since_days: int, count: int, cv: float = 0.9) -> list[RecordedSpell]:
    """Spells that began evenly over the days before the extract, with gamma lengths of a known mean."""
    rng = np.random.default_rng(seed)
    starts = AS_AT - rng.integers(0, since_days, count) * timedelta(days=1)
    lengths = rng.gamma(1 / cv**2, TRUE * cv**2, count)
    spells = []
    for start, length in zip(starts, lengths, strict=True):
        end = start + timedelta(days=int(length))
        spells.append(RecordedSpell(0, start, end if end <= AS_AT else None))
    return spells


def test_open_spells_count_as_longer_than_so_far() -> None:
    """All spells begun in three and a half years: a year and more is seen of each, the long ones are still open."""
    lengths = lengths_of(_spells(4, 1_280, 4_000), AS_AT - timedelta(days=1_280), AS_AT)
    fitted = fit(lengths)
    assert fitted is not None
    assert 270 < fitted.completed_mean < 310  # measured: 295 in place of 448
    assert fitted.low <= TRUE <= fitted.high
    assert fitted.mean == pytest.approx(TRUE, rel=0.07)


def test_a_window_of_six_months_is_enough() -> None:
    """Spells begun over twelve years, seen only if open in the last six months: most of them began before."""
    window = AS_AT - timedelta(days=183)
    lengths = lengths_of(_spells(5, 4_380, 12_000), window, AS_AT)
    fitted = fit(lengths)
    assert fitted is not None
    assert lengths.truncated > lengths.count / 2
    assert fitted.low <= TRUE <= fitted.high
    naive = fit(Lengths(lengths.days, lengths.finished, np.zeros(lengths.count)))
    assert naive is not None
    assert naive.mean > 1.5 * TRUE  # without the window, long spells are seen too often


def test_completed_spells_alone_are_far_too_short() -> None:
    """Two years of starts: finished spells alone last less than two thirds of the truth."""
    lengths = lengths_of(_spells(6, 730, 6_000), AS_AT - timedelta(days=730), AS_AT)
    fitted = fit(lengths)
    assert fitted is not None
    assert fitted.completed_mean < 0.65 * TRUE
    assert fitted.low <= TRUE <= fitted.high


def test_without_a_window_it_agrees_with_scipy() -> None:
    from scipy import stats

    lengths = lengths_of(_spells(7, 1_500, 1_500), AS_AT - timedelta(days=1_500), AS_AT)
    data = stats.CensoredData(
        uncensored=lengths.days[lengths.finished], right=lengths.days[~lengths.finished]
    )  # fmt: skip
    shape, _, scale = stats.gamma.fit(data, floc=0)
    fitted = fit(lengths)
    assert fitted is not None
    if fitted.family != "gamma":
        pytest.fail("the family is gamma by construction")
    assert fitted.mean == pytest.approx(shape * scale, rel=0.005)
    assert fitted.cv == pytest.approx(shape**-0.5, rel=0.005)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    window = AS_AT - timedelta(days=183)
    held = 0
    for seed in range(40):
        fitted = fit(lengths_of(_spells(100 + seed, 2_900, 2_500), window, AS_AT))
        assert fitted is not None
        held += fitted.low <= TRUE <= fitted.high
    assert held >= 34  # 95% of 40 is 38; fewer than 34 has a chance of 1 in 2,000


def test_too_few_are_not_fitted() -> None:
    assert fit(lengths_of(_spells(8, 730, 25), AS_AT - timedelta(days=730), AS_AT)) is None
    open_only = [RecordedSpell(0, AS_AT - timedelta(days=10)) for _ in range(100)]
    assert fit(lengths_of(open_only, AS_AT - timedelta(days=183), AS_AT)) is None


def test_the_curve_by_hand() -> None:
    """Five spells: ends at 2, 3, 5; one open at 4; one that entered at 2.5 and ends at 5."""
    lengths = Lengths(
        np.array([2.0, 3.0, 4.0, 5.0, 5.0]), np.array([True, True, False, True, True]), np.array([0, 0, 0, 0, 2.5])
    )
    curve = survival(lengths)
    # At 2: 4 in view, 1 ends. At 3: 4 in view (the late one too), 1 ends. At 5: 2 in view, too few to count.
    assert curve.open_at(1.9) == 1.0
    assert curve.open_at(2) == pytest.approx(3 / 4)
    assert curve.open_at(4) == pytest.approx(3 / 4 * 3 / 4)


def test_the_curve_goes_through_the_truth() -> None:
    window = AS_AT - timedelta(days=365)
    curve = survival(lengths_of(_spells(9, 4_380, 20_000, cv=1.0), window, AS_AT))
    for age in (100, 300, 600, 1_000):
        assert curve.open_at(age) == pytest.approx(np.exp(-age / TRUE), abs=0.03)


def test_what_has_not_lasted_long_enough_is_left_out_without_bias() -> None:
    window = AS_AT - timedelta(days=183)
    spells = _spells(10, 4_380, 16_000)
    lengths = lengths_of(spells, window, AS_AT, least=60)
    assert lengths.days.min() > 60
    fitted = fit(lengths)
    assert fitted is not None
    assert fitted.low <= TRUE <= fitted.high


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    # Thursday 28 March 2024 to Wednesday 3 April: Good Friday and Easter Monday are between.
    assert working_days([date(2024, 3, 28)], [date(2024, 4, 3)]).tolist() == [2.0]
    assert working_days([date(2024, 4, 3)], [date(2024, 4, 3)]).tolist() == [0.0]
