"""The level of need of one case, and the hazard at which it rises (a time change, as for leaving in `workforce`).

A case draws a unit exponential for each rise and its need rises when the rate, summed over the days, reaches it. The
service changes the rate (the stage, time without contact) and never the draw: the same child's need rises at the same
accumulated hazard in every scenario.
"""

from __future__ import annotations

from typing import Final

from sim.model.cases.case import NOT_YET, Spell
from sim.model.engine.limits import NEVER

ROUNDING: Final = 1e-9
"""Hazard this close to a rise counts as reached (rounding of floats)."""


class Rise:
    """A rise of need that no protective step has answered yet.

    Attributes:
        rose, noticed: working days; -1 for not yet.
        stage, team: where the case was when its need rose.
        before: level of need before it.
        looked: looks so far, and `unseen`: those that it takes to notice (`sight.looks`).
        looked_usually: the same of a worker who recognises as readily as others.
        late_by_person: somebody readier would have noticed it, or decided, earlier.
        put_off: the managers have put the decision off once.
        call_due: moment at which somebody outside rings about it.
        awaits_worker: a manager has decided, and the step is taken once a worker takes the case over.
        meeting: spell in which the worker's next meeting is awaited, where there are no visits of a plan.
    """

    __slots__ = (
        "awaits_worker", "before", "call_due", "late_by_person", "looked", "looked_usually", "meeting", "noticed",
        "over", "put_off", "rose", "stage", "team", "unseen",
    )  # fmt: skip

    def __init__(self, rose: int, stage: int, team: int, before: int) -> None:
        self.rose = rose
        self.stage = stage
        self.team = team
        self.before = before
        self.noticed = NOT_YET
        self.looked = 0.0
        self.looked_usually = 0.0
        self.late_by_person = False
        self.put_off = False
        self.unseen = 0.0
        self.call_due = NEVER
        self.meeting: Spell | None = None
        self.over = False
        self.awaits_worker = False


class Level:
    """Level of need of a case, 1 (low) to 4 (severe), as it is; what the service knows is the case's own `need`.

    Attributes:
        target: hazard at which need rises next; `hazard`: what has accumulated since the last rise.
        rises: rises so far.
        rate: rises a working day at today's stage and level, while there is contact.
        since: moment up to which hazard is counted.
        contact: when the child was last seen; infinite while a worker sees it as part of the work.
        fall_due: moment at which the latest rise falls back, to the level `lower`.
        rise: the rise that stands, or None. While one stands no other is counted.
        armed: moment of the pending event.
    """

    __slots__ = (
        "armed", "contact", "fall_due", "hazard", "level", "lower", "rate", "rise", "rises", "since", "target",
    )  # fmt: skip

    def __init__(self, level: int, target: float, now: float, contact: float) -> None:
        self.level = level
        self.lower = level
        self.target = target
        self.hazard = 0.0
        self.rises = 0
        self.rate = 0.0
        self.since = now
        self.contact = contact
        self.fall_due = NEVER
        self.rise: Rise | None = None
        self.armed = NEVER

    def accrue(self, now: float, after: float, times: float) -> None:
        """Count the hazard up to now; the rate is `times` as high from `after` working days without contact on."""
        if self.rise is None and self.rate > 0.0:
            without = now - max(self.since, self.contact + after)
            extra = (times - 1.0) * without if without > 0.0 else 0.0
            self.hazard += self.rate * (now - self.since + extra)
        self.since = now

    def next_rise(self, after: float, times: float) -> float:
        """When need rises if nothing changes and nobody sees the child (call after `accrue`)."""
        if self.rate <= 0.0:
            return NEVER
        left = max(0.0, self.target - self.hazard)
        with_contact = max(0.0, self.contact + after - self.since)
        if left <= self.rate * with_contact:
            return self.since + left / self.rate
        return self.since + with_contact + (left - self.rate * with_contact) / (self.rate * times)

    @property
    def risen(self) -> bool:
        """Whether the hazard counted so far has reached the next rise."""
        return self.rise is None and self.hazard >= self.target - ROUNDING
