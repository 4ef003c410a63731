"""What a review out of turn leads to: a manager decides, and in child protection a conference, as they always do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from sim.model.cases.case import NOT_YET, Case, Spell
from sim.model.engine.event import Phase
from sim.model.recording.names import (
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    CLOSURE,
    NO_CHANGE,
    OUTCOME,
    REVIEWED_TO_CLOSE,
    REVIEWED_TO_STEP_UP,
    SECTION_47,
    STEP_UP,
)

if TYPE_CHECKING:
    from sim.model.service import Service

LAG: Final = "targeted_review_lag"
"""Stream of the base lag of these decisions: a review moves no lag of the case's other decisions."""
CLOSE: Final = OUTCOME["close"]
EARLY_HELP: Final = OUTCOME["early_help"]
TO_CHILD_IN_NEED: Final = OUTCOME["child_in_need"]


def carry_out(service: Service, case: Case, stage: int, outcome: int) -> bool:
    """Set going what a review of a case in a stage has found.

    Returns:
        False when nothing comes of it: the case has moved on to a stage that is not reviewed, or what the review would
        lead to is under way already.
    """
    spell = case.spells.get(stage)
    if outcome == NO_CHANGE or spell is None:
        return False
    if stage == CHILD_IN_NEED:
        return _child_in_need(service, spell, outcome)
    if stage == CHILD_PROTECTION:
        return _child_protection(service, spell, outcome)
    return False


def _child_in_need(service: Service, spell: Spell, outcome: int) -> bool:
    case = spell.case
    if outcome == REVIEWED_TO_STEP_UP:
        service.desk(case).ask(case, STEP_UP, True, partial(_enquire, service, spell), LAG)
        return True
    if spell.deciding:
        return False  # a manager has been asked to end the plan already
    spell.deciding = True
    way = CLOSE if outcome == REVIEWED_TO_CLOSE else EARLY_HELP
    service.desk(case).ask(case, CLOSURE, False, partial(_end, service, spell, way), LAG)
    return True


def _enquire(service: Service, spell: Spell) -> None:
    case = spell.case
    if spell.open and SECTION_47 not in case.spells and CHILD_PROTECTION not in case.spells:
        service.section_47.begin(case)
        service.place(case)


def _end(service: Service, spell: Spell, way: int) -> None:
    """The manager agrees that a child in need plan ends, unless an enquiry has begun meanwhile."""
    spell.deciding = False
    if not service.child_in_need.may_end(spell):
        return
    service.end(spell, way)
    if not spell.case.spells:
        service.close(spell.case)


def _child_protection(service: Service, spell: Spell, outcome: int) -> bool:
    case, plan = spell.case, service.child_protection
    if not plan.may_end(spell):
        return False  # legal work is under way
    if outcome == REVIEWED_TO_STEP_UP:
        service.desk(case).ask(case, STEP_UP, True, partial(_plan_legally, service, spell), LAG)
    else:
        way = CLOSE if outcome == REVIEWED_TO_CLOSE else TO_CHILD_IN_NEED
        service.desk(case).ask(case, CLOSURE, False, partial(_bring_to_conference, service, spell, way), LAG)
    return True


def _plan_legally(service: Service, spell: Spell) -> None:
    if service.child_protection.may_end(spell):
        service.pre_proceedings.begin(spell.case)


def _bring_to_conference(service: Service, spell: Spell, way: int) -> None:
    """The manager agrees: the next free review conference with due notice is to end the plan."""
    if not service.child_protection.may_end(spell):
        return
    notice = int(service.scenario.capacities.conference_notice.working_days)
    day = service.conferences.book(service.clock.today + max(1, notice))
    if day is not None and day < service.calendar.horizon:
        service.clock.at(day, Phase.CONFERENCES, spell.case.key, partial(_conference, service, spell, day, way))


def _conference(service: Service, spell: Spell, day: int, way: int) -> None:
    case = spell.case
    if not service.child_protection.may_end(spell):
        return
    team = NOT_YET if case.worker is None else case.worker.team.number
    service.recorder.reviews.add((case.key, CHILD_PROTECTION, team, day, day, case.children))
    service.child_protection.step_down(case, way)
