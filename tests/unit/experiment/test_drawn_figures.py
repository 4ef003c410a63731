"""Ranges that are drawn for each replication, and the shares of variance that come of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.experiment.analysis.variance import shares
from sim.experiment.errors import ReplicationsFailedError
from sim.experiment.results.results import load_results
from sim.experiment.running.drawn_figures import draw
from sim.experiment.running.runner import compare, run

pytestmark = pytest.mark.unit

REFERRALS = {"low": 300, "high": 700}


def test_central_figures_hold_when_uncertainty_is_off(short: Any) -> None:
    ranged, plain = short("ranged", demand__referrals_a_year=REFERRALS), short("ranged", demand__referrals_a_year=500)
    off = run(ranged, replications=2, uncertainty=False, journeys="none")
    assert off.measures.equals(run(plain, replications=2, journeys="none").measures)
    assert off.parameters is None
    assert off.variance is None
    assert off.manifest.uncertainty == "off"


def test_each_replication_is_the_scenario_that_it_drew(short: Any) -> None:
    ranged = short("ranged", demand__referrals_a_year=REFERRALS)
    results = run(ranged, replications=3, journeys="none")
    assert results.parameters is not None
    values = results.parameters.set_index("replication")["value"]
    assert values.between(300, 700).all()
    assert values.nunique() == 3
    drawn = short("ranged", demand__referrals_a_year=values[1])
    wanted, found = run(drawn, replications=2, journeys="none").measures, results.measures
    keys = ["replication", "measure", "period", "breakdown"]
    both = found.merge(wanted[wanted["replication"] == 1], on=keys, suffixes=("", "_wanted"))
    assert len(both) > 500
    pd.testing.assert_series_equal(both["value"], both["value_wanted"], check_names=False)


def test_scenarios_share_their_draws_wherever_a_lever_stands(short: Any) -> None:
    """The same figure draws the same, and its own range is kept; another figure draws its own."""
    surge = {"lever": "referral_surge", "at": "2016-05-02", "size": {"low": "10%", "high": "30%"}}
    cap = {"lever": "cap", "at": "2016-05-03", "team": "locality team", "cap": {"low": 18, "high": 24}}
    first = draw(short("a", levers=[surge], demand__referrals_a_year=REFERRALS), 1, 4)
    second = draw(short("b", levers=[cap, surge], demand__referrals_a_year={"low": 0, "high": 400}), 1, 4)
    assert first.written["levers.0.size"] == second.written["levers.1.size"]
    assert first.numbers["demand.referrals_a_year"] == pytest.approx(300 + second.numbers["demand.referrals_a_year"])
    assert (second.numbers["levers.0.cap"] - 18) / 6 != pytest.approx((first.numbers["levers.0.size"] - 10) / 20)
    assert draw(short("a", levers=[surge]), 1, 5).written != draw(short("a", levers=[surge]), 1, 4).written


def test_a_range_in_both_scenarios_leaves_no_difference(short: Any) -> None:
    base, other = (short(name, demand__referrals_a_year=REFERRALS) for name in ("base", "other"))
    found = compare(base, [other], replications=3, journeys="none").differences
    assert found is not None
    assert (found["difference"].fillna(0) == 0).all()


def test_figures_that_do_not_go_together_fail_their_replication(short: Any) -> None:
    """Each is sound at either end while the other is at its centre; together the ends are out of order."""
    lags = {"sign_off__lag_from": {"low": 0, "high": 4}, "sign_off__lag_to": {"low": 2, "high": 6}}
    results = run(short("lags", **lags), replications=12, journeys="none")
    failures = results.manifest.failures
    assert 0 < len(failures) < 12
    assert "is below lag_from" in failures[0].error
    assert results.manifest.replications == 12 - len(failures)
    impossible = short("lags", **lags)
    only = failures[0].replication
    with pytest.raises(ReplicationsFailedError, match="lag_from"):
        run(impossible, replications=1, seed=_seed_that_fails(impossible, only), journeys="none")


def _seed_that_fails(loaded: Any, _: int) -> int:
    for seed in range(100):
        drawn = draw(loaded, seed, 0).numbers
        if drawn["sign_off.lag_to"] < drawn["sign_off.lag_from"]:
            return seed
    raise AssertionError("no seed draws the ends out of order")


def test_parameters_and_shares_are_saved_and_read_again(short: Any, tmp_path: Any) -> None:
    results = run(short("ranged", demand__referrals_a_year=REFERRALS), replications=8, journeys="none")
    again = load_results(results.save(tmp_path / "out", report=False))
    assert again.parameters is not None
    pd.testing.assert_frame_equal(again.parameters, results.parameters, check_dtype=False)
    saved = pd.read_csv(tmp_path / "out" / "variance.csv")
    sums = saved.groupby(["measure", "of"])["share"].sum()
    assert sums.to_list() == pytest.approx([1.0] * len(sums))


class TestShares:
    """Shares of a variance whose parts are known."""

    def figures(self, many: int) -> tuple[Any, Any]:
        rng = np.random.default_rng(5)
        return rng.uniform(0, 1, (many, 3)), rng.standard_normal(many)

    def test_known_parts(self) -> None:
        """Slopes 3 and 1 of uniform figures have variances 9/12 and 1/12; chance has 1/6, the third figure none."""
        figures, noise = self.figures(4000)
        found = shares(figures, 3 * figures[:, 0] - figures[:, 1] + noise / 6**0.5)
        assert found is not None
        assert found == pytest.approx([0.75, 1 / 12, 0.0, 1 / 6], abs=0.02)
        assert found.sum() == pytest.approx(1.0)

    def test_unit_of_a_figure_does_not_matter(self) -> None:
        figures, noise = self.figures(50)
        values = figures[:, 0] + noise
        assert shares(figures * [1000, 1, 0.01], values) == pytest.approx(shares(figures, values))

    def test_chance_alone_is_not_blamed_on_figures(self) -> None:
        """With twelve runs and three figures a plain regression would explain a quarter of nothing."""
        found = []
        for seed in range(40):
            rng = np.random.default_rng(seed)
            made = shares(rng.uniform(0, 1, (12, 3)), rng.standard_normal(12))
            assert made is not None
            found.append(made[-1])
        assert np.mean(found) > 0.85

    def test_too_few_runs_say_nothing(self) -> None:
        figures, noise = self.figures(7)
        assert shares(figures, noise) is None
