"""Running replications: pairing, order, failures and interruptions."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Generator, Sequence
from typing import Any

import pandas as pd
import pytest

import sim
from sim.experiment.errors import ReplicationsFailedError, RunError
from sim.experiment.results.manifest import Failure
from sim.experiment.running.runner import compare, run
from sim.experiment.running.task import Outcome, Task, perform

pytestmark = pytest.mark.unit


class Shuffled:
    """Runs tasks in another order than they were given."""

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        for task in random.Random(4).sample(list(tasks), len(tasks)):
            yield perform(task)


class StoppedAfter:
    """Ctrl-C after some tasks."""

    def __init__(self, many: int) -> None:
        self.many = many

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        for task in tasks[: self.many]:
            yield perform(task)
        raise KeyboardInterrupt


def failing_on(*replications: int) -> Any:
    """The real model, that fails on some replications."""

    def simulate(scenario: Any, seed: int, replication: int) -> Any:
        from sim.model import simulate as real

        if replication in replications:
            raise ValueError("it broke\nin two lines")
        return real(scenario, seed, replication)

    return simulate


@pytest.mark.parametrize("fails", [False, True])
def test_a_run_leaves_nothing_behind(short: Any, fails: bool) -> None:
    # Run after run in one process: what one has made is gone before the next begins, although parts of it point at one
    # another. Nothing else collects here, as nothing else may come to it between two runs.
    made: list[weakref.ref[Any]] = []

    class Service:
        def __init__(self) -> None:
            self.itself = self

    def simulate(scenario: Any, seed: int, replication: int) -> Any:
        from sim.model import simulate as real

        service = Service()
        made.append(weakref.ref(service))
        if fails:
            raise ValueError("it broke")
        return real(scenario, seed, replication)

    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        perform(Task(0, 0, "base", short("base").scenario, 1, simulate=simulate))
        assert made[0]() is None
    finally:
        gc.set_threshold(*before)


def test_results_do_not_depend_on_the_order_of_work(short: Any) -> None:
    base, other = short("base"), short("other", demand__referrals_a_year=500)
    straight = compare(base, [other], replications=3)
    shuffled = compare(base, [other], replications=3, executor=Shuffled())
    pd.testing.assert_frame_equal(straight.measures, shuffled.measures)
    pd.testing.assert_frame_equal(straight.stocks, shuffled.stocks)
    pd.testing.assert_frame_equal(straight.journeys(), shuffled.journeys())


def test_a_replication_is_the_same_whatever_their_number(short: Any) -> None:
    few, many = (
        run(short(), replications=1, journeys="none").measures,
        run(short(), replications=2, journeys="none").measures,
    )
    both = few.merge(many[many["replication"] == 0], on=["measure", "period", "breakdown"], suffixes=("", "_many"))
    assert len(both) == len(few)
    pd.testing.assert_series_equal(both["value"], both["value_many"], check_names=False)


def test_progress_counts_every_replication(short: Any) -> None:
    seen: list[tuple[int, int]] = []
    run(short(), replications=3, progress=lambda done, total: seen.append((done, total)), journeys="none")
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_an_interruption_keeps_replications_that_every_scenario_has(short: Any) -> None:
    results = compare(short("base"), [short("other")], replications=3, executor=StoppedAfter(3))
    assert results.manifest.interrupted is True
    assert (results.manifest.replications, results.manifest.replications_asked) == (1, 3)
    assert set(results.measures["replication"]) == {0}
    assert set(results.journeys()["scenario"]) == {"base", "other"}


def test_an_interruption_before_anything_is_complete_leaves_nothing(short: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        compare(short("base"), [short("other")], replications=3, executor=StoppedAfter(1))


def test_a_replication_that_fails_is_recorded_and_the_others_are_kept(short: Any) -> None:
    results = run(short(), replications=3, simulate=failing_on(1))
    assert results.manifest.failures == (
        Failure(scenario="short", replication=1, error="ValueError: it broke in two lines"),
    )
    assert results.manifest.scenarios[0].replications == (0, 2)
    assert set(results.measures["replication"]) == {0, 2}
    assert "in simulate" in results.traces[0]


def test_when_every_replication_fails_it_says_so(short: Any) -> None:
    with pytest.raises(
        ReplicationsFailedError, match="no replication of short came out; the first error is: ValueError"
    ):
        run(short(), replications=2, simulate=failing_on(0, 1))


def test_scenarios_of_different_periods_are_not_compared(short: Any) -> None:
    with pytest.raises(RunError, match="cover the same period"):
        compare(short("base"), [short("other", period__end="2016-07-31")], replications=1)


def test_the_same_scenario_twice_gets_two_names(short: Any) -> None:
    results = compare(short(), [short(), short()], replications=1, journeys="none")
    assert [entry.name for entry in results.manifest.scenarios] == ["short", "short-2", "short-3"]
    assert (results.differences["difference"].dropna() == 0).all()


@pytest.mark.parametrize("replications", [0, -1])
def test_no_replications_are_refused(short: Any, replications: int) -> None:
    with pytest.raises(RunError, match="too few"):
        run(short(), replications=replications)


def test_the_public_functions_of_a_notebook(short: Any) -> None:
    base = short("base")
    results = sim.compare(base, short("other"), replications=2, journeys="none")
    assert list(results.summary["scenario"].unique()) == ["base", "other"]
    assert sim.run(base, replications=1, journeys="none").differences is None
    assert sim.__version__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sim.nothing  # noqa: B018
