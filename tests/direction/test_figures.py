"""Every figure that a scenario can name moves what it should.

Each row changes one figure of the busy service and says which measure goes up or down; a list of all figures of the
schema is kept beside it, so that a figure that does nothing cannot slip in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np
import pytest

from sim.model.recording import Recording
from sim.scenario.schema import Scenario
from sim.scenario.sections.base import Section

pytestmark = pytest.mark.direction

UP, DOWN, MOVES = 1, -1, 0
MAIN, PLANS, SURGE = "assessment", "locality team", "surge team"
ACTUAL = {f"{2016 + (month > 12)}-{(month - 1) % 12 + 1:02d}": 50 for month in range(4, 22)}
LABEL = {"demand.rereferral.mode": "label"}
ONE_TEAM_DUE_FIRST = {
    "allocation.policy": "due_first",
    "teams": {
        "everybody": {
            "stages": ["front_door", "assessment", "section_47", "child_in_need", "child_protection", "pre_proceedings", "court"],
            "workers": [{"count": 7, "cap": 14}, {"count": 7, "cap": 14, "end": "2016-08-31"}],
            "managers": 2,
        }
    },
}  # fmt: skip
NO_HABIT = {
    "stages.assessment.habit": "none",
    "stages.assessment.work": "18 working days",
    "stages.section_47.habit": "none",
}
HELD = {"from_team": MAIN, "stages": ["assessment"], "children": 20}


def workers(**changes: Any) -> dict[str, Any]:
    """The assessment team's workers, the first group of four with something changed."""
    group = {"count": 4, "cap": 11} | changes
    return {f"teams.{MAIN}.workers": [group, {"count": 1, "cap": 11, "grade": "nqsw", "hours_a_week": 24}]}


def lever(kind: str, at: str = "2016-07-01", **changes: Any) -> dict[str, Any]:
    return {"levers": [{"lever": kind, "at": at} | changes]}


def surge_team(**changes: Any) -> dict[str, Any]:
    return {f"teams.{SURGE}.{name}": value for name, value in changes.items()}


NEEDS = ("low", "moderate", "high", "severe")
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), 1) | {"friday": 0}
ADDED = {"team": MAIN, "add": {"count": 2, "cap": 11}}


@dataclass(frozen=True)
class Row:
    """One figure changed: `change` is laid over `base`, and `measure` goes up or down (or something moves)."""

    figure: str
    change: dict[str, Any]
    measure: str = ""
    way: int = MOVES
    base: dict[str, Any] = field(default_factory=dict)
    surge: bool = False


