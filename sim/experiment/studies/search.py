"""The search for the cheapest setting: cheapest first, with what is known of one setting ruling out others.

The settings form a grid. On each axis of numbers more helps, or less does, or both up to a peak: found by running some
places along it. From then on a setting that misses the targets rules out every setting that is further from the peak on
each axis, and one that meets them rules out what costs more. The search runs the setting whose verdict, whichever way
it falls, rules out most of what is left; on one axis that is bisection. Each setting gets replications in rounds until
chance alone no longer explains how many met the targets, or the most are spent. All settings have the same simulated
children.

The order of settings by cost is predicted by a straight-line fit to those that were run: exact for money, which is
linear in people. Whatever is reported was run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.sequential_test import SequentialTest, rounds
from sim.experiment.analysis.statistics import mean_interval

__all__ = ["Search", "Setting", "TriedSetting"]

Setting = tuple[int, ...]
"""The place of a setting on each axis, from 0."""

Floats = NDArray[np.float64]
Run = Callable[[Sequence[tuple[Setting, int]]], None]
"""Runs replications of settings, and puts them into the search's tests."""

PLACES = 5
"""Places along an axis that are run first, both ends among them."""

BESIDE = 8
"""Settings looked at on each side of the answer to see which cannot be told apart from it."""


@dataclass(frozen=True)
class TriedSetting:
    """The answer of a search.

    `setting` is the cheapest that met the targets often enough in the runs made, None when no setting did. `possible`
    are cheaper settings that chance may have kept from it, `sure` is the cheapest whose success is more than chance.
    """

    setting: Setting | None
    possible: tuple[Setting, ...] = ()
    sure: Setting | None = None
    notes: tuple[str, ...] = ()


