"""Rises of need: when they come, when somebody notices, and when they end.

The service notices only when somebody sees the child, or when somebody outside rings; it acts only once a manager has
decided. A rise that nobody notices moves nothing: not the queue, not the visits. Each open case waits for one event,
armed no later than the next thing that can happen to its need; a visit only puts that off, and arms nothing.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Phase
from sim.model.engine.limits import NEVER
from sim.model.need.level import Level, Rise
from sim.model.need.sight import ALLOCATION, VISIT, looks
from sim.model.pace import Milestone
from sim.model.recording import STAGES
from sim.model.recording.names import ALLOCATION_STEP, CHILD_IN_NEED, CHILD_PROTECTION, SECTION_47, STEP_UP
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

if TYPE_CHECKING:
    from sim.model.cases.case_flow import CaseFlow
    from sim.model.need.steps import ProtectiveSteps
    from sim.model.practice.responses import Responses
    from sim.model.world import World
    from sim.scenario.sections.risk import Risk

LEVELS: Final = ("low", "moderate", "high", "severe")
SEVERE: Final = len(LEVELS)
SECOND_LOOK: Final = 5
"""Working days after which managers who have put a decision off are asked again (assumption)."""
PLANS: Final = (CHILD_PROTECTION, CHILD_IN_NEED)


class Needs:
    """What is told of each case. Here need stays as it was at referral and nothing follows; `Rises` moves it."""

    def seen(self, case: Case, how: int) -> None:
        """Somebody saw the children today: a visit, an allocation, a review (codes of `sight`)."""

    def given(self, case: Case) -> None:
        """A worker took the case over today, and meets the family."""

    def changed(self, case: Case) -> None:
        """The stage, the worker or the work of the case may have changed."""

    def closed(self, case: Case) -> None:
        """The case closes today."""

    def finish(self) -> None:
        """The run is over: record what still stands."""


class Rises(Needs):
    """Need that moves, for every case that is open beyond the front door.

    It may touch the need and the milestones of a case, asks managers, and has the protective step taken by `steps`.
    """

    def __init__(self, world: World, flow: CaseFlow, steps: ProtectiveSteps, rules: Risk, responses: Responses) -> None:
        self._work = responses.work
        self._ease = responses.ease
        self._world = world
        self._clock = world.clock
        self._flow = flow
        self._steps = steps
        self._rules = rules
        self._looks = looks(rules)
        self._rates = [
            rules.rises_a_year.get(stage, 0.0) / WORKING_DAYS_A_YEAR  # type: ignore[call-overload]
            for stage in STAGES
        ]
        self._times = [0.0, *(rules.times_by_level.get(level, 1.0) for level in LEVELS)]
        self._strategy_at = LEVELS.index(rules.strategy_discussion_at) + 1
        self._seen_every = 0.0 if rules.seen_every == "none" else rules.seen_every.working_days
        without = rules.without_contact
        self._after = NEVER if without == "none" else without.after.working_days
        self._without = 1.0 if without == "none" else without.times
        stages = self._world.scenario.stages
        self._visited = {
            stage
            for stage, plan in ((CHILD_IN_NEED, stages.child_in_need), (CHILD_PROTECTION, stages.child_protection))
            if plan.visit_interval != "none"
        }

    # What the rest of the service tells.

    def seen(self, case: Case, how: int) -> None:
        """Somebody saw the children today: they may notice a rise."""
        level = case.level
        if level is None:
            return
        now = self._clock.now
        if now > level.contact + self._after:
            level.accrue(now, self._after, self._without)
        if level.contact < now:
            level.contact = now
        rise = level.rise
        if rise is not None and rise.noticed == NOT_YET:
            worker = case.worker
            sight = 1.0 if worker is None else worker.sight * self._work.sight(worker)
            rise.looked_usually += self._looks[how] * sight
            rise.looked += self._looks[how] * sight * (1.0 if worker is None else worker.readiness)
            if rise.looked > rise.unseen:
                self._notice(case, level, rise)
            elif rise.looked_usually > rise.unseen:
                rise.late_by_person = True

    def given(self, case: Case) -> None:
        """A worker took the case over today; on the first morning they have held it for some time."""
        level = case.level
        self.changed(case)
        if level is None:
            return
        rise = level.rise
        if rise is not None and rise.awaits_worker:
            self._act(case, level, rise, ALLOCATION_STEP)
        self.seen(case, ALLOCATION)

    def changed(self, case: Case) -> None:
        """Take up a case that is new here, or the new rate of one whose stage, worker or work has changed."""
        now = self._clock.now
        level = case.level
        if level is None:
            level = case.level = Level(case.need, self._unit(case, "need_rise"), now, float(case.last_seen))
        else:
            level.accrue(now, self._after, self._without)
        if case.worker is not None and self._visited.isdisjoint(case.spells):
            level.contact = NEVER
        elif level.contact == NEVER:
            level.contact = now
        self._set_rate(case, level)
        if level.rise is not None:
            self._await_meeting(case, level.rise)
        self._arm(case, level)

    def closed(self, case: Case) -> None:
        """The case closes: a rise that stands ends unacted."""
        level = case.level
        if level is not None:
            case.level = None
            if level.rise is not None:
                self._end(case, level.rise, ended=self._clock.today)

    def finish(self) -> None:
        """Record the rises that stand at the end of the run."""
        for case in self._flow.open_cases():
            if case.level is not None and case.level.rise is not None:
                self._end(case, case.level.rise)

    # What happens to need.

    def _unit(self, case: Case, stream: str) -> float:
        """The case's next unit exponential of a stream."""
        return -math.log(1.0 - case.draws.uniform(stream))

    def _set_rate(self, case: Case, level: Level) -> None:
        stage = self._flow.leading_stage(case)
        rate = self._rates[stage] * self._times[level.level]
        if stage in PLANS and case.spells[stage].work_done != NOT_YET:
            rate *= self._rules.times_once_work_is_done
        level.rate = rate

    def _arm(self, case: Case, level: Level) -> None:
        """Make sure that an event is pending no later than the next thing that can happen."""
        rise = level.rise
        due = level.fall_due
        if rise is None:
            due = min(due, level.next_rise(self._after, self._without))
        elif rise.noticed == NOT_YET:
            due = min(due, rise.call_due)
        clock = self._clock
        if due >= self._world.calendar.horizon:
            return
        due = clock.grid(due)
        if due < level.armed:
            level.armed = due
            clock.at(due, Phase.NEED, case.key, partial(self._due, case, level))

    def _due(self, case: Case, level: Level) -> None:
        now = self._clock.now
        if case.level is not level or now < level.armed:
            return  # closed, or superseded: an earlier event has fired and armed another
        level.armed = NEVER
        level.accrue(now, self._after, self._without)
        rise = level.rise
        if level.fall_due <= now:
            self._fall(case, level)
        elif rise is not None and rise.noticed == NOT_YET and rise.call_due <= now:
            self._notice(case, level, rise)
        elif level.risen:
            self._rise(case, level)
        self._arm(case, level)

    def _rise(self, case: Case, level: Level) -> None:
        """Need rises today; nobody knows."""
        rules = self._rules
        now = self._clock.now
        team = self._flow.desk(case).team.number
        rise = level.rise = Rise(self._clock.today, self._flow.leading_stage(case), team, level.level)
        rise.unseen = self._unit(case, "need_noticed")
        level.hazard = 0.0
        level.target = self._unit(case, "need_rise")
        level.rises += 1
        level.lower = level.level
        severe = case.draws.uniform("need_severe") < rules.straight_to_severe
        level.level = SEVERE if severe else min(SEVERE, level.level + 1)
        level.fall_due = self._after_time(case, "need_fall", rules.falls_a_year, now)
        rise.call_due = self._after_time(case, "need_new_referral", rules.new_referrals_a_year, now)
        self._set_rate(case, level)
        self._await_meeting(case, rise)

    def _after_time(self, case: Case, stream: str, rate: float, now: float) -> float:
        unit = self._unit(case, stream)
        return now + unit * WORKING_DAYS_A_YEAR / rate if rate > 0.0 else NEVER

    def _fall(self, case: Case, level: Level) -> None:
        """The latest rise falls back, acted on or not."""
        level.fall_due = NEVER
        level.level = level.lower
        rise = level.rise
        if rise is not None:
            level.rise = None
            self._end(case, rise, ended=self._clock.today)
        if rise is None or rise.noticed != NOT_YET:
            self._known(case, level.level)
        self._set_rate(case, level)

    def _notice(self, case: Case, level: Level, rise: Rise) -> None:
        """Somebody has noticed: the queue sees the new level, and a manager is asked."""
        rise.noticed = self._clock.today
        self._known(case, level.level)
        self._flow.desk(case).ask(case, STEP_UP, True, partial(self._decided, case, level, rise))

    def _known(self, case: Case, need: int) -> None:
        """The service knows another level of need; a waiting case takes its new place in the queue."""
        if need != case.need:
            case.need = need
            self._flow.requeue(case)

    def _decided(self, case: Case, level: Level, rise: Rise) -> None:
        """A manager has decided: the protective step is taken today, or when a worker takes the case over."""
        if rise.over:
            return  # need fell back or the case closed meanwhile
        readiness = self._flow.desk(case).readiness
        if readiness < 1.0 and not rise.put_off and case.draws.uniform("manager_threshold") > readiness:
            rise.put_off = rise.late_by_person = True
            clock = self._clock
            clock.at(clock.today + SECOND_LOOK, Phase.NEED, case.key, partial(self._ask_again, case, level, rise))
            return
        strategy = level.level >= self._strategy_at
        step = self._steps.take(case, strategy, self._rules.legal_planning)
        if step == NOT_YET:
            rise.awaits_worker = True
        else:
            self._act(case, level, rise, step)

    def _ask_again(self, case: Case, level: Level, rise: Rise) -> None:
        if not rise.over:
            self._flow.desk(case).ask(case, STEP_UP, True, partial(self._decided, case, level, rise))

    def _act(self, case: Case, level: Level, rise: Rise, step: int) -> None:
        """The protective step is taken today: need may rise again."""
        level.accrue(self._clock.now, self._after, self._without)
        level.rise = None
        self._end(case, rise, acted=self._clock.today, step=step)
        self._arm(case, level)

    def _end(self, case: Case, rise: Rise, acted: int = NOT_YET, ended: int = NOT_YET, step: int = NOT_YET) -> None:
        rise.over = True
        self._world.recorder.needs.add(
            (
                case.key,
                case.locality,
                rise.team,
                rise.stage,
                rise.rose,
                rise.noticed,
                acted,
                ended,
                case.children,
                step,
                int(rise.late_by_person),
            )
        )

    # Meetings of a worker and a child where no plan has visits.

    def _await_meeting(self, case: Case, rise: Rise) -> None:
        """While a rise stands unnoticed, let the worker's next meeting come up, unless a plan's visits do that."""
        if not self._seen_every or rise.noticed != NOT_YET or not self._visited.isdisjoint(case.spells):
            return
        if rise.meeting is None:
            self._meet(case, rise, self._wait(case) * case.draws.uniform("need_meeting"))
        elif not rise.meeting.open:
            self._meet(case, rise, self._wait(case))

    def _meet(self, case: Case, rise: Rise, wait: float) -> None:
        spell = rise.meeting = case.spells[self._flow.leading_stage(case)]
        urgent = spell.stage == SECTION_47
        self._flow.add_milestone(spell, Milestone(spell, wait, self._met, urgent=urgent, with_any_holder=True))

    def _wait(self, case: Case) -> float:
        """Working days at full pace from one meeting to the next."""
        return self._seen_every * self._ease.share(case.worker)

    def _met(self, spell: Spell, _at: float) -> None:
        case = spell.case
        rise = None if case.level is None else case.level.rise
        if rise is None or rise.noticed != NOT_YET or rise.meeting is not spell:
            return
        self.seen(case, VISIT)
        if rise.noticed == NOT_YET and self._visited.isdisjoint(case.spells):
            self._meet(case, rise, self._wait(case))


def needs_of(world: World, flow: CaseFlow, steps: ProtectiveSteps, responses: Responses) -> Needs:
    """What keeps the needs of the cases, as the scenario wants them kept."""
    rules = world.scenario.risk
    return Needs() if rules == "none" else Rises(world, flow, steps, rules, responses)