ROWS = [
    Row("RunPeriod.start", {"period.start": "2016-05-03"}),
    Row("RunPeriod.end", {"period.end": "2017-12-31"}, "referrals", UP),
    Row("Scenario.clock", {"clock": "continuous"}),
    Row("Scenario.localities", {"localities": {"north": "50%", "south": "50%"}}),
    Row("Scenario.pace", {"pace": "off"}, "assessment work", DOWN),
    Row("Scenario.sign_off", {"sign_off": "none"}, "assessment length", DOWN),
    # Demand
    Row("Demand.referrals_a_year", {"demand.referrals_a_year": 800}, "allocation wait", UP),
    Row("Demand.referrals_a_year", {"demand.referrals_a_year": 800}, "assessments open", UP),
    Row("Demand.referrals_a_year", {"demand.referrals_a_year": 400}, "low-need longest wait", DOWN),
    Row("Demand.referrals_a_working_day", {"demand.referrals_a_year": None, "demand.referrals_a_working_day": 1.2}, "referrals", DOWN),
    Row("Demand.monthly_referrals", {"demand.monthly_referrals": {"2016-07": 200}}, "assessments", UP),
    Row("Demand.season", {"demand.season": "none"}),
    Row("Demand.weekday", {"demand.weekday": WEEK}),
    Row("Demand.over_dispersion", {"demand.over_dispersion": 12}),
    Row("Demand.sibling_groups", {"demand.sibling_groups": {1: "100%"}}, "children to a case", DOWN),
    Row("Demand.sibling_groups", {"demand.sibling_groups": {1: "100%"}}, "hours asked", UP),
    Row("Demand.need", {"demand.need": dict(zip(NEEDS, ("70%", "10%", "10%", "10%"), strict=True))}),
    Row("Demand.contacts_per_referral", {"demand.contacts_per_referral": 5}, "contacts", UP),
    Row("Demand.contacts_per_referral", {"demand.contacts_per_referral": 5}, "screening wait", UP),
    Row("Rereferral.mode", {"demand.rereferral.mode": "none"}, "rereferrals", DOWN),
    Row("Rereferral.share", {"demand.rereferral.share": "50%"}, "rereferrals", UP),
    Row("Rereferral.mean_gap", {"demand.rereferral.mean_gap": "12 months"}, "rereferrals", DOWN),
    Row("Rereferral.label_share", {"demand.rereferral.label_share": "60%"}, "rereferrals", UP, LABEL),
    Row("Rereferral.closed_before_start", {"demand.rereferral.closed_before_start": 0}, "referrals", DOWN),
    # Stages
    Row("FrontDoor.time_per_contact", {"stages.front_door.time_per_contact": "50 minutes"}, "screening wait", UP),
    Row("FrontDoorOutcomes.assessment", {"stages.front_door.outcomes.assessment": "48%", "stages.front_door.outcomes.no_further_action": "30%"}, "assessments", DOWN),
    Row("FrontDoorOutcomes.no_further_action", {"stages.front_door.outcomes.no_further_action": "0%", "stages.front_door.outcomes.assessment": "78%"}, "allocation wait", UP),
    Row("FrontDoorOutcomes.advice", {"stages.front_door.outcomes.advice": "25%", "stages.front_door.outcomes.assessment": "48%"}, "assessments", DOWN),
    Row("FrontDoorOutcomes.early_help", {"stages.front_door.outcomes.early_help": "30%", "stages.front_door.outcomes.assessment": "48%"}, "assessments", DOWN),
    Row("FrontDoorOutcomes.strategy_discussion", {"stages.front_door.outcomes.strategy_discussion": "27%", "stages.front_door.outcomes.assessment": "48%"}, "enquiries", UP),
    Row("Assessment.standard", {"stages.assessment.standard": "10 working days"}, base=ONE_TEAM_DUE_FIRST),
    Row("Assessment.habit", {"stages.assessment.habit": "60 working days"}, "assessment length", UP),
    Row("Assessment.habit", {"stages.assessment.habit": "5 working days"}, "assessment length", DOWN),
    Row("Assessment.work_share", {"stages.assessment.work_share": 0.9}, "assessment work", UP),
    Row("Assessment.work_share", {"stages.assessment.work_share": 0.9}, "allocation wait", UP),
    Row("Assessment.work", {"stages.assessment.work": "30 working days"}, "assessment work", UP, NO_HABIT),
    Row("Assessment.hours_a_week", {"stages.assessment.hours_a_week": 6}, "assessment work", UP),
    Row("Assessment.hours_a_week_waiting", {"stages.assessment.hours_a_week_waiting": 3}, "assessment work", UP),
    Row("Assessment.strategy_discussion_from", {"stages.assessment.strategy_discussion_from": "89%"}, "decision wait"),
    Row("Assessment.strategy_discussion_to", {"stages.assessment.strategy_discussion_to": "11%"}),
    Row("AssessmentOutcomes.close", {"stages.assessment.outcomes.close": "0%", "stages.assessment.outcomes.child_in_need": "70%"}, "plan allocation wait", UP),
    Row("AssessmentOutcomes.early_help", {"stages.assessment.outcomes.early_help": "35%", "stages.assessment.outcomes.child_in_need": "5%"}, "cin plans", DOWN),
    Row("AssessmentOutcomes.child_in_need", {"stages.assessment.outcomes.child_in_need": "5%", "stages.assessment.outcomes.close": "65%"}, "cin plans", DOWN),
    Row("AssessmentOutcomes.section_47", {"stages.assessment.outcomes.section_47": "0%", "stages.assessment.outcomes.close": "60%"}, "enquiries", DOWN),
    Row("Section47.habit", {"stages.section_47.habit": "25 working days"}, "enquiry length", UP),
    Row("Section47.work_share", {"stages.section_47.work_share": 1}, "enquiry work", UP),
    Row("Section47.work", {"stages.section_47.work": "20 working days"}, "enquiry length", UP, NO_HABIT),
    Row("Section47.hours_a_week", {"stages.section_47.hours_a_week": 14}, "assessment work", UP),
    Row("Section47.booking_point", {"stages.section_47.booking_point": 1}, "enquiry length", UP),
    Row("Section47Outcomes.conference", {"stages.section_47.outcomes.conference": "30%", "stages.section_47.outcomes.no_further_action": "70%"}, "conferences", DOWN),
    Row("Section47Outcomes.no_further_action", {"stages.section_47.outcomes.conference": "100%", "stages.section_47.outcomes.no_further_action": "0%"}, "cp plans", UP),
    Row("ConferenceOutcomes.child_protection", {"stages.section_47.conference_outcomes": {"child_protection": "20%", "child_in_need": "80%"}}, "cp plans", DOWN),
    Row("ConferenceOutcomes.child_in_need", {"stages.section_47.conference_outcomes": {"child_protection": "100%", "child_in_need": "0%"}}, "cp plans", UP),
    Row("ChildInNeed.visit_interval", {"stages.child_in_need.visit_interval": "10 working days"}, "cin visits", UP),
    Row("ChildInNeed.visit_earliest", {"stages.child_in_need.visit_earliest": 1}, "cin visit gap", UP),
    Row("ChildInNeed.intervention", {"stages.child_in_need.intervention": "200 working days"}, "cin length", UP),
    Row("ChildInNeed.hours_a_week", {"stages.child_in_need.hours_a_week": 2}, "cin visit gap", UP),
    Row("ChildInNeed.hours_a_week_waiting", {"stages.child_in_need.hours_a_week_waiting": 1.2}, "cin visit gap", UP),
    Row("ChildInNeed.first_review", {"stages.child_in_need.first_review": "9 months"}, "cin reviews", DOWN),
    Row("ChildInNeed.review_interval", {"stages.child_in_need.review_interval": "9 months"}, "cin length", UP),
    Row("ChildInNeed.brought_forward", {"stages.child_in_need.brought_forward": "100%"}, "cin length", DOWN),
    Row("ChildInNeed.brought_forward_notice", {"stages.child_in_need.brought_forward_notice": "30 working days"}, "cin length", UP),
    Row("ChildInNeed.other_exits_a_year", {"stages.child_in_need.other_exits_a_year": 2}, "cin other exits", UP),
    Row("ChildInNeed.step_up_a_year", {"stages.child_in_need.step_up_a_year": 2}, "enquiries", UP),
    Row("ChildInNeedOutcomes.close", {"stages.child_in_need.outcomes": {"close": "20%", "early_help": "80%"}}),
    Row("ChildInNeedOutcomes.early_help", {"stages.child_in_need.outcomes": {"close": "50%", "early_help": "50%"}}),
    Row("ChildProtection.visit_interval", {"stages.child_protection.visit_interval": "5 working days"}, "cp visits", UP),
    Row("ChildProtection.visit_earliest", {"stages.child_protection.visit_earliest": 1}, "cp visit gap", UP),
    Row("ChildProtection.intervention", {"stages.child_protection.intervention": "300 working days"}, "cp length", UP),
    Row("ChildProtection.hours_a_week", {"stages.child_protection.hours_a_week": 5}, "cp visit gap", UP),
    Row("ChildProtection.hours_a_week_waiting", {"stages.child_protection.hours_a_week_waiting": 2.6}),
    Row("ChildProtection.first_review", {"stages.child_protection.first_review": "10 months"}, "cp reviews", DOWN),
    Row("ChildProtection.review_interval", {"stages.child_protection.review_interval": "2 months"}, "cp length", DOWN),
    Row("ChildProtection.brought_forward", {"stages.child_protection.brought_forward": "100%"}),
    Row("ChildProtection.brought_forward_notice", {"stages.child_protection.brought_forward_notice": "40 working days"}),
    Row("ChildProtection.other_exits_a_year", {"stages.child_protection.other_exits_a_year": 2}, "cp other exits", UP),
    Row("ChildProtection.pre_proceedings_share", {"stages.child_protection.pre_proceedings_share": "20%"}, "plo started", DOWN),
    Row("ChildProtection.pre_proceedings_after", {"stages.child_protection.pre_proceedings_after": "9 months"}, "plo started", DOWN),
    Row("ChildProtectionOutcomes.child_in_need", {"stages.child_protection.outcomes": {"child_in_need": "0%", "close": "100%"}}, "cin plans", DOWN),
    Row("ChildProtectionOutcomes.close", {"stages.child_protection.outcomes": {"child_in_need": "100%", "close": "0%"}}),
    Row("PreProceedings.standard", {"stages.pre_proceedings.standard": "80 weeks"}, base=ONE_TEAM_DUE_FIRST),
    Row("PreProceedings.panel_notice", {"stages.pre_proceedings.panel_notice": "40 working days"}, "letter wait", UP),
    Row("PreProceedings.work", {"stages.pre_proceedings.work": "25 weeks"}, "plo work", UP),
    Row("PreProceedings.hours_a_week", {"stages.pre_proceedings.hours_a_week": 8}, "cp visit gap", UP),
    Row("PreProceedingsOutcomes.child_protection", {"stages.pre_proceedings.outcomes.child_protection": "85%", "stages.pre_proceedings.outcomes.court": "0%"}, "court started", DOWN),
    Row("PreProceedingsOutcomes.child_in_need", {"stages.pre_proceedings.outcomes.child_in_need": "75%", "stages.pre_proceedings.outcomes.court": "0%"}, "court started", DOWN),
    Row("PreProceedingsOutcomes.court", {"stages.pre_proceedings.outcomes": {"child_protection": 0, "child_in_need": 0, "court": 1}}, "court started", UP),
    Row("Court.standard", {"stages.court.standard": "90 weeks"}, base=ONE_TEAM_DUE_FIRST),
    Row("Court.habit", {"stages.court.habit": "30 weeks"}, "court length", UP),
    Row("Court.work_share", {"stages.court.work_share": 1}, "court work", UP),
    Row("Court.hours_a_week", {"stages.court.hours_a_week": 10}, "cp visit gap", UP),
    Row("CourtOutcomes.care", {"stages.court.outcomes": {"care": "0%", "special_guardianship": "60%", "home_with_plan": "40%"}}),
    Row("CourtOutcomes.special_guardianship", {"stages.court.outcomes": {"care": "60%", "special_guardianship": "0%", "home_with_plan": "40%"}}),
    Row("CourtOutcomes.home_with_plan", {"stages.court.outcomes": {"care": "0%", "special_guardianship": "0%", "home_with_plan": "100%"}}, "cin plans", UP),
    # Teams and workers
    Row("Workers.count", workers(count=6), "allocation wait", DOWN),
    Row("Workers.count", workers(count=6), "low-need longest wait", DOWN),
    Row("Workers.count", workers(count=6), "assessments open", DOWN),
    Row("Workers.grade", workers(grade="agency")),
    Row("Workers.fte", workers(fte=0.6), "allocation wait", UP),
    Row("Workers.cap", workers(cap=7), "allocation wait", UP),
    Row("Workers.cap", workers(cap=11), "assessment work", DOWN, workers(cap=22)),
    Row("Workers.cap", workers(cap=11), "allocation wait", UP, workers(cap=22)),
    Row("Workers.cap", workers(cap="none"), "assessment work", UP),
    Row("Workers.cap_policy", {f"teams.{MAIN}.workers": [{"count": 5, "cap": 11, "cap_policy": "strict"}]}, "over cap", DOWN),
    Row("Workers.cap_policy", {f"teams.{MAIN}.workers": [{"count": 5, "cap": 11, "cap_policy": "strict"}]}, "enquiry length", UP),
    Row("Workers.hours_a_week", workers(hours_a_week=18), "assessment work", UP),
    Row("Workers.start", workers(start="2016-12-01"), "allocation wait", UP),
    Row("Workers.end", workers(end="2016-12-01"), "allocation wait", UP),
    Row("Team.stages", surge_team(stages=["assessment", "section_47"]), surge=True),
    Row("Team.locality", surge_team(locality="north"), "allocation wait", UP, surge=True),
    Row("Team.workers", surge_team(workers=[{"count": 6, "cap": 10}]), "allocation wait", DOWN, surge=True),
    Row("Team.managers", {f"teams.{MAIN}.managers": 0.15}, "authorisation wait", UP),
    Row("Team.managers", {f"teams.{MAIN}.managers": 0.15}, "assessment length", UP),
    Row("Team.background_hours_a_week", {f"teams.{MAIN}.background_hours_a_week": 40}, "assessment work", UP),
    Row("Team.start", surge_team(start="2016-12-01"), "allocation wait", UP, surge=True),
    Row("Team.end", surge_team(end="2017-09-01"), "allocation wait", DOWN, surge=True),
    Row("Team.takes_held_cases", surge_team(takes_held_cases=None), "holdings", DOWN, surge=True),
    Row("HeldCases.from_team", surge_team(takes_held_cases=HELD | {"from_team": PLANS}), "holdings", DOWN, surge=True),
    Row("HeldCases.stages", surge_team(takes_held_cases=HELD | {"stages": ["court"]}), "holdings", DOWN, surge=True),
    Row("HeldCases.children", surge_team(takes_held_cases=HELD | {"children": 5}), surge=True),
    Row("Pace.hours_a_week", {"pace.hours_a_week": 35}, "assessment work", DOWN),
    Row("Pace.overtime", {"pace.overtime": 0}, "assessment work", UP),
    Row("Pace.slowest", {"pace.slowest": 0.6}, "enquiry work", UP, workers(cap="none")),
    Row("Allocation.policy", {"allocation.policy": "oldest_first"}, "low-need longest wait", DOWN),
    Row("Allocation.policy", {"allocation.policy": "oldest_first"}, "high-need wait", UP),
    Row("Allocation.passed_over", {"allocation.passed_over": "200 working days"}),
    Row("Transfer.hours_a_week", {"transfer.hours_a_week": 4}, "assessment work", UP),
    Row("Transfer.handover_share", {"transfer.handover_share": 1}, "hours asked", UP, surge=True),
    # Decisions
    Row("SignOff.hours_without_span", {"sign_off.hours_without_span": 20}, "authorisation wait", UP),
    Row("SignOff.hours_lost_per_worker", {"sign_off.hours_lost_per_worker": 2.5}, "authorisation wait", UP),
    Row("SignOff.least_hours", {"sign_off.least_hours": 25}, "authorisation wait", DOWN),
    Row("SignOff.lag_from", {"sign_off.lag_from": 2}, "authorisation wait", UP),
    Row("SignOff.lag_from", {"sign_off.lag_from": 2}, "enquiry length", UP),
    Row("SignOff.lag_to", {"sign_off.lag_to": 8}, "authorisation wait", UP),
    Row("SignOff.assessment", {"sign_off.assessment": 1.5}, "authorisation wait", UP),
    Row("SignOff.step_up", {"sign_off.step_up": 5}, "authorisation wait", UP),
    Row("SignOff.enquiry", {"sign_off.enquiry": 4}, "authorisation wait", UP),
    Row("SignOff.closure", {"sign_off.closure": 4}, "manager hours used", UP),
    Row("SignOff.allocation", {"sign_off.allocation": 3}, "allocation wait", UP),
    Row("SignOff.overflow_after", {"sign_off.overflow_after": None}, "authorisation wait", UP, {f"teams.{MAIN}.managers": 0.15}),
    Row("SignOff.overflow_hours_a_week", {"sign_off.overflow_hours_a_week": 20}, "authorisation wait", DOWN, {f"teams.{MAIN}.managers": 0.15}),
    # Capacities
    Row("Capacities.conference_slots_a_week", {"capacities.conference_slots_a_week": 2}, "conference after work", UP),
    Row("Capacities.conference_slots_a_week", {"capacities.conference_slots_a_week": 2}, "enquiry length", UP),
    Row("Capacities.conference_session_slots", {"capacities.conference_session_slots": 12}, "enquiry length", UP),
    Row("Capacities.conference_notice", {"capacities.conference_notice": "25 working days"}, "conference after work", UP),
    Row("Capacities.legal_panel_slots_a_week", {"capacities.legal_panel_slots_a_week": 0.3}, "letter wait", UP),
    Row("Capacities.solicitors", {"capacities.solicitors": 2}, "letter wait", DOWN),
    Row("Capacities.cases_per_solicitor", {"capacities.cases_per_solicitor": 5}, "letter wait", UP),
    Row("Capacities.final_hearings_a_week", {"capacities.final_hearings_a_week": 0.15}, "court length", UP),
    # Opening caseload
    Row("OpeningStage.children", {"opening.assessment.children": 100}, "allocation wait", UP),
    Row("OpeningStage.children", {"opening.child_in_need.children": 150}, "plan allocation wait", UP),
    Row("OpeningStage.children", {"opening.court.children": 0}),
    Row("OpeningStage.children", {"opening.section_47.children": 0}),
    Row("OpeningStage.children", {"opening.child_protection.children": 0}, "plan allocation wait", DOWN),
    Row("OpeningStage.children", {"opening.pre_proceedings.children": 0}, "letter wait", DOWN),
    Row("OpeningStage.ages", {"opening.assessment.ages": "1 working days"}),
    Row("OpeningStage.unallocated", {"opening.assessment.unallocated": "100%"}),
    # Levers
    Row("ReferralSurge.size", lever("referral_surge", size="60%"), "allocation wait", UP),
    Row("ReferralSurge.size", lever("referral_surge", size="-60%"), "allocation wait", DOWN),
    Row("ReferralSurge.ramp", lever("referral_surge", size="60%", ramp="12 months"), "referrals", DOWN, lever("referral_surge", size="60%")),
    Row("ReferralSurge.until", lever("referral_surge", size="60%", until="2016-10-03"), "referrals", DOWN, lever("referral_surge", size="60%")),
    Row("ReferralSurge.decay", lever("referral_surge", size="60%", until="2016-10-03", decay="9 months"), "referrals", UP, lever("referral_surge", size="60%", until="2016-10-03")),
    Row("ReferralSurge.at", lever("referral_surge", size="60%", at="2017-03-01"), "referrals", DOWN, lever("referral_surge", size="60%")),
    Row("EarlyHelpDiversion.share", lever("early_help_diversion", share="40%"), "assessments", DOWN),
    Row("EarlyHelpDiversion.until", lever("early_help_diversion", share="40%", until="2016-09-01"), "assessments", UP, lever("early_help_diversion", share="40%")),
    Row("EarlyHelpDiversion.at", lever("early_help_diversion", share="40%", at="2017-03-01"), "assessments", UP, lever("early_help_diversion", share="40%")),
    Row("RoutingChange.stage", lever("routing", stage="front_door", outcomes={"no_further_action": "60%"}), "assessments", DOWN),
    Row("RoutingChange.stage", lever("routing", stage="section_47", outcomes={"no_further_action": "95%"}), "conferences", DOWN),
    Row("RoutingChange.stage", lever("routing", stage="conference", outcomes={"child_in_need": "95%"}), "cp plans", DOWN),
    Row("RoutingChange.stage", lever("routing", stage="pre_proceedings", outcomes={"court": "0%"}), "court started", DOWN),
    Row("RoutingChange.stage", lever("routing", stage="child_protection", outcomes={"close": "100%"}), "cin plans", DOWN),
    Row("RoutingChange.stage", lever("routing", stage="child_in_need", outcomes={"early_help": "100%"})),
    Row("RoutingChange.stage", lever("routing", stage="court", outcomes={"home_with_plan": "100%"}), "cin plans", UP),
    Row("RoutingChange.outcomes", lever("routing", stage="assessment", outcomes={"section_47": "60%"}), "enquiries", UP),
    Row("RoutingChange.until", lever("routing", stage="assessment", outcomes={"section_47": "60%"}, until="2016-08-01"), "enquiries", DOWN, lever("routing", stage="assessment", outcomes={"section_47": "60%"})),
    Row("RoutingChange.at", lever("routing", stage="assessment", outcomes={"section_47": "60%"}, at="2017-04-03"), "enquiries", DOWN, lever("routing", stage="assessment", outcomes={"section_47": "60%"})),
    Row("RereferralPrevention.reduction", lever("rereferral_prevention", reduction="80%"), "rereferrals", DOWN),
    Row("RereferralPrevention.until", lever("rereferral_prevention", reduction="80%", until="2016-09-01"), "rereferrals", UP, lever("rereferral_prevention", reduction="80%")),
    Row("RereferralPrevention.at", lever("rereferral_prevention", reduction="80%", at="2017-01-03"), "rereferrals", UP, lever("rereferral_prevention", reduction="80%")),
    Row("CapacityChange.capacity", lever("capacity", capacity="conference_slots_a_week", value=2), "conference after work", UP),
    Row("CapacityChange.capacity", lever("capacity", capacity="legal_panel_slots_a_week", value=0.2), "letter wait", UP),
    Row("CapacityChange.capacity", lever("capacity", capacity="solicitors", value=3), "letter wait", DOWN),
    Row("CapacityChange.capacity", lever("capacity", capacity="final_hearings_a_week", value=0.1), "court length", UP),
    Row("CapacityChange.value", lever("capacity", capacity="solicitors", value=0), "letter wait", UP),
    Row("CapacityChange.until", lever("capacity", capacity="solicitors", value=0, until="2016-10-03"), "letter wait", DOWN, lever("capacity", capacity="solicitors", value=0)),
    Row("CapacityChange.at", lever("capacity", capacity="solicitors", value=0, at="2017-03-01"), "letter wait", DOWN, lever("capacity", capacity="solicitors", value=0)),
    Row("Staffing.team", lever("staffing", **ADDED), "allocation wait", DOWN),
    Row("Staffing.team", lever("staffing", team=PLANS, add={"count": 3, "cap": 18}), "plan allocation wait", DOWN),
    Row("Staffing.add", lever("staffing", team="front door", add={"count": 1}), "screening wait", DOWN),
    Row("Staffing.until", lever("staffing", **ADDED, until="2016-08-01"), "allocation wait", UP, lever("staffing", **ADDED)),
    Row("Staffing.at", lever("staffing", **ADDED, at="2017-03-01"), "allocation wait", UP, lever("staffing", **ADDED)),
    Row("CapChange.team", lever("cap", team=PLANS, cap=10), "plan allocation wait", UP),
    Row("CapChange.cap", lever("cap", team=MAIN, cap=7), "allocation wait", UP),
    Row("CapChange.cap", lever("cap", team=MAIN, cap=22), "assessment work", UP),
    Row("CapChange.grade", lever("cap", team=MAIN, cap=5, grade="nqsw"), "allocation wait", DOWN, lever("cap", team=MAIN, cap=5)),
    Row("CapChange.until", lever("cap", team=MAIN, cap=7, until="2016-09-01"), "allocation wait", DOWN, lever("cap", team=MAIN, cap=7)),
    Row("CapChange.at", lever("cap", team=MAIN, cap=7, at="2017-03-01"), "allocation wait", DOWN, lever("cap", team=MAIN, cap=7)),
    Row("PolicyChange.policy", lever("allocation_policy", policy="oldest_first"), "low-need longest wait", DOWN),
    Row("PolicyChange.until", lever("allocation_policy", policy="oldest_first", until="2016-08-01"), "low-need longest wait", UP, lever("allocation_policy", policy="oldest_first")),
    Row("PolicyChange.at", lever("allocation_policy", policy="oldest_first", at="2017-05-02"), "low-need longest wait", UP, lever("allocation_policy", policy="oldest_first")),
]  # fmt: skip

