"""Named streams: blocks by batch, rows by case, and more without end."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pytest

from sim.streams import CaseDraws, Streams

pytestmark = pytest.mark.unit


def draws(streams: Streams, row: int, cases: int = 10, name: str = "x", count: int = 80) -> list[float]:
    case = CaseDraws(streams.batch(3, 0, cases=cases), row)
    return [case.uniform(name) for _ in range(count)]


def test_the_same_names_give_the_same_draws() -> None:
    assert draws(Streams(1, 0), 4) == draws(Streams(1, 0), 4)
    for other in (draws(Streams(2, 0), 4), draws(Streams(1, 1), 4), draws(Streams(1, 0), 5)):
        assert not set(other) & set(draws(Streams(1, 0), 4))
    assert not set(draws(Streams(1, 0), 4, name="y")) & set(draws(Streams(1, 0), 4))


def test_a_larger_batch_leaves_every_case_its_draws() -> None:
    assert draws(Streams(1, 0), 4, cases=5) == draws(Streams(1, 0), 4, cases=5000)


def test_reading_one_stream_does_not_move_another() -> None:
    one, other = (CaseDraws(Streams(1, 0).batch(1, 0, cases=3), 1) for _ in range(2))
    for _ in range(50):
        one.uniform("a")
    assert [one.uniform("b") for _ in range(5)] == [other.uniform("b") for _ in range(5)]


def test_draws_lie_within_0_and_1_and_look_even() -> None:
    found = draws(Streams(1, 0), 0, count=4000)
    assert 0 <= min(found) < max(found) < 1
    assert sum(found) / 4000 == pytest.approx(0.5, abs=0.02)


def test_a_family_that_comes_back_has_fresh_draws_each_time() -> None:
    case = CaseDraws(Streams(1, 0).batch(3, 0, cases=4), 2)
    seen = [[which.uniform("x") for _ in range(40)] for which in (case, case.later(), case.later().later())]
    assert len({draw for found in seen for draw in found}) == 120


@pytest.mark.parametrize("row", range(6))
@pytest.mark.parametrize(("name", "width"), [("x", 2), ("drawn often", 24)])
def test_a_family_that_comes_back_again_reads_its_row_of_the_batchs_block(row: int, name: str, width: int) -> None:
    streams = Streams(1, 0, often="drawn often")
    case = CaseDraws(streams.batch(3, 0, cases=6), row)
    for key, which in (((3, 0), case), ((3, 0, -1), case.later()), ((3, 0, -1, -1), case.later().later())):
        block = streams.uniforms(6 * width, name, *key)[row * width :][:width].tolist()
        own = streams.uniforms(32, name, *key, row, 0).tolist()
        assert [which.uniform(name) for _ in range(width + 32)] == block + own


def test_a_generator_is_numpys_own_with_the_key_of_its_name() -> None:
    digest = blake2b(b"7/2/visit_interval/3,1", digest_size=16).digest()
    expected = np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))
    assert Streams(7, 2).generator("visit_interval", 3, 1).random(40).tolist() == expected.random(40).tolist()


def test_uniform_draws_are_those_of_the_generator_whatever_was_drawn_before() -> None:
    streams = Streams(7, 2)
    for many, name, key in ((5, "a", (1,)), (33, "b", (1, 2)), (5, "a", (1,)), (1, "c", ())):
        expected = streams.generator(name, *key).random(many).tolist()
        assert streams.uniforms(many, name, *key).tolist() == expected
        assert streams.part(name, key, 3, many).tolist()[: many - 3] == expected[3:]


def test_reading_one_case_does_not_move_another() -> None:
    batch = Streams(1, 0).batch(1, 0, cases=3)
    one, other = CaseDraws(batch, 1), CaseDraws(batch, 2)
    for _ in range(50):
        one.uniform("a")
    assert [other.uniform("a") for _ in range(80)] == draws_of(2)


def draws_of(row: int) -> list[float]:
    case = CaseDraws(Streams(1, 0).batch(1, 0, cases=3), row)
    return [case.uniform("a") for _ in range(80)]


def test_draws_taken_at_once_are_those_of_the_generator_whatever_was_drawn_before() -> None:
    streams = Streams(7, 2)
    streams.at_once("a").integers(0, 10, size=3, dtype="uint32")  # leaves half a word behind
    for name, take in {
        "poisson": lambda g: g.poisson(40.0, size=3),
        "exponential": lambda g: g.standard_exponential(300),
        "gamma": lambda g: g.standard_gamma(0.3, size=3),
        "words": lambda g: g.integers(0, 10, size=5, dtype="uint32"),
    }.items():
        assert take(streams.at_once(name, 3)).tolist() == take(streams.generator(name, 3)).tolist()
