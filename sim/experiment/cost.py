"""What a run will cost in time and memory, before it begins, and whether a scenario can be set up at all.

The rule is rough. One replication takes a time for each simulated child and for each worker and year; it holds memory
for each child. It was measured in December 2026 on two busy cores, model as written: `tiny` 120 microseconds a child,
Croydon 124 (90 with twice the referrals), Surrey 152, the M/M/c check 67; 1.5 to 2.5 kB a child beyond 0.1 GB for
the program, and 6 kB in `tiny`. The compiled model takes about half the time.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.experiment.errors import RunError
from sim.scenario.reach import children_in_the_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.schema import Scenario

__all__ = ["Cost", "cost_of", "cost_together", "set_up_once"]

SECONDS_A_CHILD: Final = 150e-6
SECONDS_A_WORKER_YEAR: Final = 2e-3
BYTES_A_CHILD: Final = 2_500
BYTES_AT_LEAST: Final = 150_000_000
LONG: Final = 600.0
"""Seconds from which a run asks first."""
LARGE: Final = 0.5
"""Share of the machine's memory from which a run asks first."""
SET_UP_AT_MOST: Final = 5_000
"""Children open at the start up to which `check` sets up a replication: more take too long."""


@dataclass(frozen=True)
class Cost:
    """Expected time and memory of a run."""

    replications: int
    seconds: float
    memory: float
    """Bytes, of all processes together."""

    @property
    def too_much(self) -> str:
        """Why a run should ask first, as one sentence, or an empty text."""
        reasons = []
        if self.seconds > LONG:
            reasons.append(f"takes about {_time(self.seconds)}")
        known = _memory_of_this_machine()
        if known and self.memory > LARGE * known:
            reasons.append(f"needs about {_size(self.memory)} of the {_size(known)} of memory here")
        return f"the run {' and '.join(reasons)}" if reasons else ""

    def __str__(self) -> str:
        many = "1 replication takes" if self.replications == 1 else f"{self.replications:,} replications take"
        return f"{many} about {_time(self.seconds)} and {_size(self.memory)} of memory"


def cost_of(scenario: Scenario, replications: int, processes: int = 1) -> Cost:
    """Estimate the time and memory of replications of a scenario, shared out over processes.

    Assumption: processes run side by side without slowing one another down.
    """
    children = children_in_the_run(scenario)
    years = (scenario.period.end - scenario.period.start).days / 365.25
    heads = sum(group.count for team in scenario.teams.values() for group in team.workers)
    each = SECONDS_A_CHILD * children + SECONDS_A_WORKER_YEAR * heads * years
    at_once = max(1, min(processes, replications))
    rounds = math.ceil(replications / at_once)
    return Cost(replications, each * rounds, at_once * (BYTES_AT_LEAST + BYTES_A_CHILD * children))


def cost_together(scenarios: Sequence[Scenario], replications: int, processes: int = 1) -> Cost:
    """Estimate the time and memory of replications of several scenarios, shared out over processes."""
    each = [cost_of(scenario, 1) for scenario in scenarios]
    at_once = max(1, min(processes, replications * len(each)))
    seconds = replications * sum(cost.seconds for cost in each) / at_once
    return Cost(replications, max(seconds, *(cost.seconds for cost in each)), at_once * max(c.memory for c in each))


def set_up_once(scenario: Scenario) -> bool:
    """Build one replication to the morning of its first day; False where the opening caseload is too large to try.

    Raises:
        RunError: when it cannot be built, in one sentence.
    """
    opening = sum(getattr(scenario.opening, stage).children for stage in type(scenario.opening).model_fields)
    if opening > SET_UP_AT_MOST:
        return False
    from sim.model.service import Service

    try:
        Service(scenario, 1, 0, record=False).begin()
    except (ArithmeticError, LookupError, ValueError, MemoryError, RecursionError) as error:
        text = " ".join(str(error).split()) or type(error).__name__
        raise RunError(f"the scenario is sound in itself, but a replication of it cannot be set up: {text}") from error
    return True


def _memory_of_this_machine() -> float:
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return 0.0


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{max(1, round(seconds))} second{'' if round(seconds) <= 1 else 's'}"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:,.0f} hours"


def _size(size: float) -> str:
    return f"{size / 1e6:,.0f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