SAID_NOT_SIMULATED = {
    "Scenario.title", "Scenario.description", "Scenario.question", "Scenario.theory", "Scenario.targets", "Scenario.costs",
    # What is in time, where nothing waits by due date against anything else: all enquiries have the same standard.
    "FrontDoor.decision_standard", "Section47.standard",
}  # fmt: skip
CONTAINERS = {"Scenario.levers", "Scenario.teams"}


def identical(one: Recording, other: Recording) -> bool:
    for name in ("cases", "spells", "visits", "reviews", "decisions", "transfers", "holdings", "contacts", "workers", "work"):
        before, after = getattr(one, name), getattr(other, name)
        if any(not np.array_equal(before[column], after[column]) for column in before):
            return False
    return True


def label(row: Row) -> str:
    ways = {UP: "raises", DOWN: "lowers", MOVES: "moves"}
    text = ",".join(f"{path.rsplit('.', 1)[-1]}={value}" for path, value in row.change.items())
    return f"{row.figure} [{text[:60]}] {ways[row.way]} {row.measure or 'something'}"


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_a_figure_moves_what_it_should(direction: Any, row: Row) -> None:
    base = direction.busy(row.surge) | row.base
    changed = base | row.change
    if row.way == MOVES:
        assert not identical(direction.runs(base, 1)[0], direction.runs(changed, 1)[0]), "nothing moved"
        return
    before, after = direction.mean(row.measure, base), direction.mean(row.measure, changed)
    assert (after - before) * row.way > 0, f"{row.measure} went from {before:.3f} to {after:.3f}"


