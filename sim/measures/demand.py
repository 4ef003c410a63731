"""Demand: contacts, referrals, enquiries, conferences and plans begun."""

from __future__ import annotations

from typing import Final

from sim.measures.flow import Flow
from sim.measures.measure import ADCS, CHILDREN_IN_NEED, Measure, england_figures
from sim.measures.period_counts import Floats, percent
from sim.measures.recording_view import RecordingView
from sim.model.recording import OUTCOMES

__all__ = ["DEFINITIONS", "demand"]

DEFINITIONS: Final[tuple[Measure, ...]] = (
    Measure(
        id="contacts",
        label="Contacts received",
        unit="children",
        better="neither",
        kind="flow",
        numerator="Children in contacts received, those that became referrals included",
        clock="Day received",
        source=ADCS,
        meaning="How many children people told the front door about.",
    ),
    Measure(
        id="referrals",
        label="Referrals",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality",),
        numerator="Children referred",
        clock="Day of the referral",
        source=CHILDREN_IN_NEED,
        meaning="How many children were accepted as referrals.",
        headline=True,
    ),
    Measure(
        id="rereferrals_12m_pct",
        label="Re-referrals within 12 months",
        unit="%",
        better="lower",
        kind="flow",
        breakdowns=("locality",),
        numerator="Children referred whose last referral was within 12 months",
        denominator="Children referred",
        clock="Day of the referral",
        source=CHILDREN_IN_NEED,
        meaning="How often children came back within a year.",
        flattered_by=("assessments_open_over_45wd",),
        england=england_figures(CHILDREN_IN_NEED, {2018: 21.9, 2024: 22.4}),
    ),
    Measure(
        id="no_further_action_pct",
        label="Referrals with no further action",
        unit="%",
        better="neither",
        kind="flow",
        breakdowns=("locality",),
        numerator="Children referred whose referral led to no further action",
        denominator="Children referred about whom the front door has decided",
        clock="Day of the decision",
        source=CHILDREN_IN_NEED,
        meaning="How many of those referred the front door turned away. It rises as thresholds do.",
        england=england_figures(CHILDREN_IN_NEED, {2018: 9.4, 2024: 6.3}),
    ),
    Measure(
        id="contact_decision_1wd_pct",
        label="Contacts decided within 1 working day",
        unit="%",
        better="higher",
        kind="flow",
        numerator="Contacts of the period decided within 1 working day",
        denominator="Contacts of the period that are decided, or undecided for longer than 1 working day",
        clock="Contact to decision, working days",
        source="Working Together to Safeguard Children",
        meaning="How often the front door decided what to do by the next working day.",
    ),
    Measure(
        id="s47_started",
        label="Section 47 enquiries started",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children with a strategy discussion that opened a section 47 enquiry",
        clock="Day of the strategy discussion",
        source=CHILDREN_IN_NEED,
        meaning="How many children had a child protection enquiry.",
    ),
    Measure(
        id="icpc_held",
        label="Initial child protection conferences held",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children with an initial child protection conference",
        clock="Day of the conference",
        source=CHILDREN_IN_NEED,
        meaning="How many children had an initial child protection conference.",
    ),
    Measure(
        id="cpp_started",
        label="Child protection plans started",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children who became the subject of a child protection plan",
        clock="Day of plan start",
        source=CHILDREN_IN_NEED,
        meaning="How many children went onto a child protection plan.",
    ),
    Measure(
        id="cpp_ended",
        label="Child protection plans ended",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children whose child protection plan ended",
        clock="Day of plan end",
        source=CHILDREN_IN_NEED,
        meaning="How many children came off a child protection plan.",
    ),
    Measure(
        id="cin_plans_started",
        label="Child in need plans started",
        unit="children",
        better="neither",
        kind="flow",
        breakdowns=("locality", "team"),
        numerator="Children who started a child in need plan, step-downs included",
        clock="Day of plan start",
        source=CHILDREN_IN_NEED,
        meaning="How many children started a child in need plan.",
    ),
)


def demand(view: RecordingView) -> dict[str, Floats]:
    """Measures of what comes in: each an array of (periods, columns)."""
    periods, recording = view.periods, view.recording
    contacts = recording.contacts
    received, decided, children = contacts["received"], contacts["decided"], contacts["contacts"]
    last_day = periods.horizon - 1
    on_time = (decided >= 0) & (decided - received <= 1)
    due = (decided >= 0) | (last_day - received > 1)
    came = Flow(periods, received)

    door = view.spells("front_door")
    referrals = Flow(periods, door.clock_start, *door.split)
    referred = referrals.counts(door.children)
    returned = door.children * view.of_case("rereferral", door.case)

    decisions = Flow(periods, door.ended, *door.split)
    turned_away = door.children * (door.outcome == OUTCOMES.index("no_further_action"))

    enquiry = view.spells("section_47")
    plan = view.spells("child_protection")
    in_need = view.spells("child_in_need")
    return {
        "contacts": came.counts(children),
        "contact_decision_1wd_pct": percent(came.counts(children * on_time), came.counts(children * due)),
        "referrals": referred,
        "rereferrals_12m_pct": percent(referrals.counts(returned), referred),
        "no_further_action_pct": percent(decisions.counts(turned_away), decisions.counts(door.children)),
        "s47_started": Flow(periods, enquiry.clock_start, *enquiry.split).counts(enquiry.children),
        "icpc_held": Flow(periods, enquiry.conference, *enquiry.split).counts(enquiry.children),
        "cpp_started": Flow(periods, plan.entered, *plan.split).counts(plan.children),
        "cpp_ended": Flow(periods, plan.ended, *plan.split).counts(plan.children),
        "cin_plans_started": Flow(periods, in_need.entered, *in_need.split).counts(in_need.children),
    }
