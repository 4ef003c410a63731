"""Virtual clocks are exact: the same finishing times as sharing the hours out among all cases at every change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.model.cases.case import Case, Spell
from sim.model.engine.clock import Clock
from sim.model.engine.event import Phase
from sim.model.pace import Milestone, PaceRule, WorkClock, paces
from sim.model.workforce.worker import Worker
from sim.scenario.sections.workforce import Workers

pytestmark = pytest.mark.unit

ASSESSMENT, PLAN, LEGAL = 1, 4, 5
RULES = (None, PaceRule(0.0, 0.0), PaceRule(0.15, 0.05), PaceRule(0.3, 0.4))


def make_spell(number: int, stage: int = ASSESSMENT, case: Case | None = None) -> Spell:
    return Spell(case or Case(number, 1, 0, 1, 0, SimpleNamespace()), stage, 0, 0)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------- the rule that shares the hours


def shared_hours(urgent: float, routine: float, hours: float, rule: PaceRule | None) -> tuple[float, float]:
    """Hours worked on urgent and on routine work, told the other way round: what routine work gets comes first."""
    if rule is None or urgent + routine <= hours:
        return urgent, routine
    stretched = min(urgent + routine, hours * (1.0 + rule.overtime))
    for_routine = min(routine, max(stretched - urgent, min(stretched, rule.slowest * routine)))
    return min(urgent, stretched - for_routine), for_routine


@pytest.mark.parametrize("rule", RULES)
def test_paces_share_the_hours_there_are(rule: PaceRule | None) -> None:
    generator = np.random.default_rng(20)
    for urgent, routine, hours in generator.uniform(0, 40, (2000, 3)).tolist():
        pace_urgent, pace_routine = paces(urgent, routine, hours, rule)
        assert 0.0 <= pace_urgent <= 1.0
        assert 0.0 <= pace_routine <= 1.0
        worked = shared_hours(urgent, routine, hours, rule)
        assert (urgent * pace_urgent, routine * pace_routine) == pytest.approx(worked, abs=1e-9)
        if rule is not None and urgent + routine > hours:
            limit = hours * (1.0 + rule.overtime)
            assert urgent * pace_urgent + routine * pace_routine <= limit + 1e-9
            # Urgent work comes first: it slows only when routine work is at its slowest already.
            assert pace_urgent == pytest.approx(1.0) or pace_routine <= rule.slowest + 1e-9
            assert pace_routine >= min(rule.slowest, limit / routine) - 1e-9


def test_paces_at_the_edges() -> None:
    rule = PaceRule(0.15, 0.05)
    assert paces(0.0, 0.0, 27.0, rule) == (1.0, 1.0)
    assert paces(0.0, 0.0, 0.0, rule) == (1.0, 1.0)
    assert paces(10.0, 17.0, 27.0, rule) == (1.0, 1.0)
    assert paces(5.0, 5.0, 0.0, rule) == (0.0, 0.0)  # absent: everything stands still
    assert paces(0.0, 54.0, 27.0, PaceRule(0.0, 0.0)) == (1.0, 0.5)
    assert paces(27.0, 27.0, 27.0, PaceRule(0.0, 0.0)) == (1.0, 0.0)
    assert paces(30.0, 30.0, 0.0, None) == (1.0, 1.0)


# ------------------------------------------------------------------------------------- against sharing out by hand


@dataclass
class Job:
    """One milestone, and what its case asks until it is reached."""

    urgent: bool
    left: float
    asks: float
    carried: bool = False
    reached: float = math.inf


class ByHand:
    """Every job's remaining work is reduced at every change: slow, and plainly right."""

    def __init__(self, hours: float, rule: PaceRule | None) -> None:
        self.hours = hours
        self.rule = rule
        self.other = [0.0, 0.0]  # routine, urgent hours asked besides the jobs'
        self.jobs: list[Job] = []
        self.now = self.asked = self.worked = 0.0

    def advance(self, now: float) -> None:
        while True:
            asked = list(self.other)
            for job in self.jobs:
                if job.carried:
                    asked[job.urgent] += job.asks
            urgent, routine = shared_hours(asked[1], asked[0], self.hours, self.rule)
            pace = [
                routine / asked[0] if asked[0] > 1e-9 else 1.0,
                urgent / asked[1] if asked[1] > 1e-9 else 1.0,
            ]
            moving = [job for job in self.jobs if job.carried and pace[job.urgent] > 0]
            first = min(moving, key=lambda job: job.left / pace[job.urgent], default=None)
            step = now - self.now
            if first is not None:
                step = min(step, first.left / pace[first.urgent])
            self.asked += sum(asked) / 5.0 * step
            self.worked += (urgent + routine) / 5.0 * step
            for job in moving:
                job.left -= pace[job.urgent] * step
            self.now += step
            if first is None or first.left > 1e-12:
                self.now = now
                return
            first.reached, first.carried = self.now, False


