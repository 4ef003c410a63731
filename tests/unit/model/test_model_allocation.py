"""The allocation queue and the manager's desk, driven by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from sim.model.allocation import Pool, Waiting
from sim.model.cases.case import Case
from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase
from sim.model.recording import Recorder
from sim.model.recording.names import ASSESSMENT, ASSESSMENT_DECISION, CHILD_IN_NEED, CLOSURE, SECTION_47, STEP_UP
from sim.model.workforce.manager import ManagerDesk
from sim.model.workforce.team import Team
from sim.model.workforce.worker import NO_CAP, Worker
from sim.scenario.sections.workforce import SignOff, Workers
from sim.scenario.values.durations import Duration
from sim.streams import CaseDraws, Streams

pytestmark = pytest.mark.unit


def make_case(key: int, children: int = 1, need: int = 2) -> Case:
    return Case(key, children, 0, need, 0, CaseDraws(Streams(1, 0).batch(key, cases=1), 0))


@dataclass
class Office:
    """A clock, a team and its queue; allocations are noted as (case, worker)."""

    caps: list[float]
    policy: str = "need_first"
    rules: SignOff | None = None
    strict: bool = False
    passed_over: float = 5
    clock: Clock = field(default_factory=Clock)
    given: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.team = Team(0, "team", frozenset({ASSESSMENT, SECTION_47, CHILD_IN_NEED}), None)
        for number, cap in enumerate(self.caps):
            words = Workers(
                count=1, cap="none" if cap == NO_CAP else max(cap, 1), cap_policy="strict" if self.strict else "leaky"
            )
            worker = Worker(number, self.team, words, 27.0, None, self.clock)
            worker.cap = cap
            worker.weigh()
            self.team.workers.append(worker)
        self.team.in_post = list(self.team.workers)
        self.recorder = Recorder(True)
        self.team.desk = ManagerDesk(self.team, 1.0, self.rules, self.clock, self.recorder)
        self.pool = Pool(0, [self.team], self.policy, self.passed_over, self.clock, self._allocated)

    def _allocated(self, waiting: Waiting, worker: Worker) -> None:
        worker.hold(waiting.case)
        self.given.append((waiting.case.key, worker.number))

    def wait(self, case: Case, since: int = 0, due: int = 45, stage: int = ASSESSMENT) -> Waiting:
        waiting = Waiting(case, stage, stage == SECTION_47, since, due)
        self.pool.join(waiting)
        return waiting

    def morning(self, day: float, function: Any) -> None:
        self.clock.at(day, Phase.STAFF, 0, function)

    def run(self, days: int) -> list[int]:
        self.clock.run(days)
        return [key for key, _ in self.given]


@pytest.mark.parametrize(
    ("policy", "order"),
    [("need_first", [5, 3, 1, 2, 4]), ("due_first", [5, 4, 3, 2, 1]), ("oldest_first", [5, 1, 2, 3, 4])],
)
def test_each_policy_has_its_order_and_urgent_work_goes_before(policy: str, order: list[int]) -> None:
    office = Office([NO_CAP], policy)
    office.wait(make_case(4, need=1), since=-2, due=10)
    office.wait(make_case(3, need=4), since=-5, due=20)
    office.wait(make_case(1, need=2), since=-9, due=40)
    office.wait(make_case(2, need=2), since=-8, due=30)
    office.wait(make_case(5, need=1), since=0, due=15, stage=SECTION_47)
    assert office.run(1) == order


def test_ties_are_broken_by_number_not_by_who_joined_first() -> None:
    office = Office([NO_CAP])
    for key in (9, 2, 5):
        office.wait(make_case(key))
    assert office.run(1) == [2, 5, 9]


def test_a_change_of_policy_reorders_who_waits() -> None:
    office = Office([0], "need_first")
    office.wait(make_case(1, need=1), since=-9)
    office.wait(make_case(2, need=4), since=-1)

    def change() -> None:
        office.pool.change_policy("oldest_first")
        office.team.workers[0].cap = NO_CAP
        office.team.workers[0].weigh()

    office.morning(3, change)
    assert office.run(5) == [1, 2]


def test_the_least_loaded_for_their_cap_takes_the_next_case() -> None:
    office = Office([4, 8])
    for key in range(1, 8):
        office.wait(make_case(key))
    office.run(1)
    loads = [sum(1 for _, worker in office.given if worker == number) for number in (0, 1)]
    assert loads == [3, 4] or loads == [2, 5]
    assert [worker.load for worker in office.team.workers] == loads


def test_a_case_without_room_waits_and_a_smaller_one_may_pass_it_for_a_while() -> None:
    office = Office([3], passed_over=5)
    office.team.workers[0].hold(make_case(90, 2))
    office.wait(make_case(1, children=3))
    office.wait(make_case(2, children=1))
    assert office.run(1) == [2]
    assert office.pool.waiting == 1


def test_a_group_passed_over_for_long_enough_blocks_those_behind_it() -> None:
    office = Office([3], passed_over=5)
    held = make_case(90, 2)
    worker = office.team.workers[0]
    worker.hold(held)
    office.wait(make_case(1, children=3), since=0)
    office.morning(6, lambda: office.wait(make_case(2, children=1), since=6))
    assert office.run(8) == []
    urgent = make_case(3, children=1)
    office.morning(9, lambda: office.wait(urgent, since=9, stage=SECTION_47))
    assert office.run(11) == [3]  # urgent work is not held up

    def room() -> None:
        worker.let_go(held)
        worker.let_go(urgent)
        office.pool.request_pass()

    office.morning(12, room)
    assert office.run(14) == [3, 1]


@pytest.mark.parametrize(("strict", "expected"), [(False, [1]), (True, [])])
def test_urgent_work_goes_over_a_leaky_cap_only(strict: bool, expected: list[int]) -> None:
    office = Office([2, 0], strict=strict)
    office.team.workers[0].hold(make_case(90, 2))
    office.wait(make_case(1), stage=SECTION_47)
    office.wait(make_case(2))
    assert office.run(1) == expected


def test_urgent_work_goes_to_somebody_even_when_every_cap_is_nothing() -> None:
    office = Office([0, 0])
    for key in (1, 2, 3):
        office.wait(make_case(key), stage=SECTION_47)
    office.run(1)
    assert office.given == [(1, 0), (2, 1), (3, 0)]


def test_who_leaves_the_queue_is_not_allocated_and_may_join_again() -> None:
    office = Office([NO_CAP])
    gone, back = make_case(1), make_case(2)
    office.pool.leave(office.wait(gone))
    office.pool.leave(office.wait(back))
    office.wait(back, stage=CHILD_IN_NEED)
    assert office.run(1) == [2]
    assert office.pool.waiting == 0


def test_allocation_never_waits_for_a_manager_s_time_but_takes_it_from_the_decisions() -> None:
    rules = HOUR_A_DAY.model_copy(update={"allocation": 0.5, "lag_from": 0, "lag_to": 0})
    made: dict[int, int] = {}
    for allocated in (0, 8):
        office = Office([NO_CAP], rules=rules)
        for key in range(allocated):
            office.wait(make_case(key))

        def decided(office: Office = office, allocated: int = allocated) -> None:
            made[allocated] = office.clock.today

        ask = partial(office.team.desk.ask, make_case(99), CLOSURE, False, decided)
        office.clock.at(0, Phase.SNAPSHOT, 0, ask)
        assert len(office.run(1)) == allocated
        office.clock.run(9)
    assert made == {0: 1, 8: 4}  # four hours of allocation are owed on the days after


def test_urgent_decisions_never_wait_for_hours() -> None:
    made = decisions(HOUR_A_DAY, [(0, key, True) for key in range(1, 21)] + [(0, 50, False)], 30, STEP_UP)
    assert [day for key, day in made if key != 50] == [1] * 20
    assert dict(made)[50] > 1


def test_a_child_without_a_worker_takes_the_managers_hours() -> None:
    rules = HOUR_A_DAY.model_copy(update={"held_child": 2.0, "held_most": 1.0})
    office = Office([NO_CAP], rules=rules)
    desk = office.team.desk
    assert desk.hours_a_day == pytest.approx(1.0)
    desk.hold(make_case(1))
    desk.hold(make_case(2, children=3))
    assert desk.held_children == 4
    assert desk.hours_a_day == pytest.approx(0.0)  # 2 + 4 hours a week of 5
    desk.let_go(make_case(2, children=3))
    assert desk.held_children == 1
    assert desk.hours_a_day == pytest.approx(0.6)


def test_the_children_whom_managers_hold_leave_hours_for_decisions() -> None:
    office = Office([NO_CAP], rules=HOUR_A_DAY.model_copy(update={"held_child": 2.0, "held_most": 0.5}))
    desk = office.team.desk
    desk.hold(make_case(1))
    assert desk.hours_a_day == pytest.approx(0.6)  # 2 hours a week of 5
    desk.hold(make_case(2, children=3))
    assert desk.hours_a_day == pytest.approx(0.5)  # 6 hours would be more than half


# The manager's desk


HOUR_A_DAY = SignOff(
    hours_without_span=5, hours_lost_per_worker=0, least_hours=0, lag_from=1, lag_to=1, overflow_after=None,
    assessment=0.5, step_up=0.5, enquiry=0.5, closure=0.5, shortest_sign_off=1.0,
    step_up_delay=Duration(amount=0, unit="working days"),
)  # fmt: skip


def decisions(
    rules: SignOff | None, asked: list[tuple[int, int, bool]], days: int, kind: int = CLOSURE, busy: bool = False
) -> list[tuple[int, int]]:
    """(case, day) of decisions asked for as (day, case, urgent); `busy`: all hours of the worker are asked."""
    office = Office([NO_CAP], rules=rules)
    if busy:
        office.team.workers[0].change(0.0, 27.0)
    made: list[tuple[int, int]] = []
    for day, key, urgent in asked:
        office.clock.at(
            day, Phase.MILESTONES, key,
            lambda key=key, urgent=urgent: office.team.desk.ask(
                make_case(key), kind, urgent, lambda: made.append((key, office.clock.today))
            ),
        )  # fmt: skip
    office.clock.run(days)
    recorded = list(
        zip(*(office.recorder.decisions.table()[name].tolist() for name in ("asked", "decided")), strict=True)
    )
    assert all(decided >= day for day, decided in recorded)
    assert len(recorded) == len(made)
    return made


def test_a_decision_waits_for_its_lag() -> None:
    assert decisions(HOUR_A_DAY, [(0, 1, False), (4, 2, False)], 10) == [(1, 1), (2, 5)]
    slow = HOUR_A_DAY.model_copy(update={"lag_from": 3, "lag_to": 3})
    assert decisions(slow, [(0, 1, False)], 10) == [(1, 3)]


def test_lags_spread_over_their_range_and_urgent_ones_take_the_shortest() -> None:
    rules = HOUR_A_DAY.model_copy(update={"lag_from": 0, "lag_to": 4, "hours_without_span": 1000})
    days = [day for _, day in decisions(rules, [(0, key, False) for key in range(1, 200)], 9)]
    assert {day: days.count(day) > 20 for day in range(5)} == dict.fromkeys(range(5), True)
    assert {day for _, day in decisions(rules, [(0, key, True) for key in range(1, 50)], 9)} == {0}


def test_decisions_are_made_urgent_first_then_in_order_as_far_as_the_hours_go() -> None:
    asked = [(0, 5, False), (0, 3, False), (0, 4, False), (0, 9, True), (0, 8, True)]
    assert decisions(HOUR_A_DAY, asked, 10) == [(8, 1), (9, 1), (3, 2), (4, 2), (5, 3)]


def test_a_manager_cannot_save_a_quiet_week_and_owes_what_a_long_decision_takes() -> None:
    late = [(20, key, False) for key in (1, 2, 3, 4)]
    assert [day for _, day in decisions(HOUR_A_DAY, late, 40)] == [21, 21, 22, 22]
    long = HOUR_A_DAY.model_copy(update={"step_up": 3.0})  # three days' hours: begun, then owed
    assert [day for _, day in decisions(long, [(0, 1, False), (0, 2, False)], 20, STEP_UP)] == [1, 4]


def test_a_service_manager_helps_once_a_decision_has_waited_long() -> None:
    many = [(0, key, False) for key in range(1, 41)]
    helped = HOUR_A_DAY.model_copy(update={"overflow_after": SignOff().overflow_after, "overflow_hours_a_week": 20.0})
    alone = decisions(HOUR_A_DAY, many, 99)
    with_help = decisions(helped, many, 99)
    assert [day for _, day in alone if day <= 5] == [day for _, day in with_help if day <= 5]
    assert alone[-1][1] == 20
    assert with_help[-1][1] < 13


def test_wider_spans_leave_fewer_hours_but_never_fewer_than_the_least() -> None:
    rules = SignOff(hours_without_span=27, hours_lost_per_worker=1.5, least_hours=2)
    hours = {}
    for workers in (0, 4, 10, 40):
        office = Office([NO_CAP] * workers, rules=rules)
        hours[workers] = office.team.desk.hours_a_day * 5
    assert hours == {0: 0, 4: 21, 10: 12, 40: 2}


@pytest.mark.parametrize(("share", "oversight"), [(0.0, 0.25), (0.5, 0.625), (1.0, 1.0), (1.5, 1.0)])
def test_strain_is_what_is_asked_over_the_hours_there_are(share: float, oversight: float) -> None:
    rules = HOUR_A_DAY.model_copy(
        update={"hours_without_span": 10.0, "hours_lost_per_worker": 2.0, "lag_from": 0, "allocation": 0.0}
    )
    strains = {}
    for a_day in (0, 2, 4, 8):
        office = Office([NO_CAP] * 2, rules=rules)
        desk = office.team.desk
        for worker in office.team.workers:
            worker.change(0.0, 27.0 * share)
        keys = iter(range(1, 10_000))

        def busy(office: Office = office, keys: Iterator[int] = keys, a_day: int = a_day) -> None:
            for _ in range(a_day):
                office.team.desk.ask(make_case(next(keys)), CLOSURE, False, lambda: None)
            office.clock.at(office.clock.today + 1, Phase.STAFF, 0, busy)

        office.morning(0, desk.spend_allocation)
        office.morning(0, busy)
        office.clock.run(200)
        desk.spend_allocation()
        strains[a_day] = desk.strain
    # Half an hour for each decision and up to four hours a week of oversight, against ten hours a week.
    expected = {a_day: 0.25 * a_day + 0.4 * oversight for a_day in strains}
    assert strains == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize(("shortest", "last"), [(1.0, 20), (0.5, 14)])
def test_sign_offs_get_shorter_under_strain_down_to_a_floor(shortest: float, last: int) -> None:
    rules = HOUR_A_DAY.model_copy(update={"shortest_sign_off": shortest})
    made = decisions(rules, [(0, key, False) for key in range(1, 41)], 99)
    assert last - 2 <= made[-1][1] <= last


def test_decisions_take_hours_from_oversight_down_to_what_is_kept() -> None:
    last = {}
    for kept in (1.0, 0.5, 0.0):
        rules = HOUR_A_DAY.model_copy(
            update={"hours_without_span": 10.0, "hours_lost_per_worker": 5.0, "oversight_kept": kept}
        )
        last[kept] = decisions(rules, [(0, key, False) for key in range(1, 41)], 99, busy=True)[-1][1]
    assert last[1.0] == 20
    assert last[0.5] == pytest.approx(20 / 1.5, abs=1)
    assert last[0.0] == 10


@pytest.mark.parametrize(("strained", "expected"), [(False, {1}), (True, {1, 2, 3, 4, 5, 6})])
def test_a_step_up_is_decided_later_by_managers_under_strain(strained: bool, expected: set[int]) -> None:
    delay = {"step_up_delay": Duration(amount=3, unit="working days"), "hours_without_span": 5.0 if strained else 1e6}
    rules = HOUR_A_DAY.model_copy(update=delay)
    before = [(0, key, False) for key in range(1, 61)]
    made = decisions(rules, before + [(1, 100 + key, True) for key in range(60)], 99, STEP_UP)
    assert {day - 1 for key, day in made if key >= 100} == expected


def test_hurried_sign_offs_come_back_more_often() -> None:
    rules = HOUR_A_DAY.model_copy(update={"shortest_sign_off": 0.5, "hurried_returns": 1.4})
    office = Office([NO_CAP], rules=rules)
    desk = office.team.desk
    assert desk.hurried_returns == 1.0
    for key in range(400):
        desk.ask(make_case(key), CLOSURE, False, lambda: None)
    office.clock.run(2)
    desk.spend_allocation()
    assert desk.strain > 2
    assert desk.sign_off_share == 0.5
    assert desk.hurried_returns == pytest.approx(1.4)


def test_without_sign_off_managers_are_never_under_strain() -> None:
    office = Office([NO_CAP])
    desk = office.team.desk
    desk.hold(make_case(1))
    for key in range(400):
        desk.ask(make_case(key), CLOSURE, False, lambda: None)
    office.clock.run(3)
    assert (desk.strain, desk.sign_off_share, desk.hurried_returns) == (0.0, 1.0, 1.0)


def test_without_sign_off_decisions_are_made_at_once_and_still_recorded() -> None:
    assert decisions(None, [(3, 1, False), (3, 2, True)], 5, ASSESSMENT_DECISION) == [(1, 3), (2, 3)]
