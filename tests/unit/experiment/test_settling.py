"""Runs without a number of replications: when they stop, and what they say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest

import sim
from sim.experiment.analysis.settling import CLEAR, FIRST_SCREEN, LOOKS, MOST, Settling, references
from sim.experiment.analysis.stopping_words import how_it_ended
from sim.experiment.results.manifest import SettlingOutcome
from sim.measures.compute import Measured

pytestmark = pytest.mark.unit


@dataclass
class Layout:
    periods: tuple[str, ...] = ("2016-17", "2016-17 Q1", "2017-18", "whole")


@dataclass
class Figures:
    """Stands in for a measured replication: one value for every measure, more in the second year."""

    level: float

    layout = Layout()

    def value(self, measure: str, period: str) -> float:
        return self.level * (2.0 if period == "2017-18" else 1.0)


def measured(level: float) -> Measured:
    return cast(Any, Figures(level))


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def settling(scenarios: int = 2, seconds: float = 120.0, clock: Clock | None = None) -> Settling:
    return Settling([None, *[0] * (scenarios - 1)], seconds, clock or Clock())


def feed(stop: Settling, gap: float, noise: float, replications: int = MOST) -> int:
    """Replications until it stops: levels near 1,000, and a difference with normal noise."""
    draws = np.random.default_rng(7)
    for replication in range(replications):
        base = 1000.0 + draws.normal(0.0, 50.0)
        if stop.enough(0, replication, measured(base)):
            return replication + 1
        if stop.enough(1, replication, measured(base + gap + noise * draws.normal())):
            return replication + 1
    return replications


def test_a_plain_difference_is_settled_at_the_first_look() -> None:
    stop = settling()
    assert feed(stop, gap=200.0, noise=30.0) == LOOKS[0]
    assert (stop.reason, stop.replications, stop.looks) == ("settled", LOOKS[0], [LOOKS[0]])


def test_a_difference_too_small_to_matter_is_settled() -> None:
    stop = settling()
    assert feed(stop, gap=0.0, noise=0.5) == LOOKS[0]
    assert stop.reason == "settled"


def test_a_noisy_difference_runs_on_to_the_most() -> None:
    stop = settling()
    assert feed(stop, gap=100.0, noise=2_000.0) == MOST
    assert stop.reason == "most"
    assert stop.outcome().unsettled == FIRST_SCREEN


def test_the_clock_stops_it_with_the_replications_that_have_no_gap() -> None:
    clock = Clock()
    stop = settling(clock=clock)
    for replication in (0, 1, 3):
        for position in range(2):
            assert not stop.enough(position, replication, measured(1.0 + position * replication))
    clock.now = 121.0
    assert stop.enough(0, 4, measured(1.0))
    assert (stop.reason, stop.replications) == ("time", 2)


def test_the_clock_waits_for_two_replications() -> None:
    clock = Clock()
    stop = settling(scenarios=1, clock=clock)
    clock.now = 500.0
    assert not stop.enough(0, 0, measured(1.0))
    assert stop.enough(0, 1, measured(2.0))


def test_a_failed_replication_counts_as_come_and_is_left_out_of_the_look() -> None:
    stop = settling(scenarios=1)
    assert not stop.enough(0, 0, None)
    stopped = [stop.enough(0, replication, measured(5.0)) for replication in range(1, LOOKS[0])]
    assert stopped == [False] * (LOOKS[0] - 2) + [True]


def test_intervals_after_stopping_cover_what_they_say() -> None:
    """With six rows of their own; the docstring of the module quotes larger trials."""
    draws = np.random.default_rng(3)
    truth, covered, trials = 40.0, 0, 300
    for _ in range(trials):
        stop = settling()
        gaps: list[float] = []
        for replication in range(MOST):
            gaps.append(float(draws.normal(truth, 60.0)))
            stop.enough(0, replication, measured(500.0))
            if stop.enough(1, replication, measured(500.0 + gaps[-1])):
                break
        used = np.array(gaps[: stop.replications])
        half = 2.02 * used.std(ddof=1) / np.sqrt(len(used))
        covered += abs(used.mean() - truth) <= half
    assert 0.90 <= covered / trials <= 0.98
    assert CLEAR > 0.99


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([("base",), ("base", "surge")], [None, 0]),
        ([("base",), ("base", "surge"), ("base", "surge", "teams")], [None, 0, 1]),
        ([("base",), ("other",), ("base", "surge", "mid", "teams")], [None, 0, 0]),
        ([("a",), ("a", "b"), ("a", "b", "c"), ("a", "b", "c", "d")], [None, 0, 1, 2]),
    ],
)
def test_a_scenario_is_compared_with_the_nearest_that_it_extends(
    files: list[tuple[str, ...]], expected: list[int | None]
) -> None:
    assert references(files) == expected


def test_a_run_without_a_number_equals_one_of_as_many_replications(short: Any) -> None:
    changed = short("busy", **{"demand.referrals_a_year": 600})
    free = sim.compare(short(), changed, replications=None, minutes=1e-6)
    fixed = sim.compare(short(), changed, replications=free.manifest.replications)
    assert free.manifest.settling is not None
    assert (free.manifest.settling.reason, free.manifest.replications, free.manifest.complete) == ("time", 2, True)
    assert free.differences is not None
    assert fixed.differences is not None
    assert free.differences.equals(fixed.differences)
    assert fixed.manifest.settling is None


def test_words_say_why_it_stopped_and_what_is_open() -> None:
    settled = SettlingOutcome(reason="settled", seconds=120, looks=(10, 20), replications=20)
    assert how_it_ended(settled) == [
        "The answers of the first screen were settled after 20 replications, so the run stopped."
    ]
    early = SettlingOutcome(reason="time", seconds=120, replications=6)
    assert how_it_ended(early)[0] == "Stopped after 2 minutes with 6 replications."
    assert "too few" in how_it_ended(early)[1]
    late = SettlingOutcome(reason="time", seconds=45, looks=(10,), replications=12, unsettled=("unallocated",))
    assert how_it_ended(late) == [
        "Stopped after 45 seconds with 12 replications.",
        "Not settled at the last look: Children without a social worker. More replications (-n) may settle them.",
    ]
