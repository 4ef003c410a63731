"""Places: who gets one, and when."""

from __future__ import annotations

import pytest

from sim.model.engine.places import Places

pytestmark = pytest.mark.unit


def test_places_go_by_rank_then_by_who_asked_first() -> None:
    places: Places[str] = Places(1)
    assert places.take(5, "first")
    assert [places.take(rank, name) for rank, name in ((2, "b"), (1, "a"), (2, "c"))] == [False] * 3
    assert len(places) == 3
    assert [places.give_back() for _ in range(4)] == ["a", "b", "c", None]
    assert places.taken == 0


def test_fewer_places_than_are_taken_let_nobody_in() -> None:
    places: Places[str] = Places(2)
    assert places.take(0, "a")
    assert places.take(0, "b")
    assert not places.take(0, "c")
    places.total = 1
    assert places.give_back() is None
    assert places.next() is None
    assert places.give_back() == "c"


def test_more_places_are_taken_by_those_who_wait() -> None:
    places: Places[str] = Places(0)
    assert not places.take(2, "later")
    assert not places.take(1, "sooner")
    places.total = 2
    assert [places.next() for _ in range(3)] == ["sooner", "later", None]


def test_who_withdraws_is_passed_over() -> None:
    places: Places[str] = Places(0)
    for rank, name in enumerate(("a", "b", "c")):
        places.take(rank, name)
    places.withdraw("a")
    places.withdraw("nobody")
    places.total = 1
    assert len(places) == 2
    assert places.next() == "b"
