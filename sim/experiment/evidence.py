"""What the runs of a setting say: does it meet the targets often enough, and can luck explain what was seen?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROUNDS", "Evidence", "Verdict", "at_least_as_few", "at_least_as_many", "rounds"]

Verdict = Literal["meets", "fails", "open"]
"""`meets`: the targets are met in more runs than luck explains at the chance asked for; `fails`: in fewer; `open`:
neither."""

ROUNDS = (6, 14, 28, 40)
"""Replications after which a setting is looked at: at a chance of 80%, in 6 failing can be told (no more than 2 meet),
and 14 are the fewest in which meeting can (all of them)."""

DOUBT = 0.05
"""Each look calls a setting that meets exactly the chance asked for a failure, or a success, at most this often."""


def rounds(most: int) -> tuple[int, ...]:
    """Replications after which a setting is looked at when it may have `most` of them."""
    return (*(many for many in ROUNDS if many < most), most)


@dataclass
class Evidence:
    """Runs of one setting, with the figures of the search's measures; one that failed has none and meets nothing."""

    chance: float
    runs: dict[int, tuple[bool, Mapping[str, float]]] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Replications run."""
        return len(self.runs)

    @property
    def met(self) -> int:
        """Replications that met every target."""
        return sum(one for one, _ in self.runs.values())

    @property
    def share(self) -> float:
        """Share of the replications that met every target."""
        return self.met / self.number if self.number else float("nan")

    @property
    def enough(self) -> bool:
        """Whether the share seen reaches the chance asked for."""
        return self.number > 0 and self.met >= self.chance * self.number - 1e-9

    @property
    def verdict(self) -> Verdict:
        """What can be told apart from luck."""
        if not self.number:
            return "open"
        if at_least_as_few(self.met, self.number, self.chance) < DOUBT:
            return "fails"
        if at_least_as_many(self.met, self.number, self.chance) < DOUBT:
            return "meets"
        return "open"

    def values(self, measure: str) -> NDArray[np.float64]:
        """A measure in every replication that did not fail."""
        found = [figures[measure] for n, (_, figures) in sorted(self.runs.items()) if n not in self.errors]
        return np.array(found, dtype=np.float64)

    def mean(self, measure: str, first: int | None = None) -> float:
        """Mean of a measure over all replications, or those before `first`; NaN when there is none."""
        runs = sorted(self.runs.items())
        kept = [figures[measure] for n, (_, figures) in runs if n not in self.errors and (first is None or n < first)]
        found = np.array(kept, dtype=np.float64)
        found = found[~np.isnan(found)]
        return float(found.mean()) if len(found) else float("nan")


@lru_cache(maxsize=4096)
def at_least_as_few(met: int, number: int, chance: float) -> float:
    """Probability that no more than `met` of `number` runs meet the targets when each does with this chance."""
    return _binomial(range(met + 1), number, chance)


@lru_cache(maxsize=4096)
def at_least_as_many(met: int, number: int, chance: float) -> float:
    """Probability that `met` or more of `number` runs meet the targets when each does with this chance."""
    return _binomial(range(met, number + 1), number, chance)


def _binomial(counts: Sequence[int], number: int, chance: float) -> float:
    import math

    return math.fsum(math.comb(number, k) * chance**k * (1.0 - chance) ** (number - k) for k in counts)
