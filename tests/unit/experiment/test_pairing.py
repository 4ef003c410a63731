"""What pairing gains, intervals for several scenarios, and which scenario is best."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.experiment.analysis.best import best, best_shares
from sim.experiment.analysis.statistics import paired
from sim.experiment.analysis.student import student_quantile
from sim.experiment.results.replications import Replications
from sim.experiment.results.tables import differences
from sim.experiment.running.runner import compare
from sim.measures.compute import FigureRows

pytestmark = pytest.mark.unit


def ensemble(name: str, values: Any, measure: str = "unallocated") -> Replications:
    rows = FigureRows((measure,), ("whole",), ("all",))
    return Replications(name, rows, tuple(range(len(values))), np.array(values, dtype=float).reshape(-1, 1), ())


def test_variance_reduction_by_hand() -> None:
    """1, 2, 3 against 2, 3, 5: variances 1 and 7/3, and of the differences 1, 1, 2 a third."""
    found = paired([[1.0], [2.0], [3.0]], [[2.0], [3.0], [5.0]])
    assert found.variance_reduction[0] == pytest.approx((1 + 7 / 3) / (1 / 3))
    missing = paired([[1.0], [2.0], [3.0], [np.nan]], [[2.0], [3.0], [5.0], [9.0]])
    assert missing.variance_reduction[0] == pytest.approx(10.0)


def test_no_gain_to_speak_of_where_no_run_differs() -> None:
    assert np.isnan(paired([[1.0], [2.0]], [[2.0], [3.0]]).variance_reduction[0])


def test_simultaneous_intervals_share_the_error_among_scenarios() -> None:
    runs = np.random.default_rng(1).normal(0, 1, (8, 3))
    table = differences([ensemble("base", np.zeros(8)), *(ensemble(f"s{n}", runs[:, n]) for n in range(3))])
    assert table is not None
    for n, row in enumerate(table.itertuples()):
        error = runs[:, n].std(ddof=1) / 8**0.5
        assert row.ci95_high - row.difference == pytest.approx(student_quantile(0.975, 7) * error)
        assert row.simultaneous_high - row.difference == pytest.approx(student_quantile(1 - 0.05 / 6, 7) * error)


def test_clear_of_chance_is_of_all_scenarios_together() -> None:
    """A difference that one interval alone would call clear is not, when it is one of five."""
    spread = np.array([-1.0, 1.0] * 5)
    size = 1.15 * student_quantile(0.975, 9) * spread.std(ddof=1) / 10**0.5
    base, other = ensemble("base", np.zeros(10)), ensemble("other", size + spread)
    alone = differences([base, other])
    among = differences([base, other, *(ensemble(f"s{n}", spread) for n in range(4))])
    assert alone is not None
    assert among is not None
    assert alone["clear_of_chance"][0]
    assert not among["clear_of_chance"][0]
    assert among["ci95_low"][0] == alone["ci95_low"][0] > 0


def test_comparison_has_the_columns_and_pairing_gains(short: Any) -> None:
    results = compare(short("base"), [short("other", demand__referrals_a_year=520)], replications=6, journeys="none")
    assert results.differences is not None
    rows = results.differences[results.differences["period"] == "whole"].set_index("measure")
    assert rows.loc["assessments_completed", "variance_reduction"] > 1
    assert rows["simultaneous_low"].equals(rows["ci95_low"])


def test_best_shares_split_ties() -> None:
    assert best_shares(np.array([[1.0, 2.0, 2.0], [3.0, 1.0, 0.0]])) == pytest.approx([0.5, 0.25, 0.25])


def test_best_of_three() -> None:
    """Fewer children waiting is better: one is always best, or two are alike, or the runs cannot tell."""
    rng = np.random.default_rng(2)
    base = rng.normal(100, 5, 20)
    runs = [ensemble("base", base), ensemble("same", base), ensemble("better", base - rng.uniform(1, 2, 20))]
    table = best(runs, 1)
    assert table is not None
    found = table.set_index("scenario")
    assert found["best_share"].to_dict() == {"base": 0.0, "same": 0.0, "better": 1.0}
    assert found["best_in_runs"]["better"] == 1.0
    close = best([ensemble("base", base), ensemble("noise", base + rng.normal(0, 5, 20))], 1)
    assert close is not None
    assert close["best_share"].between(0.02, 0.98).all()
    assert close["best_share"].sum() == pytest.approx(1.0)


def test_best_way_is_the_measures_own() -> None:
    values = np.arange(5.0)
    pair = [ensemble("low", values, "assessments_45wd_pct"), ensemble("high", values + 1, "assessments_45wd_pct")]
    table = best(pair, 1)
    assert table is not None
    assert table.set_index("scenario")["best_share"]["high"] == 1.0
    assert best(pair[:1], 1) is None


def test_how_many_threads_share_the_work_changes_nothing(short: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    results = compare(short("base"), [short("other", demand__referrals_a_year=600)], replications=4, journeys="none")
    found = []
    for threads in (1, 3):
        monkeypatch.setattr("sim.experiment.analysis.best.available_cpus", lambda threads=threads: threads)
        found.append(best(results.by_scenario, 1))
    assert found[0] is not None
    pd.testing.assert_frame_equal(found[0], found[1], check_exact=True)


def test_a_fault_in_a_thread_is_said_as_it_is(short: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    results = compare(short("base"), [short("other", demand__referrals_a_year=600)], replications=2, journeys="none")

    def fail(figures: Any) -> Any:
        raise MemoryError("no room")

    monkeypatch.setattr("sim.experiment.analysis.best.best_shares", fail)
    with pytest.raises(MemoryError, match="no room"):
        best(results.by_scenario, 1)
