"""Cases that move between hands: nobody is lost when a surge team goes, and caps give as often as asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pytest

from sim.measures.compute import compute
from sim.model.allocation import Pool
from sim.model.engine.event import Phase
from sim.model.recording import Recording
from sim.model.service import Service

pytestmark = pytest.mark.property

ONE, SURGE = "locality team", "surge team"
VISITING: dict[str, Any] = {
    "period.end": "2017-06-30",
    "demand.referrals_a_year": 640,
    f"teams.{SURGE}": {
        "stages": ["assessment", "section_47"],
        "workers": [{"count": 3, "cap": 12, "grade": "agency"}],
        "managers": 1,
        "background_hours_a_week": 0,
        "start": "2016-07-01",
        "end": "2016-12-30",
        "takes_held_cases": {"from_team": ONE, "stages": ["assessment"], "children": 15},
        "cost_a_week": 1000,
    },
}
CONVERT = {f"teams.{SURGE}.at_end": "convert", f"teams.{SURGE}.converts_to": ONE}
FINISH = {f"teams.{SURGE}.at_end": "finish", f"teams.{SURGE}.wind_down": "3 weeks"}
ENDINGS: dict[str, dict[str, Any]] = {
    "hand back": {f"teams.{SURGE}.wind_down": "2 weeks"},
    "finish": FINISH,
    "finish in a short time": FINISH | {f"teams.{SURGE}.finish_within": "2 weeks"},
    "convert": CONVERT,
    "convert, early": CONVERT | {"levers": [{"lever": "team_end", "at": "2016-10-03", "team": SURGE}]},
    "new work only": {f"teams.{SURGE}.takes": "new"},
    "backlog only": {f"teams.{SURGE}.takes": "backlog"} | FINISH,
    "held cases only": {f"teams.{SURGE}.takes": "held"},
}


def watched(service: Service, look: Callable[[], None]) -> Recording:
    """Run, looking at the end of each day."""
    for day in range(service.calendar.horizon):
        service.clock.at(day, Phase.SNAPSHOT, 0, look)
    return service.run()


def balanced(service: Service) -> None:
    """Workers are in one team each; every case under way is held or waits; hours asked are what cases ask."""
    everybody = [worker for team in service.teams for worker in team.workers]
    assert sorted(w.number for w in everybody) == sorted(w.number for w in service.workforce.workers)
    for worker in everybody:
        assert worker.in_post or not worker.cases
        assert (worker in worker.team.in_post) == worker.in_post
        assert worker.load == sum(case.children for case in worker.cases.values())
        mine = [s for case in worker.cases.values() for s in case.spells.values() if s.allocated != -1]
        transfers = sum(case.transfer_hours for case in worker.cases.values())
        asked = sum(s.routine + s.urgent for s in mine) + transfers
        assert worker.work.wanted == pytest.approx(asked, abs=1e-6)
    for case in service.open_cases():
        assert not case.spells or case.worker is not None or case.waiting is not None


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
def test_a_surge_teams_cases_are_all_accounted_for_after_it_leaves(town: Any, ending: dict[str, Any]) -> None:
    service: Service = town.service(VISITING | ending)
    team = service.team(SURGE)
    last = service.workforce.surge.last_day(team)
    assert last is not None
    recording = watched(service, lambda: balanced(service))
    held = recording.holdings
    mine = held["team"] == team.number
    assert mine.sum() > 5
    assert (held["end"][mine] != -1).all()
    # Each case ever held is closed, or is now with somebody else, or waits: the last holding of it tells which.
    now_open = {case.key: case for case in service.open_cases()}
    for case in set(held["case"][mine].tolist()):
        if case in now_open:
            found = now_open[case]
            assert found.waiting is not None or (found.worker is not None and found.worker.team is not team)
        else:
            assert (held["end"][held["case"] == case] != -1).all()
    assert not team.in_post
    section = service.scenario.teams[SURGE]
    if section.at_end == "finish":
        assert held["start"][mine].max() <= last - 14
        within = section.finish_within.after(service.calendar, last + 1)
        assert held["end"][mine].max() <= within
        if section.takes == "all":
            assert held["end"][mine].max() > last + 1
    else:
        assert held["end"][mine].max() <= last + 1
    if section.at_end == "convert":
        joined = [worker for worker in service.team(ONE).workers if worker.start > 0]
        assert {worker.grade for worker in joined} == {"social_worker"}
        assert len(joined) == 3
        carried = mine & (held["end"] == last + 1)
        pairs = {
            (case, worker)
            for case, worker in zip(held["case"][carried].tolist(), held["worker"][carried].tolist(), strict=True)
        }
        kept = (held["start"] == last + 1) & (held["team"] == service.team(ONE).number)
        assert pairs <= set(zip(held["case"][kept].tolist(), held["worker"][kept].tolist(), strict=True))
        assert pairs


def _note_waiting(pool: Pool, seen: set[int]) -> None:
    seen.update(waiting.case.key for waiting in pool.live())


def test_what_a_team_takes_is_what_it_holds(town: Any) -> None:
    start = date(2016, 7, 1)
    for takes in ("new", "backlog", "held"):
        keeping = {f"teams.{ONE}.workers": [{"count": 8, "cap": 18, "leaks": "none"}]}  # or nobody would wait
        service: Service = town.service(VISITING | keeping | {f"teams.{SURGE}.takes": takes})
        first = service.calendar.index(start)
        waited: set[int] = set()
        pool = service.pool_of(service.team(SURGE))
        look = partial(_note_waiting, pool, waited)
        service.clock.at(first - 1, Phase.SNAPSHOT, 0, look)
        recording = service.run()
        held, cases = recording.holdings, recording.cases
        referred = dict(zip(cases["case"].tolist(), cases["referred"].tolist(), strict=True))
        mine = held["team"] == service.team(SURGE).number
        moved = set(held["case"][(held["team"] != service.team(SURGE).number) & (held["end"] == first)].tolist())
        taken = set(held["case"][mine].tolist()) - moved
        if takes == "held":
            assert not taken
        elif takes == "new":
            assert taken
            assert all(referred[case] >= first for case in taken)
        else:
            assert taken
            assert taken <= waited


def test_a_team_costs_money_until_its_last_worker_has_gone(town: Any) -> None:
    spent: dict[str, float] = {}
    for name in ("hand back", "finish"):
        service: Service = town.service(VISITING | ENDINGS[name])
        money = service.run().money
        spent[name] = float(money["pounds"][money["kind"] == 2].sum())
        gone = max(worker.end or 0 for worker in service.team(SURGE).workers)
        paid = service.workforce.surge.paid_until(service.team(SURGE))
        assert paid is not None
        days = (paid - date(2016, 7, 1)).days + 1
        assert spent[name] == pytest.approx(1000 * days / 7)
        if name == "finish":
            assert paid == service.calendar.date(gone)
    assert spent["finish"] > spent["hand back"]


def test_hours_asked_are_worked_or_left_over(town: Any) -> None:
    work = town.recording(VISITING | FINISH).work
    left_over = work["asked"] - work["worked"]
    assert (left_over > -1e-6).all()
    assert left_over.sum() > 0
    assert (work["worked"] <= work["available"] * 1.15 + 1e-6).all()
    assert np.isfinite(work["asked"]).all()


FULL: dict[str, Any] = {
    "demand.referrals_a_year": 900,
    "demand.sibling_groups": {1: "100%"},
    "demand.rereferral": {"mode": "none"},
    "sign_off": "none",
    "allocation.statutory": "as_caps_allow",
}
NEVER: dict[str, Any] = {"after": "never", "unallocated_per_worker": None, "up_to": 1_000}
"""A cap that gives to urgent work alone, but for what is said besides."""


@pytest.mark.as_written
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_leaky_cap_gives_as_often_as_asked(town: Any, share: float) -> None:
    learner = {"count": 3, "cap": 10, "grade": "nqsw", "leaks": NEVER | {"share": share}}
    workers = [{"count": 5, "cap": 14, "cap_policy": "strict"}, learner]
    service: Service = town.service(FULL | {f"teams.{ONE}.workers": workers})
    pool = service.pool_of(service.team(ONE))
    over: list[int] = []
    routine: list[int] = []
    kept: list[int] = []
    allocate, join = pool._allocate, pool.join

    def watch_allocation(waiting: Any, worker: Any) -> None:
        if worker.room < waiting.case.children and not waiting.urgent:
            over.append(waiting.case.key)
            assert worker.grade == "nqsw"
        allocate(waiting, worker)

    def watch_join(waiting: Any) -> None:
        join(waiting)
        routine.append(waiting.case.key)

    def look() -> None:
        # Whoever is still in the queue at the day's end has found no room under any cap, and has not leaked through.
        kept.extend(waiting.case.key for waiting in pool.live() if not waiting.urgent)
        for worker in service.team(ONE).in_post:
            assert not worker.strict or worker.load <= worker.cap

    pool._allocate, pool.join = watch_allocation, watch_join  # type: ignore[method-assign]
    watched(service, look)
    found_no_room = len(over) + len(set(kept))
    assert found_no_room > 300
    error = (share * (1 - share) / found_no_room) ** 0.5
    assert len(over) / found_no_room == pytest.approx(share, abs=3 * error)


@pytest.mark.parametrize("leaks", [{"oldest_wait": "10 working days"}, {"unallocated_per_worker": 2}])
def test_pressure_keeps_the_queue_near_where_it_gives(town: Any, leaks: dict[str, Any]) -> None:
    service: Service = town.service(FULL | {f"teams.{ONE}.workers": [{"count": 8, "cap": 10, "leaks": NEVER | leaks}]})
    pool = service.pool_of(service.team(ONE))
    oldest: list[float] = []
    children: list[float] = []

    def look() -> None:
        live = [waiting for waiting in pool.live() if waiting.case.worker is None]
        oldest.append(max((service.clock.now - waiting.since for waiting in live), default=0))
        children.append(sum(waiting.case.children for waiting in live) / 8)

    watched(service, look)
    if "oldest_wait" in leaks:
        # A need-first queue gives to the neediest until the oldest has gone too.
        assert max(oldest[60:]) <= 11
        assert max(oldest[60:]) > 8
    else:
        assert max(children[60:]) <= 2
        assert max(children[60:]) > 1.5


@pytest.mark.parametrize("after", [2, 6])
def test_a_cap_gives_to_a_case_that_has_waited_and_more_slowly_the_more_it_is_over(town: Any, after: int) -> None:
    leaks = NEVER | {"after": f"{after} working days"}
    service: Service = town.service(FULL | {f"teams.{ONE}.workers": [{"count": 8, "cap": 10, "leaks": leaks}]})
    pool = service.pool_of(service.team(ONE))
    waits: list[tuple[float, float]] = []
    allocate = pool._allocate

    def watch_allocation(waiting: Any, worker: Any) -> None:
        if worker.room < waiting.case.children and not waiting.urgent:
            over = (worker.load + waiting.case.children) / worker.cap - 1
            waits.append((over, service.clock.today - waiting.joined))
        allocate(waiting, worker)

    pool._allocate = watch_allocation  # type: ignore[method-assign]
    service.run()
    assert len(waits) > 100
    assert all(waited >= after * max(1.0, 10 * over) - 1e-9 for over, waited in waits)
    a_little = [waited for over, waited in waits if over <= 0.1 + 1e-9]
    more = [waited for over, waited in waits if over > 0.2]
    assert min(a_little) == after
    assert np.mean(more) > np.mean(a_little)


def test_caps_that_give_let_fewer_wait_and_some_workers_go_over(town: Any) -> None:
    waiting, over = {}, {}
    for name, leaks in (("never", {"leaks": "none"}), ("usual", {}), ("soon", {"leaks": {"after": "1 working day"}})):
        changes = {f"teams.{ONE}.workers": [{"count": 8, "cap": 12} | leaks]}
        service: Service = town.service({"demand.referrals_a_year": 640} | changes)
        measured = compute(watched(service, lambda service=service: balanced(service)), service.calendar)  # type: ignore[misc]
        waiting[name] = measured.value("unallocated")
        over[name] = measured.value("workers_over_cap_pct")
    assert waiting["never"] > 3 * waiting["usual"]
    assert waiting["usual"] <= 0.5 * 8 + 1
    assert waiting["soon"] <= waiting["usual"]
    assert over["usual"] > over["never"]


@pytest.mark.parametrize("policy", ["leaky", "strict"])
def test_a_child_on_a_plan_whose_worker_leaves_has_another_the_same_day(town: Any, policy: str) -> None:
    workers = [
        {"count": 4, "cap": 6, "cap_policy": policy},
        {"count": 3, "cap": 18, "cap_policy": policy, "end": "2016-10-31"},
    ]
    found = {}
    for statutory in ("at_once", "as_caps_allow"):
        changes = {f"teams.{ONE}.workers": workers, "allocation.statutory": statutory}
        service: Service = town.service({"demand.referrals_a_year": 300} | changes)
        held = watched(service, lambda service=service: balanced(service)).held_by_managers  # type: ignore[misc]
        days = np.where(held["end"] == -1, service.calendar.horizon, held["end"]) - held["start"]
        plans = np.isin(held["stage"], [2, 4, 5, 6])
        found[statutory] = int((days * held["children"])[plans].sum()), int(held["children"][~plans].sum())
    assert found["at_once"][0] == 0
    assert found["at_once"][1] > 10  # others wait for room
    if policy == "strict":
        assert found["as_caps_allow"][0] > 100


def test_measures_of_caps_show_a_cap_that_gives(town: Any) -> None:
    found = {}
    for name, leaks in (("keeps", {"leaks": "none"}), ("gives", {"leaks": NEVER | {"share": "60%"}})):
        workers = [{"count": 5, "cap": 14, "leaks": "none"}, {"count": 3, "cap": 10, "grade": "nqsw"} | leaks]
        service = town.service(FULL | {f"teams.{ONE}.workers": workers})
        found[name] = compute(service.run(), service.calendar)
    for measure in ("nqsw_over_cap", "workers_over_cap_pct"):
        assert found["gives"].value(measure) > found["keeps"].value(measure)


TWO_TEAMS: dict[str, Any] = {
    f"teams.{ONE}": {
        "stages": ["child_in_need", "child_protection", "pre_proceedings", "court"],
        "workers": [{"count": 6, "cap": 18}],
        "background_hours_a_week": 0,
    },
    "teams.assessment": {
        "stages": ["assessment", "section_47"],
        "workers": [{"count": 4, "cap": 16}],
        "background_hours_a_week": 0,
    },
}


def test_a_transfer_waits_for_its_delay_with_the_sending_worker(town: Any) -> None:
    service: Service = town.service(TWO_TEAMS | {"transfer.delay": "12 working days"})
    transfers = watched(service, lambda: balanced(service)).transfers
    done = transfers["done"] != -1
    assert done.sum() > 30
    assert (transfers["done"] - transfers["asked"])[done].min() == 12


def test_a_case_put_down_waits_with_nobody_and_is_counted_so(town: Any) -> None:
    found = {}
    for way in ("holds", "puts_down"):
        service: Service = town.service(
            TWO_TEAMS | {"transfer.sending_worker": way, "transfer.delay": "12 working days"}
        )
        recording = watched(service, lambda service=service: balanced(service))  # type: ignore[misc]
        found[way] = compute(recording, service.calendar)
        assert (len(recording.transfers["case"]) == 0) == (way == "puts_down")
    for measure in ("unallocated", "held_by_manager"):
        assert found["puts_down"].value(measure) > found["holds"].value(measure)


def test_a_joint_visit_asks_its_hours_of_both_workers(town: Any) -> None:
    asked = {}
    for hours in (0, 0.02):
        recording = town.recording(TWO_TEAMS | {"transfer.joint_visit_hours": hours, "pace": "off"})
        asked[hours] = float(recording.work["asked"].sum())
        moved = int((recording.transfers["done"] != -1).sum())
    # Too little to put anything off: both workers' hours for each transfer, less the few cut short by an end.
    assert asked[0.02] - asked[0] == pytest.approx(2 * 0.02 * moved, rel=0.1)


def test_pooled_cases_go_to_another_locality_only_after_the_wait_and_stay_there(town: Any) -> None:
    workers = {"stages": ["assessment", "section_47", "child_in_need", "child_protection", "pre_proceedings", "court"]}
    changes = {
        "demand.referrals_a_year": 700,
        "localities": {"north": "70%", "south": "30%"},
        f"teams.{ONE}": workers | {"locality": "north", "workers": [{"count": 6, "cap": 18, "leaks": "none"}]},
        "teams.south team": workers | {"locality": "south", "workers": [{"count": 6, "cap": 18, "leaks": "none"}]},
        "allocation.pooling": {"after": "8 working days"},
    }
    service: Service = town.service(changes)
    recording = watched(service, lambda: balanced(service))
    held, spells = recording.holdings, recording.spells
    place = dict(zip(spells["case"].tolist(), spells["locality"].tolist(), strict=True))
    entered: dict[int, int] = {}
    for case, stage, day in zip(*(spells[name].tolist() for name in ("case", "stage", "entered")), strict=True):
        if stage:
            entered[case] = min(day, entered.get(case, day))
    elsewhere = [
        (case, start)
        for case, team, start in zip(*(held[name].tolist() for name in ("case", "team", "start")), strict=True)
        if (recording.teams[team] == "south team") != (place[case] == 1)
    ]
    assert len(elsewhere) > 20
    assert all(start - entered[case] >= 8 for case, start in elsewhere)
    assert len(recording.transfers["case"]) == 0
