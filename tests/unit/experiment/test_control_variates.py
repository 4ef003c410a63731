"""Control variates: the regression, its controls, what stops a run, and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiment.analysis.control_variate_words import controlled
from sim.experiment.analysis.control_variates import LEAST, ReferralChance, adjust, chance_of, differences, levels
from sim.experiment.analysis.stopping import Precision, PrecisionTarget
from sim.experiment.analysis.stopping_words import outcome_in_words
from sim.experiment.errors import ResultsError
from sim.experiment.results.replications import Referrals
from sim.experiment.results.results import load_results
from sim.experiment.running.runner import compare, run
from sim.model import simulate
from sim.model.recording import Recording
from sim.report.results_view import ResultsView
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.unit

MONTHS = tuple(f"{2016 + (3 + n) // 12}-{(3 + n) % 12 + 1:02d}" for n in range(24))
SURGE = [{"lever": "referral_surge", "at": "2016-04-15", "size": "50%"}]
NOBODY_BACK = {"demand__rereferral": {"mode": "none"}}


@pytest.fixture
def draws() -> Any:
    return np.random.default_rng(3)


def luck_for(draws: Any, runs: int) -> ReferralChance:
    return ReferralChance(MONTHS, tuple(range(runs)), draws.normal(0, 10, (runs, 24)))


# The regression


def test_one_control_by_hand() -> None:
    """Figures 2 above or below 10 + 3 x luck by turns, luck 0 to 4 five times over, mean 2."""
    luck = np.tile(np.arange(5.0), 4)
    off = np.repeat([2.0, -2.0, 2.0, -2.0], 5)
    found = adjust((10 + 3 * luck + off)[:, None], luck[:, None])
    assert found.mean[0] == pytest.approx(10)
    assert (found.freedom[0], found.count[0], found.adjusted[0]) == (18, 20, True)
    # The sum of squares left is 20 x 4, that of luck 4 x 10.
    assert found.variance[0] == pytest.approx(80 / 18 * (1 / 20 + 2**2 / 40))
    assert found.plain[0] == pytest.approx((80 + 9 * 40) / 19 / 20)
    assert found.gained[0] == pytest.approx(found.plain[0] / found.variance[0])


def test_several_controls_are_textbook_regression(draws: Any) -> None:
    controls, runs = draws.normal(1, 5, (30, 2)), draws.normal(0, 1, (30, 3))
    runs[4, 1] = np.nan
    found = adjust(runs, controls)
    for place in range(3):
        known = ~np.isnan(runs[:, place])
        design = np.column_stack([np.ones(30), controls])[known]
        slopes, squares, *_ = np.linalg.lstsq(design, runs[known, place])
        freedom = int(known.sum()) - 3
        assert found.mean[place] == pytest.approx(slopes[0])
        assert found.variance[place] == pytest.approx(squares[0] / freedom * np.linalg.inv(design.T @ design)[0, 0])
        assert found.freedom[place] == freedom


def test_too_few_replications_are_left_as_they_are(draws: Any) -> None:
    runs, luck = draws.normal(5, 1, (LEAST, 2)), draws.normal(0, 1, (LEAST, 1))
    runs[0, 1] = np.nan
    found = adjust(runs, luck)
    assert found.adjusted.tolist() == [True, False]
    assert found.mean[1] == pytest.approx(np.nanmean(runs[:, 1]))
    assert found.gained[1] == 1.0
    assert found.half_width(0.95)[1] == pytest.approx(2.100922 * np.nanstd(runs[:, 1], ddof=1) / np.sqrt(19), rel=1e-6)


def test_a_control_that_says_nothing_is_left_out(draws: Any) -> None:
    runs, luck = draws.normal(5, 1, (25, 4)), draws.normal(0, 1, (25, 1))
    alone = adjust(runs, luck)
    for useless in (np.zeros((25, 1)), np.full((25, 1), 3.0) + 1e-12 * luck, -2 * luck):
        with_it = adjust(runs, np.concatenate([luck, useless], axis=1))
        assert with_it.mean == pytest.approx(alone.mean)
        assert with_it.freedom.tolist() == [23] * 4
    assert not adjust(runs, np.zeros((25, 2))).adjusted.any()


def test_figures_that_never_vary_stay_exactly_so(draws: Any) -> None:
    found = adjust(np.full((40, 1), 0.1), draws.normal(2, 1, (40, 2)))
    assert (found.mean[0], found.variance[0]) == (0.1, 0.0)
    assert np.isnan(found.gained[0])


@pytest.mark.parametrize("runs", [0, 1, 2])
def test_hardly_any_replications(runs: int) -> None:
    found = adjust(np.ones((runs, 2)), np.zeros((runs, 1)))
    assert np.isnan(found.half_width(0.95)).tolist() == [runs < 2] * 2
    assert np.isnan(found.mean).tolist() == [runs == 0] * 2


# Periods, scenarios


@pytest.mark.parametrize(
    ("period", "end"), [("2016-17", 12), ("2017-18", 24), ("2016-17 Q1", 3), ("2016-17 Q3", 9), ("2016-17 Q4", 12),
                        ("2017-18 Q1", 15), ("whole", 24)],
)  # fmt: skip
def test_controls_are_the_last_year_and_all_before(draws: Any, period: str, end: int) -> None:
    luck = luck_for(draws, 4)
    first = max(0, end - 12)
    expected = np.column_stack([luck.children[:, first:end].sum(axis=1), luck.children[:, :first].sum(axis=1)])
    assert luck.controls(period, range(4)) == pytest.approx(expected)
    assert np.isnan(luck.controls(period, [2, 9])).all(axis=1).tolist() == [False, True]


def test_luck_is_that_of_the_scenario_that_expects_most() -> None:
    one = Referrals(("2016-04",), np.array([[5.0], [7.0]]), np.array([[6.0], [6.0]]))
    more = replace(one, expected=one.expected + 1, children=one.children + 3)
    for given in ([one, more, one], [one, None, more]):
        found = chance_of(given, [(0, 1)] * 3)
        assert found is not None
        assert found.children.tolist() == [[1.0], [3.0]]
    assert chance_of([None, None], [(0,), (0,)]) is None
    first = chance_of([one, replace(one, children=one.children * 2)], [(0, 1)] * 2)
    assert first is not None
    assert first.children.tolist() == [[-1.0], [1.0]]  # as many are expected: the baseline's


def test_adjusted_means_differ_by_the_adjusted_difference(draws: Any) -> None:
    luck = luck_for(draws, 40)
    periods = ["2016-17", "whole", "2017-18 Q2"]
    base = draws.normal(50, 2, (40, 3)) + luck.children[:, :12].sum(axis=1)[:, None]
    other = base * 1.2 + draws.normal(3, 2, (40, 3))
    base[3, 0] = other[5, 1] = np.nan
    one, two, gap = differences(base, other, range(40), periods, luck)
    assert two.mean - one.mean == pytest.approx(gap.mean, abs=1e-9)
    assert gap.count.tolist() == [39, 39, 40]
    assert (one.gained > 5).all()
    assert (gap.variance < one.variance).all()


def test_replications_whose_luck_is_not_known_are_left_out(draws: Any) -> None:
    luck = luck_for(draws, 30)
    runs = draws.normal(50, 2, (32, 1))
    found = levels(runs, range(32), ["whole"], luck)
    assert found.count[0] == 30
    assert found.mean[0] == pytest.approx(levels(runs[:30], range(30), ["whole"], luck).mean[0])


def test_a_mean_that_no_run_could_have_is_not_taken(draws: Any) -> None:
    """Nobody waits in all runs but one, where luck was high: adjusted, fewer than nobody would wait on average."""
    luck = luck_for(draws, 30)
    luck.children[:] = np.abs(luck.children)
    waiting = np.zeros((30, 1))
    waiting[luck.children.sum(axis=1).argmax()] = 10.0
    assert adjust(waiting, luck.controls("whole", range(30))).mean[0] < 0
    found = levels(waiting, range(30), ["whole"], luck)
    assert (found.mean[0], found.adjusted[0]) == (pytest.approx(1 / 3), False)
    one, two, gap = differences(waiting, waiting + 5, range(30), ["whole"], luck)
    assert (one.adjusted[0], two.adjusted[0], gap.adjusted[0]) == (False, False, False)
    assert gap.mean[0] == pytest.approx(5)


# Runs


def test_a_figure_that_is_nothing_but_referrals_is_known_exactly(short: Any) -> None:
    """Where nobody comes back, referrals are the number expected and luck: adjusted, they are the number expected."""
    found = run(short(**NOBODY_BACK), replications=LEAST, controls=True, journeys="none")
    plain = run(short(**NOBODY_BACK), replications=LEAST, journeys="none")
    (ensemble,) = found.by_scenario
    assert ensemble.referrals is not None
    expected = ensemble.referrals.expected[0].sum()
    rows = [table[(table["measure"] == "referrals") & (table["period"] == "whole") & (table["breakdown"] == "all")]
            for table in (found.summary, plain.summary)]  # fmt: skip
    adjusted, as_it_came = (row.iloc[0] for row in rows)
    assert adjusted["mean"] == pytest.approx(expected)
    assert adjusted["ci95_high"] - adjusted["ci95_low"] == pytest.approx(0, abs=1e-6)
    assert abs(as_it_came["mean"] - expected) > 0.5
    assert (adjusted["low80"], adjusted["high80"]) == (as_it_came["low80"], as_it_came["high80"])
    assert found.measures.equals(plain.measures)


def test_nothing_is_adjusted_unless_asked(short: Any) -> None:
    """Off by default without a precision; off on demand with one."""
    plain = compare(short(), [short("more", levers=SURGE)], replications=LEAST, journeys="none")
    assert plain.manifest.controls == "off"
    assert plain.referral_chance is None
    assert controlled(plain) == []
    assert plain.differences is not None
    assert set(plain.differences["control_reduction"].dropna()) == {1.0}
    aims = Precision((PrecisionTarget("referrals", 0.001, relative=True),), maximum=LEAST)
    off = compare(short(), [short("more", levers=SURGE)], precision=aims, controls=False, journeys="none")
    assert off.manifest.controls == "off"
    assert off.summary["mean"].equals(plain.summary["mean"])


def test_what_stops_a_run_is_what_its_tables_say(short: Any) -> None:
    aims = (PrecisionTarget("assessments_open", 1.0, relative=False), PrecisionTarget("referrals", 0.1, relative=True))
    found = compare(
        short(), [short("more", levers=SURGE)], precision=Precision(aims, maximum=LEAST + 4), journeys="none"
    )
    assert found.manifest.controls == "on"
    assert found.manifest.replications == LEAST + 4
    table = found.differences
    assert table is not None
    for aim in found.manifest.precision.aims:
        row = table[(table["measure"] == aim.measure) & (table["period"] == "whole")].iloc[0]
        assert aim.half_width == pytest.approx((row["ci95_high"] - row["ci95_low"]) / 2, abs=1e-5)
        assert aim.control_reduction == pytest.approx(row["control_reduction"], abs=1e-5)
        if aim.measure == "referrals":
            assert aim.target == pytest.approx(0.1 * row["baseline_mean"], abs=1e-5)
            assert row["control_reduction"] > 1.1  # a third of the luck is the surge's, which is the difference
    gap = table["scenario_mean"] - table["baseline_mean"] - table["difference"]
    assert gap.abs().max() < 1e-9
    assert "adjusted for the chance variation of referrals" in controlled(found)[0]
    assert "times as many runs would be needed for “Referrals" in controlled(found)[0]
    assert "replications" in outcome_in_words(found.manifest.precision)[0]


def test_a_folder_gives_back_what_was_saved(short: Any, tmp_path: Path) -> None:
    found = sim.compare(short(), short("more", levers=SURGE), replications=LEAST, controls=True, journeys="none")
    out = found.save(tmp_path / "out")
    assert "adjusted for the chance variation of referrals" in (out / "report.html").read_text(encoding="utf-8")
    again = load_results(out)
    pd.testing.assert_frame_equal(again.summary, found.summary)
    pd.testing.assert_frame_equal(again.differences, found.differences)
    assert controlled(again) == controlled(found) != []
    copy = again.save(tmp_path / "copy", report=False)
    for name in ("summary.csv", "differences.csv", "referrals.parquet"):
        assert (copy / name).read_bytes() == (out / name).read_bytes(), name
    (copy / "referrals.parquet").unlink()
    with pytest.raises(ResultsError, match=r"referrals\.parquet is missing"):
        load_results(copy)


def test_a_report_compares_other_pairs_in_the_same_way(short: Any) -> None:
    """What two scenarios differ by is the difference of their differences from the baseline."""
    others = [short("more", levers=SURGE), short("most", demand__referrals_a_year=700)]
    found = compare(short(), others, replications=LEAST, controls=True, journeys="none")
    data, table = ResultsView(found), found.differences
    assert table is not None
    mine = {(s, m): d for s, m, p, d in zip(table["scenario"], table["measure"], table["period"], table["difference"],
                                            strict=True) if p == "whole"}  # fmt: skip
    for measure in ("assessments_open", "referrals"):
        between = data.difference("most", measure, "whole", "more")
        assert between is not None
        assert between.mean == pytest.approx(mine["most", measure] - mine["more", measure])
        assert between.low95 < between.mean < between.high95


def test_a_folder_from_before_controls_is_still_read(short: Any, tmp_path: Path) -> None:
    found = compare(short(), [short("more", levers=SURGE)], replications=2, journeys="none")
    out = found.save(tmp_path / "out", report=False)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    del manifest["controls"]
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    again = load_results(out)
    pd.testing.assert_frame_equal(again.differences, found.differences)
    again.save(out)


def without_referrals(scenario: Scenario, seed: int, replication: int) -> Recording:
    return replace(simulate(scenario, seed, replication), referrals=np.zeros((0, 2)))


def test_a_model_that_does_not_say_what_is_expected(short: Any, tmp_path: Path) -> None:
    found = run(short(), replications=LEAST, controls=True, journeys="none", simulate=without_referrals)
    plain = run(short(), replications=LEAST, journeys="none")
    assert found.summary["mean"].to_numpy() == pytest.approx(plain.summary["mean"].to_numpy(), nan_ok=True)
    assert controlled(found) == [
        "Means are not adjusted for the chance variation of referrals: every run has as many as expected."
    ]
    again = load_results(found.save(tmp_path / "out", report=False))
    pd.testing.assert_frame_equal(again.summary, found.summary)


def test_too_few_runs_are_said(short: Any) -> None:
    assert (
        "that takes 20 replications or more"
        in controlled(run(short(), replications=3, controls=True, journeys="none"))[0]
    )
    aims = Precision((PrecisionTarget("referrals", 0.9, relative=True),))
    assert controlled(run(short(), precision=aims, journeys="none")) == []
