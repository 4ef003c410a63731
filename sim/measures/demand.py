"""Demand: contacts, referrals, enquiries, conferences and plans begun."""

from __future__ import annotations

from sim.measures.flow import Flow
from sim.measures.period_counts import Floats, percent
from sim.measures.recording_view import RecordingView

__all__ = ["demand"]


def demand(subject: RecordingView) -> dict[str, Floats]:
    """Measures of what comes in: each an array of (periods, columns)."""
    tally, recording = subject.tally, subject.recording
    contacts = recording.contacts
    received, decided, children = contacts["received"], contacts["decided"], contacts["contacts"]
    last_day = tally.horizon - 1
    on_time = (decided >= 0) & (decided - received <= 1)
    due = (decided >= 0) | (last_day - received > 1)
    came = Flow(tally, received)

    door = subject.spells("front_door")
    referrals = Flow(tally, door.clock_start, *door.split)
    referred = referrals.counts(door.children)
    returned = door.children * subject.of_case("rereferral", door.case)

    enquiry = subject.spells("section_47")
    plan = subject.spells("child_protection")
    in_need = subject.spells("child_in_need")
    return {
        "contacts": came.counts(children),
        "contact_decision_1wd_pct": percent(came.counts(children * on_time), came.counts(children * due)),
        "referrals": referred,
        "rereferrals_12m_pct": percent(referrals.counts(returned), referred),
        "s47_started": Flow(tally, enquiry.clock_start, *enquiry.split).counts(enquiry.children),
        "icpc_held": Flow(tally, enquiry.conference, *enquiry.split).counts(enquiry.children),
        "cpp_started": Flow(tally, plan.entered, *plan.split).counts(plan.children),
        "cpp_ended": Flow(tally, plan.ended, *plan.split).counts(plan.children),
        "cin_plans_started": Flow(tally, in_need.entered, *in_need.split).counts(in_need.children),
    }
