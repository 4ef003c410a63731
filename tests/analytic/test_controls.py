"""Intervals with the luck of referrals taken out cover what they say, where the answer is known.

Figures are normal, half of their variance luck, so that theory is exact: the adjusted mean is unbiased, its interval
covers 95%, and its variance is (1 - R2)(n - 2)/(n - q - 2) of the plain one (S. S. Lavenberg and P. D. Welch,
Management Science 27, 1981). Then a queue that the model's own referrals feed, where nothing is normal.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calendar import WorkingDayCalendar
from sim.experiment.analysis.control_variates import ReferralChance, levels
from sim.experiment.analysis.stopping import Precision, PrecisionTarget, Stopping, coefficient
from sim.experiment.analysis.student import student_quantile
from sim.model.levers.demand import DemandLevers
from sim.model.pathway.front_door.arrivals import ReferralArrivals
from sim.scenario.reading.loader import load
from sim.streams import Streams

pytestmark = pytest.mark.analytic

Floats = NDArray[np.float64]

TRUE, MONTHS, EXPECTED = 100.0, 36, 40.0


def runs(draws: np.random.Generator, shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Figures with variance 2, and the luck that makes half of it: of the last year as much as of the two before."""
    luck = draws.standard_normal((*shape, MONTHS))
    owed = luck[..., -12:].sum(axis=-1) / math.sqrt(24) + luck[..., :-12].sum(axis=-1) / math.sqrt(48)
    return TRUE + owed + draws.standard_normal(shape), luck


@pytest.mark.parametrize("many", [20, 40])
def test_fixed_number_of_replications(many: int) -> None:
    """Bias, coverage and gain, each within 3.5 standard errors of 5,000 trials."""
    trials = 5000
    figures, luck = runs(np.random.default_rng(many), (trials, many))
    errors, covered = np.empty(trials), 0
    for trial in range(trials):
        found = levels(
            figures[trial][:, None], range(many), ["whole"], ReferralChance((), tuple(range(many)), luck[trial])
        )
        errors[trial] = found.mean[0] - TRUE
        covered += abs(errors[trial]) <= found.half_width(0.95)[0]
    assert abs(errors.mean()) <= 3.5 * errors.std() / math.sqrt(trials)
    assert abs(covered / trials - 0.95) <= 3.5 * math.sqrt(0.95 * 0.05 / trials)
    plain = 2.0 / many
    theory = 0.5 * (many - 2) / (many - 4) * plain
    assert errors.var() == pytest.approx(theory, rel=3.5 * math.sqrt(2 / trials))
    assert theory < 0.6 * plain


@pytest.mark.parametrize("needed", [15, 30, 70])
def test_stopping_when_precise(needed: int) -> None:
    """After stopping no fewer than 95% hold, less 2.5 standard errors, with far fewer replications than without."""
    trials, most = 1000, max(60, 2 * needed)
    target = student_quantile(0.5 + coefficient(needed) / 2, needed - 3) / math.sqrt(needed)
    figures, luck = runs(np.random.default_rng(needed), (trials, most))
    months = np.stack([EXPECTED + luck, np.full(luck.shape, EXPECTED)], axis=-1)
    covered, errors = 0, np.empty(trials)
    used = {True: np.empty(trials), False: np.empty(trials)}
    for trial in range(trials):
        for controls, counts in used.items():
            if not controls and trial >= 100:
                continue
            stopping = Stopping(Precision((PrecisionTarget("unallocated", target, False),), most), ["one"], controls)
            for replication in range(most):
                if stopping.enough(0, replication, figures[trial, [replication]], months[trial, replication]):
                    break
            many = counts[trial] = stopping.replications
        many = int(used[True][trial])
        known = ReferralChance((), tuple(range(many)), luck[trial, :many])
        found = levels(figures[trial, :many, None], range(many), ["whole"], known)
        errors[trial] = found.mean[0] - TRUE
        covered += abs(errors[trial]) <= found.half_width(coefficient(many))[0]
    assert covered / trials >= 0.95 - 2.5 * math.sqrt(0.95 * 0.05 / trials)
    assert abs(errors.mean()) <= 3.5 * errors.std() / math.sqrt(trials)
    assert used[True].mean() < 0.8 * used[False][:100].mean()


def test_referrals_of_the_model() -> None:
    """Children still waiting where as many can be seen as are expected, less a tenth: the queue empties in some runs.

    Adjusted means of 40 studies of 25 runs lie about the adjusted mean of all 1,000, and their intervals hold it.
    """
    scenario = load("tiny", {"demand.referrals_a_year": 520, "period.end": "2016-12-31"}).scenario
    calendar = WorkingDayCalendar(scenario.period.start, scenario.period.end)
    levers = DemandLevers(scenario, calendar)
    waiting, luck = np.empty(1000), np.empty((1000, 9))
    for run in range(1000):
        arrivals = ReferralArrivals(scenario.demand, scenario.localities, levers, calendar, Streams(5, run), True)
        came: list[tuple[float, int]] = []
        arrivals.schedule(lambda _day, make: make(), lambda case, at, came=came: came.append((at, case.children)))
        queue, seen = 0.0, 0.9 * sum(expected for _, expected in arrivals.referred) / calendar.horizon
        for children in np.bincount([int(at) for at, _ in came], [many for _, many in came], calendar.horizon):
            queue = max(0.0, queue + children - seen)
        waiting[run] = queue
        luck[run] = [children - expected for children, expected in arrivals.referred]
    both = ReferralChance((), tuple(range(1000)), luck)
    whole = levels(waiting[:, None], range(1000), ["whole"], both)
    assert whole.gained[0] > 1.5
    studies = [levels(waiting[k : k + 25, None], range(k, k + 25), ["whole"], both) for k in range(0, 1000, 25)]
    means = np.array([study.mean[0] for study in studies])
    assert abs(means.mean() - whole.mean[0]) <= 3.5 * means.std(ddof=1) / math.sqrt(len(means))
    held = sum(abs(study.mean[0] - whole.mean[0]) <= study.half_width(0.95)[0] for study in studies)
    assert held >= 34  # of 40 at 95%: fewer in one trial out of a hundred
    plain = waiting.reshape(40, 25).mean(axis=1)
    assert means.var() < 0.8 * plain.var()
