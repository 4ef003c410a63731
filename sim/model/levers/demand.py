"""Levers on demand: surges, early-help diversion, prevention of re-referral."""

from __future__ import annotations

from sim.calendar import WorkingDayCalendar
from sim.model.levers.dated import active
from sim.model.levers.meetings import by_meetings
from sim.scenario.schema import Scenario
from sim.scenario.sections.dated_lever import DatedLever
from sim.scenario.sections.levers import EarlyHelpDiversion, ReferralSurge, RereferralPrevention

Shares = list[tuple[DatedLever, float]]
"""Levers, each with the share that it takes."""


class DemandLevers:
    """What the levers on demand amount to on each day. They touch nothing."""

    def __init__(self, scenario: Scenario, calendar: WorkingDayCalendar) -> None:
        self._calendar = calendar
        self._surges = [_Surge(lever, calendar) for lever in scenario.levers_of(ReferralSurge)]
        diversions = scenario.levers_of(EarlyHelpDiversion)
        self._diverted: Shares = [(lever, lever.share) for lever in diversions]
        self._contacts_prevented: Shares = [(lever, lever.contacts) for lever in diversions]
        self._prevented: Shares = [
            (lever, lever.reduction) for lever in scenario.levers_of(RereferralPrevention) if not by_meetings(lever)
        ]

    def excess(self, day: int) -> float:
        """Referrals above (or, negative, below) the level stated, as a share of it."""
        return sum(surge.excess(day) for surge in self._surges)

    def diverted(self, day: int) -> float:
        """Share of referrals for assessment that go to early help instead."""
        return self._together(self._diverted, day)

    def contacts_prevented(self, day: int) -> float:
        """Share of the contacts that become no referral which do not come in."""
        return self._together(self._contacts_prevented, day)

    def prevented(self, day: int) -> float:
        """Share of re-referrals that do not happen (meetings before closure come on top)."""
        return self._together(self._prevented, day)

    def _together(self, shares: Shares, day: int) -> float:
        """The share that levers take together on a day, each of what the others leave."""
        kept = 1.0
        for lever, share in shares:
            if active(lever, day, self._calendar):
                kept *= 1.0 - share
        return 1.0 - kept


class _Surge:
    def __init__(self, lever: ReferralSurge, calendar: WorkingDayCalendar) -> None:
        self.size = lever.size
        self.start = calendar.index(lever.at)
        self.full = lever.ramp.after(calendar, self.start)
        self.until = None if lever.until is None else calendar.index(lever.until)
        self.gone = 0 if self.until is None else lever.decay.after(calendar, self.until)

    def excess(self, day: int) -> float:
        if day < self.start:
            return 0.0
        share = 1.0 if day >= self.full else (day - self.start + 1) / (self.full - self.start + 1)
        if self.until is not None and day >= self.until:
            fall = self.gone - self.until
            left = 1.0 - (day - self.until + 1) / (fall + 1) if day < self.gone and fall > 0 else 0.0
            share = min(share, left)
        return self.size * share
