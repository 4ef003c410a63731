"""Cases in hands and in queues: what every stage uses to open, place, hand over and end its spells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.model.allocation import Waiting
from sim.model.cases.case import NO_DAY, NOT_YET, Case, Spell
from sim.model.cases.case_records import CaseRecords
from sim.model.cases.joint_visit import arrange_joint_visit
from sim.model.cases.spell_states import SpellStates
from sim.model.need import Needs
from sim.model.pace import Milestone
from sim.model.pathway.plans.visits import OVERDUE_VISIT
from sim.model.recording.names import (
    ASSESSMENT,
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    COURT,
    PRE_PROCEEDINGS,
    SECTION_47,
    STAGES,
)
from sim.model.workforce.manager import ManagerDesk
from sim.model.workforce.worker import Worker

if TYPE_CHECKING:
    from sim.model.allocation.queues import Queues
    from sim.model.pathway.front_door.premature_closure import PrematureClosures
    from sim.model.pathway.front_door.rereferral import Rereferrals
    from sim.model.practice.responses import Responses
    from sim.model.workforce.team import Teams
    from sim.model.world import World
    from sim.scenario.schema import Scenario

LEADING: Final = (COURT, PRE_PROCEEDINGS, CHILD_PROTECTION, SECTION_47, ASSESSMENT, CHILD_IN_NEED)
"""Which stage decides where a case belongs when it is in several, first one first."""


def _standard_days(scenario: Scenario, stage: int) -> int:
    """Working days of a stage's statutory clock; of a plan, from one visit to the next."""
    stages = scenario.stages
    if stage in (CHILD_IN_NEED, CHILD_PROTECTION):
        rules = stages.child_in_need if stage == CHILD_IN_NEED else stages.child_protection
        return int(20.0 if rules.visit_interval == "none" else rules.visit_interval.working_days)
    return int(getattr(stages, STAGES[stage]).standard.working_days)


