"""What the runs of a setting say: does it meet the targets often enough, and can chance explain what was seen?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ROUNDS",
    "SequentialTest",
    "Verdict",
    "at_least_as_few",
    "at_least_as_many",
    "doubt_of_a_look",
    "ever_called",
    "rounds",
]

Verdict = Literal["meets", "fails", "open"]
"""`meets`: the targets are met in more runs than chance explains at the chance asked for; `fails`: in fewer; `open`:
neither."""

ROUNDS = (6, 17, 28, 40)
"""Replications after which a setting is looked at: at a chance of 80%, in 6 failing can be told (no more than 2 meet),
and 17 are the fewest in which meeting can (all of them)."""

DOUBT = 0.05
"""All looks together call a setting that meets exactly the chance asked for a failure, or a success, at most this
often; a look alone has less doubt to spend (`doubt_of_a_look`)."""


def rounds(most: int) -> tuple[int, ...]:
    """Replications after which a setting is looked at when it may have `most` of them."""
    return (*(many for many in ROUNDS if many < most), most)


@dataclass
class SequentialTest:
    """Runs of one setting, with the figures of the search's measures; one that failed has none and meets nothing.

    `looks` are the replications after which the verdict may be asked for.
    """

    chance: float
    looks: tuple[int, ...] = ROUNDS
    runs: dict[int, tuple[bool, Mapping[str, float]]] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Replications run."""
        return len(self.runs)

    @property
    def met(self) -> int:
        """Replications that met every target."""
        return sum(met for met, _ in self.runs.values())

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
        """What can be told apart from chance."""
        if not self.number:
            return "open"
        if at_least_as_few(self.met, self.number, self.chance) <= doubt_of_a_look(self.chance, self.looks, "few"):
            return "fails"
        if at_least_as_many(self.met, self.number, self.chance) <= doubt_of_a_look(self.chance, self.looks, "many"):
            return "meets"
        return "open"

    def values(self, measure: str) -> NDArray[np.float64]:
        """A measure in every replication that did not fail."""
        values = [figures[measure] for n, (_, figures) in sorted(self.runs.items()) if n not in self.errors]
        return np.array(values, dtype=np.float64)

    def mean(self, measure: str, first: int | None = None) -> float:
        """Mean of a measure over all replications, or those before `first`; NaN when there is none."""
        runs = sorted(self.runs.items())
        kept = [figures[measure] for n, (_, figures) in runs if n not in self.errors and (first is None or n < first)]
        values = np.array(kept, dtype=np.float64)
        values = values[~np.isnan(values)]
        return float(values.mean()) if len(values) else float("nan")


@lru_cache(maxsize=4096)
def at_least_as_few(met: int, number: int, chance: float) -> float:
    """Probability that no more than `met` of `number` runs meet the targets when each does with this chance."""
    from scipy.special import bdtr

    return float(bdtr(met, number, chance))


@lru_cache(maxsize=4096)
def at_least_as_many(met: int, number: int, chance: float) -> float:
    """Probability that `met` or more of `number` runs meet the targets when each does with this chance."""
    from scipy.special import bdtrc

    return float(bdtrc(met - 1, number, chance)) if met > 0 else 1.0


@lru_cache(maxsize=64)
def doubt_of_a_look(chance: float, looks: tuple[int, ...], kind: Literal["few", "many"]) -> float:
    """The largest probability that a look may call more than chance, so that all looks err no more than `DOUBT`.

    Looking again and again finds something in the end. The same level is used at every look, as S. J. Pocock proposed
    ("Group sequential methods in the design and analysis of clinical trials", Biometrika 64, 1977); for counts of
    successes it can be found exactly.
    """
    tail = at_least_as_few if kind == "few" else at_least_as_many
    levels = {tail(met, number, chance) for number in looks for met in range(number + 1)}
    possible = sorted((level for level in levels if level <= DOUBT), reverse=True)
    return next((level for level in possible if ever_called(chance, looks, kind, level) <= DOUBT), 0.0)


def ever_called(chance: float, looks: Sequence[int], kind: Literal["few", "many"], level: float) -> float:
    """Probability that some look finds a tail of no more than `level` when each run meets the targets with `chance`."""
    from scipy.stats import binom

    tail = at_least_as_few if kind == "few" else at_least_as_many
    going_on, called, before = np.ones(1), 0.0, 0
    for number in looks:
        more = binom.pmf(np.arange(number - before + 1), number - before, chance)
        shares = np.convolve(going_on, more)  # the share of searches that go on, by how many runs met the targets
        calls = np.array([tail(met, number, chance) <= level for met in range(number + 1)])
        called += float(shares[calls].sum())
        going_on = np.where(calls, 0.0, shares)
        before = number
    return called