def sections(kind: type[Section], found: dict[str, set[str]]) -> None:
    """The figures of a section and of those inside it, by name of the class."""
    if kind.__name__ in found:
        return
    found[kind.__name__] = set()
    for name, info in kind.model_fields.items():
        inner = inside(info.annotation)
        for section in inner:
            sections(section, found)
        if not inner or name in ("takes_held_cases", "pace", "sign_off", "workers", "add"):
            found[kind.__name__].add(name)


def inside(annotation: Any) -> list[type[Section]]:
    if isinstance(annotation, type):
        return [annotation] if issubclass(annotation, Section) else []
    return [section for part in get_args(annotation) for section in inside(part)]


def test_every_figure_of_the_schema_is_tried() -> None:
    found: dict[str, set[str]] = {}
    sections(Scenario, found)
    for not_simulated in ("Target", "Costs"):
        found.pop(not_simulated)
    named = {f"{kind}.{name}" for kind, names in found.items() for name in names if name != "lever"}
    tried = {row.figure for row in ROWS}
    assert tried <= named
    assert named - tried - SAID_NOT_SIMULATED - CONTAINERS == set()


NEUTRAL = {
    "a surge of nothing": lever("referral_surge", size="0%"),
    "a diversion of nobody": lever("early_help_diversion", share="0%"),
    "a prevention of nothing": lever("rereferral_prevention", reduction="0%"),
    "the routing there was": lever("routing", stage="section_47", outcomes={"no_further_action": "30%"}),
    "the capacity there was": lever("capacity", capacity="solicitors", value=1),
    "the policy there was": lever("allocation_policy", policy="need_first"),
    "the cap there was": lever("cap", team=MAIN, cap=11),
    "nobody more": lever("staffing", team=MAIN, add={"count": 0}),
    "a handover that costs nothing more": {"transfer.handover_share": 0.15},
}


@pytest.mark.parametrize("change", NEUTRAL.values(), ids=NEUTRAL.keys())
def test_a_neutral_setting_changes_nothing(direction: Any, change: dict[str, Any]) -> None:
    base = direction.busy(False)
    one, other = direction.runs(base, 1)[0], direction.runs(base | change, 1)[0]
    assert identical(one, other)
    assert one.warnings == other.warnings