class CaseFlow:
    """The handling of cases, which every stage, review and lever asks for what it wants done with one.

    It may touch cases and their spells, the workers who hold them and the queues that they wait in. What follows in the
    pathway it does not know: it tells whoever keeps the children's needs, and whoever sends closed cases back
    (`tell`).

    Attributes:
        records: writes the rows of cases.
        states: writes what each spell waits for.
    """

    def __init__(
        self, world: World, teams: Teams, queues: Queues, premature_closure: PrematureClosures, responses: Responses
    ) -> None:
        scenario = world.scenario
        self._world = world
        self._clock = world.clock
        self._teams = teams
        self._queues = queues
        self._premature_closure = premature_closure
        self._work = responses.work
        self._hand_over = responses.hand_over
        self._transfer = scenario.transfer
        self._pooled = scenario.allocation.pooling != "none"  # teams hold cases of other localities too
        self._need = Needs()
        self._returns: Rereferrals | None = None
        self._open_cases: dict[int, Case] = {}
        self._standards: dict[int, int] = {}
        self.states = SpellStates(world.clock, world.recorder)
        self.records = CaseRecords(world.clock, world.recorder, self.states)

    def tell(self, need: Needs, returns: Rereferrals) -> None:
        """Name those who are told of changes and closures; they ask the flow themselves, so they are made after it."""
        self._need = need
        self._returns = returns

    def seen(self, case: Case, how: int) -> None:
        """Somebody saw the children today: a visit, an allocation, a review (codes of `need.sight`)."""
        self._need.seen(case, how)

    def changed(self, case: Case) -> None:
        """The work of a case has changed in a way that bears on the children's needs."""
        self._need.changed(case)

    def known(self, case: Case) -> None:
        """Count a case that has reached the front door, or was open on the first day."""
        self._open_cases[case.key] = case

    def open(self, case: Case, stage: int, clock_start: int) -> Spell:
        """Open a spell in a stage today."""
        spell = Spell(case, stage, clock_start, self._clock.today)
        case.spells[stage] = spell
        case.assured = 0.0
        case.cut_short = False
        return spell

    def ask(self, spell: Spell, urgent: float, routine: float, milestones: list[Milestone]) -> None:
        """Set what a spell asks: hours a week and milestones; they move from the day a worker takes it up."""
        spell.urgent = urgent
        spell.routine = routine
        spell.milestones.extend(milestones)
        worker = spell.case.worker
        if worker is None:
            return
        if spell.allocated != NOT_YET:
            worker.change(urgent, routine)
            worker.carry(milestones)
            self.states.taken_up(spell, worker)
        else:
            worker.carry([milestone for milestone in milestones if milestone.with_any_holder])

    def ask_more(self, spell: Spell, milestone: Milestone) -> None:
        """Let a spell under way ask the hours a week more that the milestone of further work relieves it of."""
        urgent, routine = (milestone.relief, 0.0) if milestone.urgent else (0.0, milestone.relief)
        spell.urgent += urgent
        spell.routine += routine
        worker = spell.case.worker
        if worker is not None and spell.allocated != NOT_YET:
            worker.change(urgent, routine)
        self.add_milestone(spell, milestone)

    def add_milestone(self, spell: Spell, milestone: Milestone) -> None:
        """Add a milestone to a spell that is under way."""
        spell.milestones.append(milestone)
        worker = spell.case.worker
        if worker is not None and (spell.allocated != NOT_YET or milestone.with_any_holder):
            worker.carry([milestone])

    def end(self, spell: Spell, outcome: int) -> None:
        """End a spell today."""
        case = spell.case
        spell.ended = self._clock.today
        spell.outcome = outcome
        if case.worker is not None:
            self._put_down(spell, case.worker)
        spell.milestones = []
        del case.spells[spell.stage]
        self.records.record(spell)

    def close(self, case: Case, may_return: bool = True) -> None:
        """The case is closed: its worker has room again, and the family may come back."""
        if case.waiting is not None:
            self._queues.at(case.waiting.stage, case.locality).leave(case.waiting)
        self._end_transfer(case, None)
        self._let_managers_go(case)
        likelier = self._premature_closure.factor(case) * self.desk(case).hurried_returns
        if case.worker is not None:
            self.release(case)
        self._need.closed(case)
        del self._open_cases[case.key]
        self.records.record_case(case)
        if may_return and self._returns is not None:
            self._returns.closed(case, likelier * case.likelier)

    def desk(self, case: Case) -> ManagerDesk:
        """Where decisions about a case are made: its worker's team, else the first team that serves it."""
        if case.worker is not None:
            return case.worker.team.desk
        stage = self.leading_stage(case)
        team = self._teams.first(stage, case.locality)
        return self._teams.all[0].desk if team is None else team.desk

    def note_holding(self, case: Case) -> None:
        """Record that a case has been held until today by its worker as a member of the team of today."""
        self.records.record_holding(case, self._clock.today)
        case.holding_since = self._clock.today

    def hold_in_another_team(self, case: Case) -> None:
        """The holder of a case has joined another team and goes on with it, as far as that team serves its stage."""
        worker = case.worker
        assert worker is not None
        for spell in case.spells.values():
            if spell.allocated != NOT_YET:
                spell.team = worker.team.number
        self.place(case)

    def leading_stage(self, case: Case) -> int:
        """The stage that decides where a case belongs."""
        spells = case.spells
        if len(spells) == 1:  # as most are: asked for often, and quicker than to look for each
            for stage in spells:
                return stage
        for stage in LEADING:
            if stage in spells:
                return stage
        return ASSESSMENT

    def place(self, case: Case) -> None:
        """See that the case is, or will be, with a worker whose team serves its stage."""
        self._need.changed(case)
        stage = self.leading_stage(case)
        worker = case.worker
        if worker is not None and self._keeps(worker, case, stage):
            if case.waiting is not None:
                self._queues.at(case.waiting.stage, case.locality).leave(case.waiting)
            self._end_transfer(case, None)
            for spell in case.spells.values():
                if spell.allocated == NOT_YET:
                    self._take_up(spell, worker)
            return
        urgent = stage == SECTION_47
        waiting = case.waiting
        if waiting is not None:
            if waiting.stage == stage and waiting.urgent == urgent:
                if worker is None and case.managers is None:  # whoever held it meanwhile has gone
                    self._let_managers_hold(case, stage)
                    waiting.ready = 0
                    self._queues.at(stage, case.locality).again(waiting)
                return
            self._queues.at(waiting.stage, case.locality).leave(waiting)
        spell = case.spells[stage]
        waiting = Waiting(case, stage, urgent, max(spell.entered, spell.clock_start), self._due(spell))
        transfer = self._transfer
        if worker is not None and transfer.delay is not None and not urgent:
            asked = self._clock.today if case.transfer_asked == NOT_YET else case.transfer_asked
            waiting.ready = asked + round(transfer.delay.quantile(case.draws.uniform("transfer_delay")))
        self._queues.at(stage, case.locality).join(waiting)
        if worker is not None and transfer.sending_worker == "puts_down":
            self.release(case)
            self.states.passed_on(spell, waiting.ready)
        elif worker is not None and case.transfer_asked == NOT_YET:
            case.transfer_asked = self._clock.today
            case.transfer_hours = self._transfer.hours_a_week * case.factor
            worker.change(0.0, case.transfer_hours)
        if case.worker is None:
            self._let_managers_hold(case, stage)

    def _let_managers_hold(self, case: Case, stage: int) -> None:
        """Nobody else holds a case: it is the managers' own."""
        if case.managers is None:
            case.managers = self.desk(case)
            case.managers.hold(case)
        elif stage == case.managers_stage:
            return
        else:
            self.records.record_held_by_managers(case, self._clock.today)
        case.managers_since, case.managers_stage = self._clock.today, stage

    def _let_managers_go(self, case: Case) -> None:
        """The managers who held a case because nobody else did hold it no longer."""
        if case.managers is not None:
            case.managers.let_go(case)
            self.records.record_held_by_managers(case, self._clock.today)
            case.managers = None

    def give(self, case: Case, worker: Worker) -> None:
        """Put a case that nobody holds into a worker's hands today."""
        self._let_managers_go(case)
        changes_hands = case.holding_since != NOT_YET and case.former is not None and case.former is not worker
        if changes_hands:
            self._hand_over.begin_anew(case)
        case.worker = worker
        worker.hold(case)
        case.holding_since = self._clock.today
        case.holding_stage = self.leading_stage(case)
        for spell in case.spells.values():
            self._catch_up(spell)
            self._take_up(spell, worker)
        if changes_hands:
            spell = case.spells[case.holding_stage]
            getting_to_know = self._hand_over.getting_to_know(spell)
            if getting_to_know is not None:
                self.ask_more(spell, getting_to_know)
        self._need.given(case)

    def requeue(self, case: Case) -> None:
        """Give a waiting case its place in the queue anew: what it is ranked by has changed."""
        waiting = case.waiting
        if waiting is not None:
            self._queues.at(waiting.stage, case.locality).again(waiting)

    def move(self, case: Case, worker: Worker) -> None:
        """Move a held case straight to another worker, out of turn."""
        if case.waiting is not None:
            self._queues.at(case.waiting.stage, case.locality).leave(case.waiting)
        self._end_transfer(case, worker)
        self.release(case, handover=True)
        self.give(case, worker)

    def release(self, case: Case, handover: bool = False) -> None:
        """Take a case out of its worker's hands, keeping what remains of its work.

        Args:
            handover: the change was not planned: whoever takes the case over reads and meets the family again, which
                adds a share of the original work.
        """
        worker = case.worker
        assert worker is not None
        for spell in case.spells.values():
            self._put_down(spell, worker)
            if handover and spell.allocated != NOT_YET:
                share = self._transfer.handover_share
                for milestone in spell.milestones:
                    if not milestone.with_any_holder:
                        milestone.remaining += share * milestone.original
        self._end_transfer(case, None)  # a holder who goes hands nothing over: the case just waits
        self.records.record_holding(case, self._clock.today)
        worker.let_go(case)
        case.worker = None
        case.former = worker
        self._queues.request_pass(worker.team)

    def open_cases(self) -> list[Case]:
        """Cases that are known and not closed, by number."""
        return [case for _, case in sorted(self._open_cases.items())]

    def open_in_any_order(self) -> list[Case]:
        """The same in no order that anybody may rely on: for sums."""
        return list(self._open_cases.values())

    def _keeps(self, worker: Worker, case: Case, stage: int) -> bool:
        """Whether the holder goes on with a case; who holds a plan also makes the enquiry when risk rises in it."""
        team = worker.team
        if team.serves(stage, case.locality) or (stage in team.stages and self._pooled):
            return True
        return stage == SECTION_47 and any(team.serves(other, case.locality) for other in case.spells if other != stage)

    def allocate(self, waiting: Waiting, worker: Worker) -> None:
        """Put a case that has left its queue into a worker's hands, out of those of whoever has held it meanwhile."""
        case = waiting.case
        sending = case.worker
        if sending is not None:
            self._end_transfer(case, worker)
            self.release(case)
        self.give(case, worker)
        if sending is not None and self._transfer.joint_visit_hours:
            arrange_joint_visit(self._world, self, case, sending)

    def _take_up(self, spell: Spell, worker: Worker) -> None:
        if spell.allocated == NOT_YET:
            spell.allocated = self._clock.today
            self._work.taken_up(spell, worker)
        spell.team = worker.team.number
        spell.worker = worker.number
        if spell.urgent or spell.routine:
            worker.change(spell.urgent, spell.routine)
        worker.carry([milestone for milestone in spell.milestones if not milestone.carried])
        self.states.taken_up(spell, worker)

    def _catch_up(self, spell: Spell) -> None:
        """A visit that fell due while nobody held the case is made soon; the day the child was last seen is kept."""
        since = self._clock.today - spell.case.last_seen
        for milestone in spell.milestones:
            if milestone.with_any_holder and not milestone.carried:
                milestone.remaining = min(milestone.remaining, max(OVERDUE_VISIT, milestone.original - since))

    def catch_up(self, case: Case) -> None:
        """The holder of a case is back after others were to visit: the next visit counts from the last one made."""
        worker = case.worker
        assert worker is not None
        since = self._clock.today - case.last_seen
        for spell in case.spells.values():
            for milestone in [ahead for ahead in spell.milestones if ahead.with_any_holder]:
                worker.sooner(milestone, max(OVERDUE_VISIT, milestone.original - since))

    def _put_down(self, spell: Spell, worker: Worker) -> None:
        worker.drop(spell)
        if spell.allocated != NOT_YET and (spell.urgent or spell.routine):
            worker.change(-spell.urgent, -spell.routine)
        self.states.put_down(spell, worker)

    def _due(self, spell: Spell) -> int:
        """Day on which the statutory clock of a stage runs out, for due-date-first allocation."""
        stage = spell.stage
        standard = self._standards.get(stage)
        if standard is None:
            standard = self._standards[stage] = _standard_days(self._world.scenario, stage)
        if stage in (CHILD_IN_NEED, CHILD_PROTECTION):
            return spell.case.last_seen + standard
        return (spell.clock_start if spell.clock_start > NO_DAY else spell.entered) + standard

    def _end_transfer(self, case: Case, worker: Worker | None) -> None:
        if case.transfer_asked == NOT_YET:
            return
        if case.worker is not None and case.transfer_hours:
            case.worker.change(0.0, -case.transfer_hours)
        case.transfer_hours = 0.0
        if worker is not None:
            self.records.record_transfer(case, worker)
        case.transfer_asked = NOT_YET
