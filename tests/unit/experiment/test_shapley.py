"""Shapley values of games whose answer is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.experiment.analysis.shapley import Off, Orders, orders_of, pairs, sets_of, values

pytestmark = pytest.mark.unit


def runs(many: int, orders: Orders, waiting: Callable[[Off], float], chance: float = 0.0) -> dict[Off, np.ndarray]:
    """Six replications of a measure in every setting that the orders need."""
    shift = chance * np.linspace(-1, 1, 6)
    return {some: np.full(6, waiting(some)) + shift * (1 + len(some)) for some in sets_of(many, orders)}


def test_overlapping_mechanisms_share_what_they_remove_together() -> None:
    # Either of the first two removes all 60; alone they "remove" 120. The third removes 30 more by itself.
    def waiting(off: Off) -> float:
        return 100.0 - (60.0 if off & {0, 1} else 0.0) - (30.0 if 2 in off else 0.0)

    orders = orders_of(3, 64, 12, 1)
    assert orders.every
    found = values(3, orders, runs(3, orders, waiting))
    assert [value.value for value in found] == pytest.approx([30, 30, 30])
    assert [value.alone for value in found] == pytest.approx([60, 60, 30])
    assert pairs(3, runs(3, orders, waiting))[0].together == pytest.approx(-60)


def test_mechanisms_that_only_act_together_are_told_by_their_pair() -> None:
    # A full cap and a vacancy: children wait while either is there.
    def waiting(off: Off) -> float:
        return 0.0 if {0, 1} <= off else 80.0

    orders = orders_of(2, 64, 12, 1)
    found = values(2, orders, runs(2, orders, waiting))
    assert [value.alone for value in found] == [0, 0]
    assert [value.value for value in found] == pytest.approx([40, 40])
    pair = pairs(2, runs(2, orders, waiting))[0]
    assert (pair.together, pair.low95) == pytest.approx((80, 80))


@pytest.mark.parametrize("most_sets", [2**7, 8])
def test_values_add_up_to_what_all_remove_whether_orders_are_drawn_or_not(most_sets: int) -> None:
    generator = np.random.default_rng(3)
    levels: dict[Off, float] = {}

    def waiting(off: Off) -> float:
        return levels.setdefault(off, float(generator.uniform(0, 100)))

    orders = orders_of(7, most_sets, 12, 5)
    assert orders.every == (most_sets == 2**7)
    table = runs(7, orders, waiting, chance=2.0)
    found = values(7, orders, table)
    removed = table[frozenset()].mean() - table[frozenset(range(7))].mean()
    assert sum(value.value for value in found) == pytest.approx(removed)
    assert all(value.low95 < value.value < value.high95 for value in found)


def test_drawn_orders_come_near_the_values_of_all_orders() -> None:
    weights = np.array([5.0, 10.0, 15.0, 20.0, 25.0, 10.0, 15.0])

    def waiting(off: Off) -> float:
        # What is removed is capped at 60: mechanisms overlap.
        return 100.0 - min(60.0, float(weights[sorted(off)].sum()))

    exact, drawn = orders_of(7, 2**7, 0, 1), orders_of(7, 8, 200, 1)
    whole, some = (values(7, orders, runs(7, orders, waiting, 1.0)) for orders in (exact, drawn))
    for mine, theirs in zip(whole, some, strict=True):
        assert theirs.low95 <= mine.value <= theirs.high95
        assert theirs.value == pytest.approx(mine.value, abs=1.0)


def test_each_drawn_order_has_its_reverse() -> None:
    orders = orders_of(8, 64, 11, 1)
    assert len(orders.orders) == 12
    assert all(first == second[::-1] for first, second in zip(orders.orders[::2], orders.orders[1::2], strict=True))
