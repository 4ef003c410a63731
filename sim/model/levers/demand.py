"""Levers on demand: surges, early-help diversion, prevention of re-referral."""

from __future__ import annotations

from sim.calendar import WorkingDayCalendar
from sim.model.levers.dated import active
from sim.model.levers.meetings import by_meetings
from sim.scenario.schema import Scenario
from sim.scenario.sections.levers import EarlyHelpDiversion, ReferralSurge, RereferralPrevention


class DemandLevers:
    """What the levers on demand amount to on each day. They touch nothing."""

    def __init__(self, scenario: Scenario, calendar: WorkingDayCalendar) -> None:
        self._calendar = calendar
        self._surges = [_Surge(lever, calendar) for lever in scenario.levers_of(ReferralSurge)]
        self._diversions = scenario.levers_of(EarlyHelpDiversion)
        self._preventions = [lever for lever in scenario.levers_of(RereferralPrevention) if not by_meetings(lever)]

    def excess(self, day: int) -> float:
        """Referrals above (or, negative, below) the level stated, as a share of it."""
        return sum(surge.excess(day) for surge in self._surges)

    def diverted(self, day: int) -> float:
        """Share of referrals for assessment that go to early help instead."""
        kept = 1.0
        for lever in self._diversions:
            if active(lever, day, self._calendar):
                kept *= 1.0 - lever.share
        return 1.0 - kept

    def contacts_prevented(self, day: int) -> float:
        """Share of the contacts that become no referral which do not come in."""
        kept = 1.0
        for lever in self._diversions:
            if active(lever, day, self._calendar):
                kept *= 1.0 - lever.contacts
        return 1.0 - kept

    def prevented(self, day: int) -> float:
        """Share of re-referrals that do not happen (meetings before closure come on top)."""
        kept = 1.0
        for lever in self._preventions:
            if active(lever, day, self._calendar):
                kept *= 1.0 - lever.reduction
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
