"""Intervals cover what they say on a case with a known answer: the mean wait in an M/M/3 queue.

A thousand trials, each of its own replications. A replication is a queue that begins in its steady state, so that the
mean wait of its children is exactly Erlang's. A second queue with shorter service takes the same children, as a
scenario does.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.experiment.analysis.statistics import paired, spread
from sim.experiment.analysis.stopping import Precision, PrecisionTarget, Stopping, coefficient
from sim.experiment.analysis.student import student_quantile

pytestmark = pytest.mark.analytic

Floats = NDArray[np.float64]

TRIALS, RUNS, CHILDREN = 1000, 40, 1500
RATE, SERVICES = 3.6, (0.5, 0.45)


def _wait(service: float) -> float:
    """Mean wait of M/M/3: Erlang C over spare capacity (L. Kleinrock, Queueing Systems, volume 1, section 3.5)."""
    load = RATE * service
    terms = [load**k / math.factorial(k) for k in range(4)]
    waiting = terms[3] / (1 - load / 3)
    return waiting / (sum(terms[:3]) + waiting) / (3 / service - RATE)


TRUE = [_wait(service) for service in SERVICES]


def _in_order(work: list[Floats]) -> list[Floats]:
    low, high = np.minimum(work[0], work[1]), np.maximum(work[0], work[1])
    middle, high = np.minimum(high, work[2]), np.maximum(high, work[2])
    return [np.minimum(low, middle), np.maximum(low, middle), high]


def _steady(service: float, draws: Floats, residual: Floats, rng: np.random.Generator) -> list[Floats]:
    """Workloads of the three workers, least first, as an arriving child finds them."""
    load = RATE * service
    ratio = load / 3
    weights = np.array([load**k / math.factorial(k) for k in range(3)] + [load**3 / 6 * ratio**k for k in range(120)])
    found = np.searchsorted(np.cumsum(weights) / weights.sum(), draws)
    work = _in_order([np.where(found > k, residual[k] * service, 0.0) for k in range(3)])
    for ahead in range(3, int(found.max())):
        more = rng.exponential(service, len(draws))
        work = _in_order([np.where(found > ahead, work[0] + more, work[0]), work[1], work[2]])
    return work


@pytest.fixture(scope="module")
def waits() -> Floats:
    """Mean wait of each replication: shape (queues, trials, replications)."""
    many = TRIALS * RUNS
    rng = np.random.default_rng(7)
    draws, residual = rng.random(many), rng.exponential(1.0, (3, many))
    work = [_steady(service, draws, residual, np.random.default_rng(8)) for service in SERVICES]
    total = np.zeros((2, many))
    for _ in range(CHILDREN):
        gap, amount = rng.exponential(1 / RATE, many), rng.exponential(1.0, many)
        for queue, service in enumerate(SERVICES):
            mine = work[queue]
            total[queue] += mine[0]
            taken = _in_order([mine[0] + service * amount, mine[1], mine[2]])
            work[queue] = [np.maximum(one - gap, 0.0) for one in taken]
    return (total / CHILDREN).reshape(2, TRIALS, RUNS)


def test_queue_is_the_textbook_one(waits: Floats) -> None:
    """The case itself agrees with Erlang within four standard errors."""
    for queue, true in enumerate(TRUE):
        runs = waits[queue].ravel()
        assert abs(runs.mean() - true) < 4 * runs.std() / math.sqrt(runs.size)


def test_intervals_of_means_cover(waits: Floats) -> None:
    found = spread(waits[0, :, :20].T)
    covered = np.mean((found.ci95_low <= TRUE[0]) & (TRUE[0] <= found.ci95_high))
    assert 0.93 <= covered <= 0.97


def test_paired_intervals_cover_and_pairing_gains(waits: Floats) -> None:
    found = paired(waits[0, :, :20].T, waits[1, :, :20].T)
    true = TRUE[1] - TRUE[0]
    covered = np.mean((found.ci95_low <= true) & (true <= found.ci95_high))
    assert 0.93 <= covered <= 0.97
    assert float(np.median(found.variance_reduction)) > 5


def test_simultaneous_intervals_hold_together() -> None:
    """Three scenarios against one baseline, normal figures: all hold in 95 of 100 trials; intervals for one do not."""
    rng = np.random.default_rng(3)
    base = rng.standard_normal((12, TRIALS))
    three = [paired(base, base + 1.0 + rng.standard_normal((12, TRIALS)), 0.95, 3) for _ in range(3)]
    together = np.mean(np.all([(p.simultaneous_low <= 1) & (p.simultaneous_high >= 1) for p in three], axis=0))
    alone = np.mean(np.all([(p.ci95_low <= 1) & (p.ci95_high >= 1) for p in three], axis=0))
    assert 0.93 <= together <= 0.97
    assert alone < 0.90


@pytest.mark.parametrize("aim", [0.0325, 0.04, 0.05])
def test_stopping_when_precise_does_not_undercover(waits: Floats, aim: float) -> None:
    """Replications come until the interval of the difference is narrow: it still covers as much as it says."""
    true, covered, used = TRUE[1] - TRUE[0], 0, []
    for trial in range(TRIALS):
        stopping = Stopping(
            Precision((PrecisionTarget("allocation_wait_median_wd", aim, True),), RUNS), ["base", "quicker"]
        )
        for replication in range(RUNS):
            stopping.enough(0, replication, waits[0, trial, [replication]])
            if stopping.enough(1, replication, waits[1, trial, [replication]]):
                break
        gap = waits[1, trial, : stopping.replications] - waits[0, trial, : stopping.replications]
        quantile = student_quantile(0.5 + coefficient(len(gap)) / 2, len(gap) - 1)
        covered += abs(gap.mean() - true) <= quantile * gap.std(ddof=1) / math.sqrt(len(gap))
        used.append(stopping.replications)
    assert 0.93 <= covered / TRIALS <= 0.97
    assert 10 < np.mean(used) < RUNS  # the rule had something to decide
