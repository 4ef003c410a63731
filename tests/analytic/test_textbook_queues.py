"""The model reduced to textbook queues gives what theory says, within Monte Carlo error.

The scenarios are those of scenarios/checks. Theory is worked out here a second time and compared with what each file
states; then replications are compared with it. An estimate must lie within four standard errors of theory and within a
few per cent of it, and its standard error must be small, so that no noise can hide a fault.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.model import simulate
from sim.model.recording import Recording
from sim.model.recording.names import ASSESSMENT, CHILD_IN_NEED
from sim.scenario.reading.loader import load
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.analytic

SEED = 1917
WARM_UP = 500
"""Working days left out at the start (the service begins empty) and, for lengths of stay, at the end."""
BATCH = 250
"""Working days in a batch: many times longer than the queues remember."""

Numbers = NDArray[np.float64]


# ------------------------------------------------------------------------------------- theory


def erlang_c(servers: int, load: float) -> float:
    """Share of arrivals that must wait in M/M/c, load being arrival rate times mean service."""
    terms = [load**k / math.factorial(k) for k in range(servers + 1)]
    waiting = terms[servers] / (1.0 - load / servers)
    return waiting / (sum(terms[:servers]) + waiting)


def mmc(rate: float, mean: float, servers: int) -> dict[str, float]:
    waiting = erlang_c(servers, rate * mean)
    wait = waiting / (servers / mean - rate)
    return {
        "utilisation": rate * mean / servers,
        "share_waiting": waiting,
        "mean_wait": wait,
        "mean_waiting": rate * wait,
        "mean_time_in_stage": wait + mean,
        "mean_in_stage": rate * (wait + mean),
    }


def cobham(rate: float, mean: float, servers: int, shares: list[float]) -> list[float]:
    """Mean wait by class, first class first, where no service is broken off."""
    until_free = erlang_c(servers, rate * mean) * mean / servers
    used = [sum(shares[:k]) * rate * mean / servers for k in range(len(shares) + 1)]
    return [until_free / ((1 - used[k]) * (1 - used[k + 1])) for k in range(len(shares))]


# ------------------------------------------------------------------------------------- estimates


@dataclass(frozen=True)
class Estimate:
    """A mean and its standard error."""

    value: float
    error: float

    def agrees_with(self, theory: float, within: float) -> bool:
        """Within four standard errors of theory and a share `within` of it; the standard error is half that at most."""
        limit = min(4.0 * self.error, within * theory)
        return self.error <= within / 2 * theory and abs(self.value - theory) <= limit


def ratio(sums: Numbers, counts: Numbers) -> Estimate:
    """Mean of something over batches of different sizes (ratio estimator)."""
    value = sums.sum() / counts.sum()
    error = math.sqrt(np.sum((sums - value * counts) ** 2) * len(sums) / (len(sums) - 1)) / counts.sum()
    return Estimate(float(value), error)


class Runs:
    """Replications of a check scenario, cut into batches."""

    def __init__(self, name: str, replications: int) -> None:
        self.scenario: Scenario = load(f"checks/{name}").scenario
        self.theory = self.scenario.theory
        self.recordings = [simulate(self.scenario, SEED, number) for number in range(replications)]
        self.rate = self.scenario.demand.referrals_a_working_day or 0.0

    def spells(self, stage: int) -> Iterator[tuple[Recording, dict[str, Any]]]:
        """Spells in a stage, by replication; all in a check scenario are of one child."""
        for recording in self.recordings:
            chosen = recording.spells["stage"] == stage
            yield recording, {name: column[chosen] for name, column in recording.spells.items()}

    def length(self, stage: int, since: str, until: str, need: int | None = None) -> Estimate:
        """Mean working days from one date of a spell to another.

        Both are whole days; their difference has the mean of the true length, because every moment of a day is as
        likely as any other.
        """
        sums, counts = [], []
        for recording, spells in self.spells(stage):
            kept = (spells["entered"] >= WARM_UP) & (spells["entered"] < recording.horizon - WARM_UP)
            assert np.all(spells[until][kept] >= 0), "a spell of the warm part has not come to its end"
            if need is not None:
                kept &= recording.cases["need"][case_places(recording, spells["case"])] == need
            batch = spells["entered"][kept] // BATCH
            sums.append(np.bincount(batch, (spells[until] - spells[since])[kept])[WARM_UP // BATCH :])
            counts.append(np.bincount(batch)[WARM_UP // BATCH :])
        return ratio(np.concatenate(sums), np.concatenate(counts).astype(float))

    def present(self, stage: int, since: str, until: str) -> Numbers:
        """Children between two dates of their spells as each working day starts; replications x batches x days."""
        rows = []
        for recording, spells in self.spells(stage):
            # Who came on day d is there at the start of day d + 1, and who went on day d was still there at its start.
            change = np.zeros(recording.horizon + 2)
            np.add.at(change, spells[since][spells[since] >= 0] + 1, 1)
            np.add.at(change, spells[until][spells[until] >= 0] + 1, -1)
            days = np.cumsum(change)[WARM_UP : recording.horizon]
            rows.append(days[: len(days) // BATCH * BATCH].reshape(-1, BATCH))
        return np.stack(rows)

    def arrivals(self) -> Estimate:
        """Children referred on a working day."""
        counts = np.array([len(recording.cases["case"]) for recording in self.recordings], dtype=float)
        days = np.array([recording.horizon for recording in self.recordings], dtype=float)
        return Estimate(counts.sum() / days.sum(), math.sqrt(self.rate / days.sum()))


def case_places(recording: Recording, cases: NDArray[np.int64]) -> NDArray[np.int64]:
    order = np.argsort(recording.cases["case"])
    return order[np.searchsorted(recording.cases["case"], cases, sorter=order)]


def over_time(values: Numbers, control: Numbers | None = None) -> Estimate:
    """Mean over days, with an error from the means of batches.

    Args:
        values: replications x batches x days.
        control: a control variate of the same shape: something of mean zero that is high when the values are by luck.
            What a straight line through the batches makes of it is taken off.
    """
    means = values.mean(axis=2).ravel()
    columns = [np.ones(len(means))] + ([] if control is None else [control.mean(axis=2).ravel()])
    design = np.column_stack(columns)
    fitted = np.linalg.lstsq(design, means, rcond=None)[0]
    left = means - design @ fitted
    spread = left @ left / (len(means) - len(columns)) * np.linalg.inv(design.T @ design)[0, 0]
    return Estimate(float(fitted[0]), math.sqrt(spread))


def check(found: dict[str, Estimate], theory: dict[str, float], within: float) -> None:
    """Compare every estimate with theory, and say all that disagree."""
    wrong = {
        name: (estimate, theory[name])
        for name, estimate in found.items()
        if not estimate.agrees_with(theory[name], within)
    }
    assert not wrong


# ------------------------------------------------------------------------------------- the checks


def test_mmc() -> None:
    runs = Runs("mmc", 4)
    work = runs.scenario.stages.assessment.work
    assert work is not None
    servers = runs.scenario.teams["assessment"].workers[0].count
    theory = mmc(runs.rate, work.mean_working_days, servers)
    assert runs.theory == pytest.approx(theory | {"arrivals_a_working_day": runs.rate}, abs=1e-7)
    waiting = runs.present(ASSESSMENT, "entered", "allocated")
    inside = runs.present(ASSESSMENT, "entered", "ended")
    assert np.array_equal(np.minimum(inside, servers), inside - waiting), "a worker is idle while a child waits"
    working = (inside - waiting) / servers
    check({"arrivals_a_working_day": runs.arrivals()}, runs.theory, 0.01)
    check(
        {
            "utilisation": over_time(working),
            "share_waiting": over_time((inside >= servers).astype(float)),
            "mean_wait": runs.length(ASSESSMENT, "entered", "allocated"),
            "mean_waiting": over_time(waiting, working - theory["utilisation"]),
            "mean_time_in_stage": runs.length(ASSESSMENT, "entered", "ended"),
            "mean_in_stage": over_time(inside, working - theory["utilisation"]),
        },
        runs.theory,
        0.06,
    )


def test_mmc_with_priorities() -> None:
    runs = Runs("mmc-priorities", 3)
    assessment = runs.scenario.stages.assessment
    assert assessment.work is not None
    servers = runs.scenario.teams["assessment"].workers[0].count
    levels = {"severe": 4, "high": 3, "low": 1}
    shares = [runs.scenario.demand.need[level] for level in levels]
    waits = cobham(runs.rate, assessment.work.mean_working_days, servers, shares)
    theory = {f"mean_wait_{level}": wait for level, wait in zip(levels, waits, strict=True)}
    whole = mmc(runs.rate, assessment.work.mean_working_days, servers)
    assert sum(share * wait for share, wait in zip(shares, waits, strict=True)) == pytest.approx(whole["mean_wait"])
    assert {name: runs.theory[name] for name in theory} == pytest.approx(theory, abs=1e-7)
    assert runs.theory["mean_wait"] == pytest.approx(whole["mean_wait"], abs=1e-7)
    check(
        {
            f"mean_wait_{level}": runs.length(ASSESSMENT, "entered", "allocated", need=number)
            for level, number in levels.items()
        }
        | {"mean_wait": runs.length(ASSESSMENT, "entered", "allocated")},
        runs.theory,
        0.07,
    )


def test_mg_infinity() -> None:
    runs = Runs("mg-infinity", 2)
    work = runs.scenario.stages.assessment.work
    assert work is not None
    mean = runs.rate * work.mean_working_days
    assert runs.theory == {
        "arrivals_a_working_day": runs.rate,
        "mean_wait": 0,
        "mean_time_in_stage": work.mean_working_days,
        "mean_in_stage": pytest.approx(mean),
        "variance_in_stage": pytest.approx(mean),
    }
    inside = runs.present(ASSESSMENT, "entered", "ended")
    assert runs.length(ASSESSMENT, "entered", "allocated").value == 0.0
    check(
        {
            "mean_time_in_stage": runs.length(ASSESSMENT, "entered", "ended"),
            "mean_in_stage": over_time(inside),
        },
        runs.theory,
        0.02,
    )
    check({"variance_in_stage": over_time((inside - mean) ** 2)}, runs.theory, 0.1)


def test_processor_sharing() -> None:
    runs = Runs("processor-sharing", 3)
    work = runs.scenario.stages.assessment.work
    assert work is not None
    used = runs.rate * work.mean_working_days
    mean = used / (1 - used)
    assert runs.theory == pytest.approx(
        {
            "arrivals_a_working_day": runs.rate,
            "utilisation": used,
            "mean_time_in_stage": work.mean_working_days / (1 - used),
            "mean_in_stage": mean,
            "variance_in_stage": used / (1 - used) ** 2,
            "share_empty": 1 - used,
        }
    )
    inside = runs.present(ASSESSMENT, "entered", "ended")
    busy = (inside > 0).astype(float) - used
    worked = [recording.work["worked"] / recording.work["available"] for recording in runs.recordings]
    shares = np.concatenate(worked)
    check(
        {
            "mean_time_in_stage": runs.length(ASSESSMENT, "entered", "ended"),
            "mean_in_stage": over_time(inside, busy),
            "share_empty": over_time((inside == 0).astype(float)),
            # Months hardly remember each other; the first is near enough to empty not to matter among 3,000.
            "utilisation": Estimate(float(shares.mean()), float(shares.std(ddof=1)) / math.sqrt(len(shares))),
        },
        runs.theory,
        0.05,
    )
    check({"variance_in_stage": over_time((inside - mean) ** 2, busy)}, runs.theory, 0.1)


def test_two_stages_in_a_row() -> None:
    runs = Runs("child-in-need-queue", 2)
    stages = runs.scenario.stages
    assert stages.assessment.work is not None
    servers = runs.scenario.teams["plans"].workers[0].count
    second = mmc(runs.rate, stages.child_in_need.intervention.mean_working_days, servers)
    theory = {name: second[name] for name in ("utilisation", "mean_wait", "mean_waiting")}
    first = stages.assessment.work.mean_working_days
    theory |= {"mean_time_in_assessment": first, "mean_in_assessment": runs.rate * first}
    assert runs.theory == pytest.approx(theory | {"arrivals_a_working_day": runs.rate}, abs=1e-7)
    waiting = runs.present(CHILD_IN_NEED, "entered", "allocated")
    working = (runs.present(CHILD_IN_NEED, "entered", "ended") - waiting) / servers
    check(
        {
            "mean_time_in_assessment": runs.length(ASSESSMENT, "entered", "ended"),
            "mean_in_assessment": over_time(runs.present(ASSESSMENT, "entered", "ended")),
            "utilisation": over_time(working),
            "mean_wait": runs.length(CHILD_IN_NEED, "entered", "allocated"),
            "mean_waiting": over_time(waiting, working - theory["utilisation"]),
        },
        runs.theory,
        0.08,
    )
