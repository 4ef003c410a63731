"""The names behind the codes of a recording."""

from typing import Final

from sim.scenario.stage_names import STAGE_NAMES

STAGES: Final = STAGE_NAMES
FRONT_DOOR: Final = 0
ASSESSMENT: Final = 1
SECTION_47: Final = 2
CHILD_IN_NEED: Final = 3
CHILD_PROTECTION: Final = 4
PRE_PROCEEDINGS: Final = 5
COURT: Final = 6

STATUTORY: Final = frozenset({SECTION_47, CHILD_PROTECTION, PRE_PROCEEDINGS, COURT})
"""Stages in which a child always has a worker: enquiries, child protection plans, pre-proceedings and court."""

OUTCOMES: Final = (
    "no_further_action",
    "advice",
    "early_help",
    "assessment",
    "strategy_discussion",
    "conference",
    "same_day_closure",
    "close",
    "child_in_need",
    "section_47",
    "child_protection",
    "pre_proceedings",
    "court",
    "care",
    "special_guardianship",
    "home_with_plan",
    "other",
)
OUTCOME: Final = {name: code for code, name in enumerate(OUTCOMES)}

DECISIONS: Final = ("assessment", "step_up", "enquiry", "closure")
ASSESSMENT_DECISION: Final = 0
STEP_UP: Final = 1
ENQUIRY: Final = 2
CLOSURE: Final = 3

STEPS: Final = ("decision", "strategy_discussion", "legal_planning", "earlier_visit", "allocation")
"""Protective steps: the decision alone, in work under way; what it sets going; or the worker whom it waited for."""
DECIDED_STEP: Final = 0
STRATEGY_STEP: Final = 1
LEGAL_PLANNING_STEP: Final = 2
VISIT_STEP: Final = 3
ALLOCATION_STEP: Final = 4

GRADES: Final = ("nqsw", "social_worker", "senior", "agency")

REVIEWED: Final = ("no_change", "close", "step_down", "step_up")
NO_CHANGE: Final = 0
REVIEWED_TO_CLOSE: Final = 1
STEPPED_DOWN: Final = 2
REVIEWED_TO_STEP_UP: Final = 3

ABSENCE_KINDS: Final = ("leave", "sickness", "parental")
LEAVE: Final = 0
SICKNESS: Final = 1
PARENTAL: Final = 2

MONEY: Final = ("staff", "agency_premium", "lever")
STAFF_COST: Final = 0
AGENCY_PREMIUM: Final = 1
LEVER_COST: Final = 2

SPELL_STATES: Final = (
    "to_begin",
    "work",
    "put_down",
    "decision",
    "returned",
    "custom",
    "conference",
    "panel",
    "solicitor",
    "hearing",
    "review",
    "passed_on",
    "carrying_out",
)
"""What a stay in a stage waits for on a day, when a worker holds the case (`sim.model.cases.spell_states`)."""
TO_BEGIN: Final = 0
WORK: Final = 1
PUT_DOWN: Final = 2
DECISION: Final = 3
RETURNED: Final = 4
CUSTOM: Final = 5
CONFERENCE: Final = 6
PANEL: Final = 7
SOLICITOR: Final = 8
HEARING: Final = 9
REVIEW: Final = 10
PASSED_ON: Final = 11
CARRYING_OUT: Final = 12