@dataclass
class Search:
    """A search over a grid.

    Args:
        sizes: values on each axis.
        ordered: whether the values of an axis are numbers, so that one way may help; others are tried one by one.
        chance: share of runs that must meet every target.
        run: runs replications.
        cost: mean of what is minimised, from the test of a setting.
        margin: how well the targets are met in each of the first replications of a setting; higher is better.
        most: replications of a setting at most.
    """

    sizes: tuple[int, ...]
    ordered: tuple[bool, ...]
    chance: float
    run: Run
    cost: Callable[[SequentialTest], float]
    margin: Callable[[SequentialTest], Floats]
    most: int = 40
    tests: dict[Setting, SequentialTest] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._settings = np.array(list(np.ndindex(*self.sizes)), dtype=np.int64).reshape(-1, len(self.sizes))
        self._peak = np.array(self.sizes, dtype=np.int64) - 1

    def find(self) -> TriedSetting:
        """Search, and return the cheapest setting that meets the targets."""
        self._learn_ways()
        while (setting := self._next()) is not None:
            self._decide(setting)
        best = self._best()
        if best is None:
            return TriedSetting(None, self._possible(math.inf))
        self._look_beside(best)
        best = self._best() or best
        sure = [s for s, e in self.tests.items() if e.verdict == "meets" and self._price(s) >= self._price(best)]
        notes = self._notes()
        cheapest_sure = min(sure, key=lambda s: (self._price(s), s)) if sure else None
        return TriedSetting(best, self._possible(self._price(best)), cheapest_sure, notes)

    def _learn_ways(self) -> None:
        """Run some places along each axis, the others in the middle, to see what helps and what a step costs."""
        first = rounds(self.most)[0]
        middle = [size // 2 for size in self.sizes]

        def at(axis: int, place: int) -> Setting:
            return (*middle[:axis], place, *middle[axis + 1 :])

        places = [
            sorted({round(n * (size - 1) / (PLACES - 1)) for n in range(PLACES)}) if ordered else list(range(size))
            for size, ordered in zip(self.sizes, self.ordered, strict=True)
        ]
        self._ask((at(axis, place), first) for axis, some in enumerate(places) for place in some)
        for axis, some in enumerate(places):
            if not self.ordered[axis]:
                continue
            gap = some[1] - some[0] if len(some) > 1 else 1
            while True:
                known = {place: self.margin(self.tests[at(axis, place)]) for place in some}
                peak = _peak(known)
                self._peak[axis] = peak
                gap //= 2
                if peak in (some[0], some[-1]) or gap < max(1, self.sizes[axis] // 20):
                    break
                beside = [place for place in (peak - gap, peak + gap) if place not in some]
                self._ask((at(axis, place), first) for place in beside)
                some = sorted([*some, *beside])

    def _decide(self, setting: Setting) -> None:
        """Run a setting until it is known to meet or to fail, or it has had the most replications."""
        for many in rounds(self.most):
            self._ask([(setting, many)])
            if self.tests[setting].verdict != "open":
                return

    def _ask(self, wanted: Iterable[tuple[Setting, int]]) -> None:
        missing = []
        for setting, many in dict(wanted).items():
            known = self.tests.setdefault(setting, SequentialTest(self.chance, rounds(self.most)))
            missing += [(setting, replication) for replication in range(many) if replication not in known.runs]
        if missing:
            self.run(missing)

    def _decided(self, setting: Setting) -> bool:
        known = self.tests.get(setting)
        return known is not None and (known.verdict != "open" or known.number >= self.most)

    def _next(self) -> Setting | None:
        """The setting to decide next; None when nothing that is left could be the answer."""
        left = self._left()
        if not left.any():
            return None
        candidates = self._settings[left]
        if len(candidates) > 4000:  # ruling out is counted in pairs: thin what is very many
            candidates = candidates[:: len(candidates) // 4000 + 1]
        below = np.zeros(len(candidates))
        above = np.zeros(len(candidates))
        pool = self._settings[left]
        for place, candidate in enumerate(candidates):
            below[place] = self._less(pool, candidate).sum()
            above[place] = self._less(candidate, pool).sum()
        prices = self._prices(candidates)
        worth = np.minimum(below, above)
        # Ties by the lower price, then by place.
        order = np.lexsort((*candidates.T[::-1], prices, -worth))
        return tuple(int(n) for n in candidates[order[0]])

    def _left(self) -> NDArray[np.bool_]:
        """Settings that could still be the cheapest that meets the targets."""
        left = np.ones(len(self._settings), dtype=bool)
        decided = [setting for setting in self.tests if self._decided(setting)]
        for setting in decided:
            place = np.array(setting)
            left &= ~(self._settings == place).all(axis=1)
            if not self.tests[setting].enough:
                left &= ~self._less(self._settings, place)
        best = self._best()
        if best is not None:
            prices = self._prices(self._settings)
            left &= prices < self._predicted(best) - 1e-9 * max(abs(self._predicted(best)), 1.0)
        return left

    def _less(self, first: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether settings are no nearer the peak than others on any axis (and the same where there is no order)."""
        first, other, peak = np.asarray(first), np.asarray(other), self._peak
        further = ((first <= other) & (other <= peak)) | ((first >= other) & (other >= peak))
        return np.asarray(np.where(np.array(self.ordered), further, first == other).all(axis=-1), dtype=np.bool_)

    def _best(self) -> Setting | None:
        """The cheapest setting that was decided and met the targets often enough."""
        good = [s for s, known in self.tests.items() if self._decided(s) and known.enough]
        return min(good, key=lambda s: (self._price(s), s)) if good else None

    def _price(self, setting: Setting) -> float:
        """What a setting costs, as run."""
        return self.cost(self.tests[setting])

    def _predicted(self, setting: Setting) -> float:
        return float(self._prices(np.array([setting]))[0])

    def _prices(self, settings: NDArray[np.int64]) -> Floats:
        """Predicted cost of settings: a straight line in each ordered axis, a level for each value of the others."""
        known = [setting for setting, first in self.tests.items() if not math.isnan(self.cost(first))]
        if not known:
            return np.zeros(len(settings))
        prices = np.array([self._price(setting) for setting in known])
        fit, *_ = np.linalg.lstsq(self._terms(np.array(known)), prices, rcond=None)
        result: Floats = self._terms(settings) @ fit
        return result

    def _terms(self, settings: NDArray[np.int64]) -> Floats:
        columns = [np.ones(len(settings))]
        for axis, size in enumerate(self.sizes):
            place = settings[:, axis]
            if self.ordered[axis]:
                columns.append(place / max(size - 1, 1))
            else:
                columns += [(place == value).astype(np.float64) for value in range(1, size)]
        return np.column_stack(columns)

    def _look_beside(self, best: Setting) -> None:
        """Give settings a little cheaper, and a little dearer, the replications that tell them from the answer."""
        prices = self._prices(self._settings)
        own = self._predicted(best)
        order = np.argsort(np.abs(prices - own), kind="stable")
        cheaper = [tuple(map(int, self._settings[n])) for n in order if prices[n] < own][:BESIDE]
        dearer = [tuple(map(int, self._settings[n])) for n in order if prices[n] > own][:BESIDE]
        for setting in cheaper:
            if self._under_a_failure(setting):
                continue
            self._decide(setting)
        if self.tests[best].verdict == "meets":
            return
        for setting in dearer:
            if self._less(np.array(best), np.array(setting)):
                self._decide(setting)
                if self.tests[setting].verdict == "meets":
                    return

    def _under_a_failure(self, setting: Setting) -> bool:
        place = np.array(setting)
        return any(
            bool(self._less(place, np.array(other))) for other, known in self.tests.items() if known.verdict == "fails"
        )

    def _possible(self, price: float) -> tuple[Setting, ...]:
        """Cheaper settings that were run and that chance may have kept from meeting the targets."""
        result = [
            setting
            for setting, known in self.tests.items()
            if self._decided(setting)
            and known.verdict == "open"
            and self._price(setting) < price
            and not self._under_a_failure(setting)
        ]
        return tuple(sorted(result, key=lambda s: (self._price(s), s)))

    def _notes(self) -> tuple[str, ...]:
        """Say where what helps did not, although the search rests on it."""
        meets = [s for s, known in self.tests.items() if known.verdict == "meets"]
        fails = [s for s, known in self.tests.items() if known.verdict == "fails"]
        if any(bool(self._less(np.array(good), np.array(bad))) for good in meets for bad in fails):
            return ("More did not always help: a setting failed though one further from what helps met the targets.",)
        return ()


def _peak(margins: dict[int, Floats]) -> int:
    """The place that meets the targets best: the better end, unless a place between is better by more than chance."""
    places = sorted(margins)
    mean = {place: float(np.nanmean(margins[place])) if len(margins[place]) else -math.inf for place in places}
    end = places[-1] if mean[places[-1]] >= mean[places[0]] else places[0]
    best = max(places, key=lambda place: (mean[place], -place))
    if mean[best] <= mean[end] or len(margins[best]) != len(margins[end]):
        return end
    low, _ = mean_interval(margins[best] - margins[end])
    return best if low > 0 else end
