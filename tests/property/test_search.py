"""The search finds what trying every setting finds, with fewer runs, and says when nothing will do."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiment.analysis.sequential_test import (
    SequentialTest,
    at_least_as_few,
    at_least_as_many,
    doubt_of_a_look,
    ever_called,
    rounds,
)
from sim.experiment.studies.search import Search, Setting, TriedSetting

pytestmark = pytest.mark.property

CHANCE = 0.8


def searched(
    sizes: tuple[int, ...],
    needs: Sequence[float],
    weights: Sequence[float],
    prices: Sequence[float],
    peak: int | None = None,
) -> tuple[TriedSetting, float | None, Callable[[Setting], float], list[tuple[Setting, int]], int]:
    """A made-up service: replication r meets its targets when the weighted sum of what is put in reaches needs[r].

    Beyond `peak` more of the first thing takes away what it gave before.
    """
    ran: list[tuple[Setting, int]] = []

    def put_in(setting: Setting) -> float:
        given = [weight * place for weight, place in zip(weights, setting, strict=True)]
        if peak is not None and setting[0] > peak:
            given[0] = weights[0] * (2 * peak - setting[0])
        return sum(given)

    def meets(setting: Setting, replication: int) -> bool:
        return put_in(setting) >= needs[replication]

    def cost(setting: Setting) -> float:
        return 10.0 + sum(p * n for p, n in zip(prices, setting, strict=True))

    def run(wanted: Sequence[tuple[Setting, int]]) -> None:
        for setting, replication in wanted:
            assert (setting, replication) not in ran, "a run is never made twice"
            ran.append((setting, replication))
            figures = {"cost": cost(setting), "put in": put_in(setting)}
            search.tests[setting].runs[replication] = (meets(setting, replication), figures)

    search = Search(
        sizes,
        (True,) * len(sizes),
        CHANCE,
        run,
        cost=lambda known: known.mean("cost"),
        margin=lambda known: known.values("put in"),
        most=len(needs),
    )
    found = search.find()
    every = list(itertools.product(*(range(size) for size in sizes)))
    good = [s for s in every if np.mean([meets(s, r) for r in range(len(needs))]) >= CHANCE - 1e-9]
    cheapest = min((cost(s) for s in good), default=None)
    return found, cheapest, cost, ran, len(every) * len(needs)


@given(
    size=st.integers(2, 40),
    needs=st.lists(st.floats(-5, 50), min_size=6, max_size=6),
)
@settings(max_examples=60)
def test_one_axis_is_searched_as_well_as_by_trying_everything(size: int, needs: list[float]) -> None:
    found, cheapest, cost, ran, all_runs = searched((size,), needs, [1.0], [2.0])
    if cheapest is None:
        assert found.setting is None
    else:
        assert found.setting is not None
        assert cost(found.setting) == cheapest
        assert all(cost(one) < cheapest for one in found.possible)
        assert found.sure is None or cost(found.sure) >= cheapest
    assert len(ran) <= all_runs


@given(
    sizes=st.tuples(st.integers(2, 7), st.integers(2, 7)),
    needs=st.lists(st.floats(0, 20), min_size=6, max_size=6),
    weights=st.tuples(st.floats(0.1, 3), st.floats(0.1, 3)),
    prices=st.tuples(st.floats(-2, 5), st.floats(0.1, 5)),
)
@settings(max_examples=60)
def test_two_axes_are_searched_as_well_as_by_trying_everything(
    sizes: tuple[int, int], needs: list[float], weights: tuple[float, float], prices: tuple[float, float]
) -> None:
    found, cheapest, cost, _, _ = searched(sizes, needs, weights, prices)
    if cheapest is None:
        assert found.setting is None
    else:
        assert found.setting is not None
        assert cost(found.setting) == pytest.approx(cheapest)


def test_one_axis_takes_few_of_the_runs() -> None:
    generator = np.random.Generator(np.random.Philox(3))
    found, cheapest, cost, ran, all_runs = searched((200,), list(generator.normal(120, 4, 40)), [1.0], [1.0])
    assert found.setting is not None
    assert cost(found.setting) == cheapest
    assert found.possible
    assert found.sure is not None
    assert len(ran) < 0.1 * all_runs


@pytest.mark.parametrize("peak", [15, 20, 33])
def test_more_that_stops_helping_does_not_hide_what_meets_the_targets(peak: int) -> None:
    # Such as workers whose managers can no longer keep up: both ends fail.
    found, cheapest, cost, _, _ = searched((41,), [peak - 3.0] * 6, [1.0], [1.0], peak)
    assert found.setting == (peak - 3,)
    assert cost(found.setting) == cheapest


def test_a_setting_is_judged_by_the_chance_of_what_was_seen() -> None:
    assert at_least_as_few(2, 6, 0.8) == pytest.approx(0.01696)
    assert at_least_as_many(17, 17, 0.8) == pytest.approx(0.8**17)
    known = SequentialTest(0.8)
    assert known.verdict == "open"
    for replication in range(17):
        known.runs[replication] = (True, {})
    assert known.verdict == "meets"
    assert (known.share, known.enough) == (1.0, True)
    known = SequentialTest(0.8, runs={n: (n < 2, {}) for n in range(6)})
    assert known.verdict == "fails"
    known = SequentialTest(0.8, runs={n: (n < 4, {}) for n in range(5)})
    assert (known.verdict, known.enough) == ("open", True)


@pytest.mark.parametrize("chance", [0.5, 0.8, 0.9])
def test_looking_again_and_again_does_not_find_more_than_luck(chance: float) -> None:
    # Settings that meet the targets exactly as often as asked: whatever is called of them is luck.
    generator = np.random.Generator(np.random.Philox(7))
    called = {"meets": 0, "fails": 0, "open": 0}
    trials = 4000
    for trial in generator.random((trials, rounds(40)[-1])) < chance:
        known = SequentialTest(chance, rounds(40))
        verdicts = []
        for many in rounds(40):
            known.runs = {n: (bool(trial[n]), {}) for n in range(many)}
            verdicts.append(known.verdict)
        called[next((verdict for verdict in verdicts if verdict != "open"), "open")] += 1
    for verdict, kind in (("meets", "many"), ("fails", "few")):
        level = doubt_of_a_look(chance, rounds(40), kind)  # type: ignore[arg-type]
        ever = ever_called(chance, rounds(40), kind, level)  # type: ignore[arg-type]
        assert ever <= 0.05
        assert called[verdict] / trials == pytest.approx(ever, abs=0.012)


def test_without_the_correction_more_would_be_called() -> None:
    assert ever_called(0.8, (6, 14, 28, 40), "few", 0.05) > 0.09
    assert ever_called(0.8, (6, 17, 28, 40), "few", doubt_of_a_look(0.8, (6, 17, 28, 40), "few")) <= 0.05
