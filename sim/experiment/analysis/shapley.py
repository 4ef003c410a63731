"""Shapley values: what each of several mechanisms contributes, when their effects overlap.

Switched off one at a time, mechanisms that back one another up remove little each, and those that overlap remove
the same children twice. The Shapley value of a mechanism is what switching it off removes, on average over all orders
in which mechanisms may be switched off (L. S. Shapley, "A value for n-person games", 1953). The values add up to what
is removed when all are off. Where all orders are too many some are drawn, each with its reverse (J. Castro, D. Gomez
and J. Tejada, Computers and Operations Research 36, 2009, for sampling; a reversed order is an antithetic variate).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.student import student_quantile

__all__ = ["Orders", "Pair", "Value", "orders_of", "pairs", "sets_of", "values"]

Floats = NDArray[np.float64]
Off = frozenset[int]
"""Mechanisms that are switched off, by number."""


@dataclass(frozen=True)
class Orders:
    """Orders in which mechanisms are switched off: `every` one that there is, or some that were drawn."""

    orders: tuple[tuple[int, ...], ...]
    every: bool


@dataclass(frozen=True)
class Value:
    """What a mechanism contributes to a measure.

    `alone` is what switching it off alone removes; `value` its Shapley value, with the interval of its mean over
    replications and drawn orders.
    """

    alone: float
    alone_low95: float
    alone_high95: float
    value: float
    low95: float
    high95: float


@dataclass(frozen=True)
class Pair:
    """What two mechanisms remove together beyond what each removes alone, with the interval of its mean."""

    first: int
    second: int
    together: float
    low95: float
    high95: float


def orders_of(many: int, most_sets: int, drawn: int, seed: int) -> Orders:
    """All orders of so many mechanisms, where they need no more than `most_sets` settings; else some, in pairs.

    Args:
        drawn: orders to draw, rounded up to a whole number of pairs.
    """
    if 2**many <= most_sets:
        return Orders(tuple(permutations(range(many))), True)
    generator = np.random.Generator(np.random.PCG64(seed))
    orders: list[tuple[int, ...]] = []
    while len(orders) < drawn:
        order = tuple(int(place) for place in generator.permutation(many))
        orders += [order, order[::-1]]
    return Orders(tuple(orders), False)


def sets_of(many: int, orders: Orders) -> list[Off]:
    """The settings that the orders pass through, with each mechanism and each pair alone; nothing off comes first."""
    sets: dict[Off, None] = {frozenset(): None}
    sets |= dict.fromkeys(frozenset({number}) for number in range(many))
    sets |= dict.fromkeys(frozenset(two) for two in combinations(range(many), 2))
    if orders.every:
        sets |= dict.fromkeys(
            frozenset(some) for size in range(3, many + 1) for some in combinations(range(many), size)
        )
    else:
        sets |= dict.fromkeys(frozenset(order[:size]) for order in orders.orders for size in range(1, many + 1))
    return list(sets)


def values(many: int, orders: Orders, runs: Mapping[Off, Floats], confidence: float = 0.95) -> list[Value]:
    """The Shapley value of each mechanism.

    Args:
        runs: a measure by setting, one figure for each replication, of the same children.
    """
    nothing = runs[frozenset()]
    contributions = _exact(many, runs)[None] if orders.every else _drawn(many, orders, runs)
    results = []
    for number in range(many):
        alone = nothing - runs[frozenset({number})]
        mine = contributions[:, number, :]
        by_run = mine.mean(axis=0)
        variance = _variance_of_mean(by_run)
        freedom = len(by_run) - 1
        if not orders.every:
            # An order and its reverse are one draw.
            by_pair = mine.mean(axis=1).reshape(-1, 2).mean(axis=1)
            variance += _variance_of_mean(by_pair)
            freedom = min(freedom, len(by_pair) - 1)
        low, high = _interval(float(by_run.mean()), variance, freedom, confidence)
        results.append(Value(float(alone.mean()), *_of_runs(alone, confidence), float(by_run.mean()), low, high))
    return results


def pairs(many: int, runs: Mapping[Off, Floats], confidence: float = 0.95) -> list[Pair]:
    """What each two mechanisms remove together beyond what each removes alone; the intervals hold for all pairs."""
    nothing = runs[frozenset()]
    chosen = list(combinations(range(many), 2))
    level = 1.0 - (1.0 - confidence) / max(1, len(chosen))
    joint_effects = []
    for first, second in chosen:
        joint = runs[frozenset({first})] + runs[frozenset({second})] - nothing - runs[frozenset({first, second})]
        joint_effects.append(Pair(first, second, float(joint.mean()), *_of_runs(joint, level)))
    return joint_effects


def _exact(many: int, runs: Mapping[Off, Floats]) -> Floats:
    """Shapley values by mechanism and replication, from all settings."""
    contributions = np.zeros((many, len(runs[frozenset()])))
    for some, before in runs.items():
        size = len(some)
        if size == many:
            continue
        weight = factorial(size) * factorial(many - size - 1) / factorial(many)
        for number in range(many):
            if number not in some:
                contributions[number] += weight * (before - runs[some | {number}])
    return contributions


def _drawn(many: int, orders: Orders, runs: Mapping[Off, Floats]) -> Floats:
    """What each mechanism removes in its place in each order: by order, mechanism and replication."""
    contributions = np.zeros((len(orders.orders), many, len(runs[frozenset()])))
    for row, order in enumerate(orders.orders):
        for place, number in enumerate(order):
            before = frozenset(order[:place])
            contributions[row, number] = runs[before] - runs[before | {number}]
    return contributions


def _variance_of_mean(draws: Floats) -> float:
    return float(draws.var(ddof=1) / len(draws)) if len(draws) > 1 else float("nan")


def _of_runs(draws: Floats, confidence: float) -> tuple[float, float]:
    return _interval(float(draws.mean()), _variance_of_mean(draws), len(draws) - 1, confidence)


def _interval(mean: float, variance: float, freedom: int, confidence: float) -> tuple[float, float]:
    if freedom < 1:
        return float("nan"), float("nan")
    half = student_quantile(0.5 + confidence / 2, freedom) * variance**0.5
    return mean - half, mean + half


def labelled(sets: Sequence[Off], names: Sequence[str]) -> list[str]:
    """A name for each setting: what is off in it."""
    return [" + ".join(names[number] for number in sorted(some)) or "nothing off" for some in sets]