@dataclass
class Step:
    """Something that happens to a worker at a time."""

    at: float
    kind: str
    job: int = -1
    values: tuple[float, float] = (0.0, 0.0)


def random_steps(seed: int, jobs: int) -> tuple[list[Job], list[Step]]:
    """Jobs that start at random times, some put down and taken up again, among changes of asks and of hours."""
    generator = np.random.default_rng(seed)
    made: list[Job] = []
    steps: list[Step] = []
    for number in range(jobs):
        asks = 0.0 if generator.random() < 0.2 else float(generator.uniform(0.5, 8.0))
        made.append(Job(bool(generator.random() < 0.3), float(generator.exponential(6.0)), asks))
        start = float(generator.uniform(0, 100))
        steps.append(Step(start, "start", number))
        if generator.random() < 0.4:
            away, back = start + generator.exponential(3.0, 2).cumsum()
            steps += [Step(float(away), "pause", number), Step(float(back), "start", number)]
    for at in generator.uniform(0, 100, jobs // 2).tolist():
        first, second = generator.uniform(0, 6, 2).tolist()
        steps.append(Step(at, "ask", values=(first, second)))
    for at in generator.uniform(0, 100, jobs // 4).tolist():
        hours = 0.0 if generator.random() < 0.3 else float(generator.uniform(5, 40))
        steps.append(Step(at, "hours", values=(hours, 0.0)))
    steps.append(Step(250.0, "hours", values=(30.0, 0.0)))  # whoever was absent comes back
    return made, sorted(steps, key=lambda step: step.at)


def by_hand(seed: int, jobs: int, rule: PaceRule | None, end: float) -> ByHand:
    made, steps = random_steps(seed, jobs)
    hand = ByHand(27.0, rule)
    hand.jobs = made
    for step in steps:
        hand.advance(step.at)
        if step.kind == "start":
            made[step.job].carried = made[step.job].reached == math.inf
        elif step.kind == "pause":
            made[step.job].carried = False
        elif step.kind == "ask":
            hand.other = list(step.values)
        else:
            hand.hours = step.values[0]
    hand.advance(end)
    return hand


class ByVirtualClock:
    """The same steps done to the model's own clocks."""

    def __init__(self, jobs: list[Job], clock: WorkClock) -> None:
        self.clock = clock
        self.jobs = jobs
        self.other = (0.0, 0.0)
        self.milestones = []
        for number, job in enumerate(jobs):
            spell = make_spell(number)
            spell.urgent, spell.routine = (job.asks, 0.0) if job.urgent else (0.0, job.asks)
            milestone = Milestone(spell, job.left, self._reached, urgent=job.urgent, relief=job.asks)
            spell.milestones.append(milestone)
            self.milestones.append(milestone)
        self.called: dict[int, float] = {}

    def _reached(self, spell: Spell, at: float) -> None:
        self.called[spell.case.key] = at

    def do(self, step: Step) -> None:
        """Call once the clock has been advanced to the step's time."""
        if step.job >= 0:
            milestone, job = self.milestones[step.job], self.jobs[step.job]
            if milestone.reached_at >= 0 or milestone.carried == (step.kind == "start"):
                return
            asks = job.asks if step.kind == "start" else -job.asks
            (self.clock.put if step.kind == "start" else self.clock.take)(milestone)
            self.clock.ask(asks if job.urgent else 0.0, 0.0 if job.urgent else asks)
        elif step.kind == "ask":
            routine, urgent = step.values
            self.clock.ask(urgent - self.other[1], routine - self.other[0])
            self.other = step.values
        else:
            self.clock.set_hours(step.values[0])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(8))
def test_a_virtual_clock_is_exact(rule: PaceRule | None, seed: int) -> None:
    end = 2000.0
    hand = by_hand(seed, 60, rule, end)
    made, steps = random_steps(seed, 60)
    model = ByVirtualClock(made, WorkClock(27.0, rule))
    for step in steps:
        model.clock.advance(step.at)
        model.do(step)
    model.clock.advance(end)
    expected = [job.reached for job in hand.jobs]
    found = [m.reached_at if m.reached_at >= 0 else math.inf for m in model.milestones]
    assert found == pytest.approx(expected, abs=1e-9)
    assert rule is not None or all(math.isfinite(at) for at in found)
    # The order of the list is the order of time.
    assert [m.reached_at for m in model.clock.reached] == sorted(m.reached_at for m in model.clock.reached)
    assert (model.clock.asked_hours, model.clock.worked_hours) == pytest.approx((hand.asked, hand.worked), abs=1e-6)


@pytest.mark.parametrize("whole_days", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_a_worker_wakes_when_work_is_done(whole_days: bool, seed: int) -> None:
    """The one pending event of a worker comes at the right time, however the pace changes meanwhile."""
    rule = PaceRule(0.15, 0.05)
    if not whole_days:
        expected = {number: job.reached for number, job in enumerate(by_hand(seed, 40, rule, 2000.0).jobs)}
    made, steps = random_steps(seed, 40)
    clock = Clock(whole_days=whole_days)
    worker = Worker(0, SimpleNamespace(), Workers(count=1), 27.0, rule, clock)  # type: ignore[arg-type]
    worker.in_post = True
    worker.reckon()
    model = ByVirtualClock(made, worker.work)
    woken: dict[int, float] = {}
    for milestone in model.milestones:
        milestone.action = lambda spell, _at: woken.update({spell.case.key: clock.now})

    def carry_out(step: Step) -> None:
        worker.settle()
        model.do(step)
        worker.arm()

    for place, step in enumerate(steps):
        clock.at(step.at, Phase.NEED, place, lambda step=step: carry_out(step))
    clock.run(2000)
    finished = {number: at for number, at in woken.items() if math.isfinite(at)}
    if whole_days:
        # Steps of this test fall between whole days, so what is reached is told at the next whole day.
        reached = {m.spell.case.key: m.reached_at for m in model.milestones if m.reached_at >= 0}
        assert finished == {number: math.ceil(at - 1e-6) for number, at in reached.items()}
    else:
        assert finished == pytest.approx({n: at for n, at in expected.items() if at < 2000.0}, abs=1e-9)


# ------------------------------------------------------------------------------------- by hand, in round numbers


def test_two_cases_share_one_worker() -> None:
    """Work of 1 and 2 days, both asking for all hours: 2 days at half pace, then the longer one alone for another."""
    clock = WorkClock(27.0, PaceRule(0.0, 0.0))
    for number, work in enumerate((1.0, 2.0)):
        spell = make_spell(number)
        milestone = Milestone(spell, work, lambda _spell, _at: None, relief=27.0)
        spell.milestones.append(milestone)
        clock.put(milestone)
        clock.ask(0.0, 27.0)
    assert clock.next_reached() == pytest.approx(2.0)
    clock.advance(10.0)
    assert [milestone.reached_at for milestone in clock.reached] == pytest.approx([2.0, 3.0])
    assert clock.worked_hours == pytest.approx(3 * 27.0 / 5.0)


def test_a_visit_repeats_at_the_pace_of_the_worker() -> None:
    clock = WorkClock(10.0, PaceRule(0.0, 0.0))
    spell = make_spell(1)
    gaps = count(1)

    class Visit(Milestone):
        def following(self) -> Milestone:
            return Visit(self.spell, float(next(gaps)), _nothing)

    visit = Visit(spell, 1.0, _nothing)
    spell.milestones.append(visit)
    clock.put(visit)
    clock.ask(0.0, 20.0)  # half pace
    clock.advance(15.0)
    assert [milestone.reached_at for milestone in clock.reached] == pytest.approx([2.0, 4.0, 8.0, 14.0])
    assert len(spell.milestones) == 1


def test_milestones_of_one_case_at_one_moment() -> None:
    """Two stages of a case may fall due together (round numbers in a scenario): the earlier stage comes first."""
    clock = WorkClock(27.0, None)
    plan = make_spell(1, PLAN)
    legal = make_spell(1, LEGAL, plan.case)
    for spell in (legal, plan):
        milestone = Milestone(spell, 5.0, _nothing, order=1)
        spell.milestones.append(milestone)
        clock.put(milestone)
    clock.advance(5.0)
    assert [milestone.spell.stage for milestone in clock.reached] == [PLAN, LEGAL]


def _nothing(_spell: Any, _at: float) -> None: ...
