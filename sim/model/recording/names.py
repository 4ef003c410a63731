"""The names behind the codes of a recording."""

STAGES = (
    "front_door",
    "assessment",
    "section_47",
    "child_in_need",
    "child_protection",
    "pre_proceedings",
    "court",
)
FRONT_DOOR, ASSESSMENT, SECTION_47, CHILD_IN_NEED, CHILD_PROTECTION, PRE_PROCEEDINGS, COURT = range(7)

OUTCOMES = (
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
OUTCOME = {name: code for code, name in enumerate(OUTCOMES)}

DECISIONS = ("assessment", "step_up", "enquiry", "closure")
ASSESSMENT_DECISION, STEP_UP, ENQUIRY, CLOSURE = range(4)

STEPS = ("decision", "strategy_discussion", "legal_planning", "earlier_visit", "allocation")
"""Protective steps: the decision alone, in work under way; what it sets going; or the worker whom it waited for."""
DECIDED_STEP, STRATEGY_STEP, LEGAL_PLANNING_STEP, VISIT_STEP, ALLOCATION_STEP = range(5)

GRADES = ("nqsw", "social_worker", "senior", "agency")

REVIEWED = ("no_change", "close", "step_down", "step_up")
NO_CHANGE, REVIEWED_TO_CLOSE, STEPPED_DOWN, REVIEWED_TO_STEP_UP = range(4)

ABSENCE_KINDS = ("leave", "sickness", "parental")
LEAVE, SICKNESS, PARENTAL = range(3)

MONEY = ("staff", "agency_premium", "lever")
STAFF_COST, AGENCY_PREMIUM, LEVER_COST = range(3)
