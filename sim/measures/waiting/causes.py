"""The causes of waiting: names, words and order.

A day takes the first cause that holds, in the order of `CAUSES`. A worker's absence or load counts only while the stage
waits for that worker's work: an absent worker delays no decision of a manager.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["CAUSES", "CAUSE_NAMES", "DAYS", "DAYS_BEYOND", "GROUPS", "GROUP_OF", "Cause", "code"]


@dataclass(frozen=True)
class Cause:
    """A cause of waiting.

    `label` heads a column or a row, `words` go on from "waited", `group` is what a chart may add up. `work`: the time
    is work, not waiting.
    """

    name: str
    label: str
    words: str
    group: str
    work: bool = False


NO_WORKER = "no worker"
SLOTS = "a slot, panel, solicitor or hearing"

CAUSES: Final[tuple[Cause, ...]] = (
    Cause("screening", "Front door decision", "for the front door to decide", NO_WORKER),
    Cause("cap_full", "No worker: caps full", "for a worker with room under the cap", NO_WORKER),
    Cause("nobody_at_work", "No worker: nobody at work", "with nobody at work to take the case", NO_WORKER),
    Cause("group_too_large", "No worker: group too large", "for room for a large sibling group", NO_WORKER),
    Cause("not_allocated", "No worker: not allocated", "to be allocated by a manager", NO_WORKER),
    Cause("transfer", "Transfer between teams", "for another team to take the case over", "transfer between teams"),
    Cause("decision", "A manager's decision", "for a manager's decision", "a manager's decision"),
    Cause("carrying_out", "Decided, not carried out", "for a decision to be carried out", "a manager's decision"),
    Cause("conference", "Conference slot", "for a conference slot", SLOTS),
    Cause("panel", "Legal panel slot", "for a legal panel", SLOTS),
    Cause("solicitor", "Solicitor", "for a solicitor", SLOTS),
    Cause("hearing", "Hearing date", "for a hearing date", SLOTS),
    Cause(
        "other_stage",
        "Enquiry or legal work beside it",
        "for an enquiry or legal work beside it",
        "enquiry or legal work beside it",
    ),
    Cause("review_not_due", "Review not due", "for a review that was not due", "review not due"),
    Cause("custom", "Customary date", "for the customary date, with nothing left to do", "customary date"),
    Cause("absence", "Worker absent, not covered", "for an absent worker whom nobody covered", "worker absent"),
    Cause("returned", "Returned for more work", "for work that a manager returned", "returned work"),
    Cause("slowed", "Work slowed by load", "because its worker had too much else to do", "slowed by load"),
    Cause("work", "Work at full pace", "while work went on at full pace", "work", work=True),
)

DAYS: Final = "waiting_days_by_cause_"
"""Begins the id of a measure of all child-days of a cause; the cause's name follows."""
DAYS_BEYOND: Final = "waiting_days_beyond_limit_by_cause_"
"""The same of child-days beyond the stage's standard."""

CAUSE_NAMES: Final = tuple(cause.name for cause in CAUSES)
GROUPS: Final = tuple(dict.fromkeys(cause.group for cause in CAUSES))
"""The groups of causes in their order; work at full pace is the last."""
GROUP_OF: Final = tuple(GROUPS.index(cause.group) for cause in CAUSES)
"""The group of each of `CAUSES`, by number."""
_CODES: Final = {name: place for place, name in enumerate(CAUSE_NAMES)}


def code(name: str) -> int:
    """The place of a cause in `CAUSES`."""
    return _CODES[name]
