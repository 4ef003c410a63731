"""Caps that leak as often as asked and no more, and held cases that are shared out anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.model.clock import Phase
from sim.model.service import Service

pytestmark = pytest.mark.property

ONE = "locality team"
FULL: dict[str, Any] = {"demand.referrals_a_year": 900}
"""Far more than the town's eight workers can hold."""


def watched(service: Service, look: Callable[[], None]) -> Any:
    for day in range(service.calendar.horizon):
        service.clock.at(day, Phase.SNAPSHOT, 0, look)
    return service.run()


def workers(**words: Any) -> dict[str, Any]:
    return {f"teams.{ONE}.workers": [{"count": 8, "cap": 12} | words]}


@pytest.mark.parametrize("share", [0.2, 0.6])
def test_a_cap_leaks_as_often_as_asked(town: Any, share: float) -> None:
    """Of the cases that wait and are not urgent, this share is drawn to go over a cap, whatever becomes of them."""
    service: Service = town.service(FULL | workers(leaks={"share": share}) | {"sign_off": "none"})
    drawn: dict[tuple[int, int], float] = {}

    def look() -> None:
        for case in service.open_cases():
            if case.waiting is not None and case.waiting.leak < 1.0:
                drawn[case.key, case.waiting.stage] = case.waiting.leak

    watched(service, look)
    left = [leak for leak in drawn.values() if leak < share]
    assert len(drawn) > 100
    assert not left  # whoever the cap gives way to has a worker by the evening


def test_of_all_the_draws_so_many_give_way(town: Any) -> None:
    seen: list[bool] = []
    for replication in range(3):
        service: Service = town.service(FULL | workers(leaks={"share": 0.3}), 1, replication)
        for pool in service.pools:
            join = pool.join
            pool.join = lambda waiting, join=join: (join(waiting), seen.append(waiting.leak < 0.3))[0]  # type: ignore[method-assign]
        service.run()
    drawn = np.array(seen)
    assert drawn.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / len(drawn)))


def test_a_strict_cap_beside_a_leaking_one_is_never_broken(town: Any) -> None:
    groups = [{"count": 4, "cap": 12, "leaks": {"share": "80%"}}, {"count": 4, "cap": 9, "cap_policy": "strict"}]
    service: Service = town.service(FULL | {f"teams.{ONE}.workers": groups})
    over = 0

    def look() -> None:
        nonlocal over
        for worker in service.teams[1].in_post:
            assert not worker.strict or worker.load <= worker.cap
            over += worker.load > worker.cap

    watched(service, look)
    assert over


def test_nobody_waits_longer_than_a_pressed_cap_allows(town: Any) -> None:
    service: Service = town.service(FULL | workers(leaks={"after": "8 working days"}) | {"sign_off": "none"})

    def look() -> None:
        for case in service.open_cases():
            if case.waiting is not None and case.worker is None:
                assert service.clock.today - case.waiting.since < 8

    watched(service, look)


def test_joiners_take_over_cases_up_to_their_share_and_no_fuller_than_colleagues(town: Any) -> None:
    levers = [
        {"lever": "staffing", "at": "2016-10-03", "team": ONE, "add": {"count": 2, "cap": 20}},
        {"lever": "rebalancing", "at": "2016-10-03", "team": ONE, "up_to": "50%"},
    ]
    service: Service = town.service(FULL | {"levers": levers, "allocation.policy": "oldest_first"})
    day = service.calendar.index(date(2016, 10, 3))
    found: list[tuple[int, int]] = []

    def look() -> None:
        joiners = [worker for worker in service.teams[1].in_post if worker.start == day]
        found.extend((worker.load, int(worker.cap)) for worker in joiners)

    service.clock.at(day, Phase.MILESTONES, 1 << 50, look)
    service.run()
    assert len(found) == 2
    assert all(8 <= load <= cap / 2 for load, cap in found)


def test_a_family_that_comes_back_goes_to_the_worker_who_knows_it(town: Any) -> None:
    service: Service = town.service({"allocation.receives": "same_worker", "demand.rereferral.share": "60%"})
    met: list[bool] = []
    give = service.give

    def watch(case: Any, worker: Any) -> None:
        known = case.known_by
        if known is not None and known.in_post and known.room_for(case.children, False) and known is not worker:
            met.append(False)
        elif known is worker:
            met.append(True)
        give(case, worker)

    service.give = watch  # type: ignore[method-assign]
    service.run()
    assert len(met) > 30
    assert all(met)
