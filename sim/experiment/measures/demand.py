"""Demand: contacts, referrals, enquiries, conferences and plans begun."""

from __future__ import annotations

from sim.experiment.measures.subject import Subject
from sim.experiment.measures.tally import Floats, percent

__all__ = ["demand"]


def demand(subject: Subject) -> dict[str, Floats]:
    """Measures of what comes in: each an array of (periods, columns)."""
    tally, recording = subject.tally, subject.recording
    contacts = recording.contacts
    received, decided, children = contacts["received"], contacts["decided"], contacts["contacts"]
    last_day = tally.horizon - 1
    on_time = (decided >= 0) & (decided - received <= 1)
    due = (decided >= 0) | (last_day - received > 1)

    door = subject.spells("front_door")
    referred = tally.counts(door.clock_start, door.children, *door.split)
    returned = door.children * subject.of_case("rereferral", door.case)

    enquiry = subject.spells("section_47")
    plan = subject.spells("child_protection")
    in_need = subject.spells("child_in_need")
    return {
        "contacts": tally.counts(received, children),
        "contact_decision_1wd_pct": percent(
            tally.counts(received, children * on_time), tally.counts(received, children * due)
        ),
        "referrals": referred,
        "rereferrals_12m_pct": percent(tally.counts(door.clock_start, returned, *door.split), referred),
        "s47_started": tally.counts(enquiry.clock_start, enquiry.children, *enquiry.split),
        "icpc_held": tally.counts(enquiry.conference, enquiry.children, *enquiry.split),
        "cpp_started": tally.counts(plan.entered, plan.children, *plan.split),
        "cpp_ended": tally.counts(plan.ended, plan.children, *plan.split),
        "cin_plans_started": tally.counts(in_need.entered, in_need.children, *in_need.split),
    }
