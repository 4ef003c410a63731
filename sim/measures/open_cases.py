"""Who is open in each stage on any day that is looked at, and who is beyond its limit: counted once for all who ask."""

from __future__ import annotations

import numpy as np

from sim.measures.dates import NEVER_ENDS, NOT_STARTED, until
from sim.measures.period_counts import AnyArray, Floats
from sim.measures.recording_view import RecordingView, standing
from sim.model.recording import STAGES

__all__ = [
    "ASSESSMENT_STANDARD",
    "CONFERENCE_STANDARD",
    "COURT_DAYS",
    "PRE_PROCEEDINGS_DAYS",
    "STAGE_LIMITS",
    "OpenCases",
]

ASSESSMENT_STANDARD = 45
CONFERENCE_STANDARD = 15
PRE_PROCEEDINGS_DAYS = 16 * 7
COURT_DAYS = 26 * 7

CALENDAR_LIMITS: dict[str, int] = {"pre_proceedings": PRE_PROCEEDINGS_DAYS, "court": COURT_DAYS}
"""Calendar days from the clock's start after which a stage is over its limit, where that is all there is to it."""

STAGE_LIMITS: dict[str, str] = {
    "front_door": "contact not decided after 1 working day",
    "assessment": "not authorised 45 working days after the referral",
    "section_47": "no initial conference 15 working days after the strategy discussion",
    "child_in_need": "plan older than 12 months",
    "child_protection": "plan 2 years old or more",
    "pre_proceedings": "16 weeks gone by since the letter",
    "court": "26 weeks gone by since issue",
}
"""What counts as over the limit in each stage of the monthly stocks."""


class OpenCases:
    """Children open in each stage on each snapshot: arrays of shape (snapshots, columns), not to be changed."""

    def __init__(self, view: RecordingView) -> None:
        self._view = view
        self._open: dict[str, Floats] = {}
        self._over_limit: dict[str, Floats] = {}

    def open(self, stage: str) -> Floats:
        """Children open in a stage."""
        if stage not in self._open:
            spells = self._view.spells(stage)
            self._open[stage] = standing(self._view.periods, spells, spells.entered, spells.until)
        return self._open[stage]

    def over_limit(self, stage: str) -> Floats:
        """Children open in a stage beyond its limit (`STAGE_LIMITS`)."""
        if stage not in self._over_limit:
            self._over_limit[stage] = self._beyond_limit(stage)
        return self._over_limit[stage]

    def _beyond_limit(self, stage: str) -> Floats:
        periods, spells = self._view.periods, self._view.spells(stage)
        finish = spells.until
        if stage == "front_door":
            late: AnyArray = spells.clock_start + 2
        elif stage == "assessment":
            late = spells.clock_start + ASSESSMENT_STANDARD + 1
        elif stage == "section_47":
            late = spells.clock_start + CONFERENCE_STANDARD + 1
            finish = np.minimum(finish, until(spells.conference))
        elif stage == "child_in_need":
            late = periods.dates.passed_by(spells.clock_start, 12, beyond=True)
        elif stage == "child_protection":
            late = periods.dates.passed_by(spells.clock_start, 24, beyond=False)
        else:
            late = periods.dates.days_gone_by(spells.clock_start, CALENDAR_LIMITS[stage])
        return standing(periods, spells, np.maximum(late, spells.entered), finish)

    def over_standard(self, stage: str) -> Floats:
        """Children open in a stage beyond the scenario's own standard; missing where the stage has none."""
        periods, spells = self._view.periods, self._view.spells(stage)
        standards = self._view.recording.standards
        standard = standards[STAGES.index(stage)] if standards else -1
        if standard < 0:
            return np.full_like(self.open(stage), np.nan)
        finish = np.minimum(spells.until, until(spells.conference)) if stage == "section_47" else spells.until
        late = np.where(spells.clock_start <= NOT_STARTED, NEVER_ENDS, spells.clock_start + standard + 1)
        return standing(periods, spells, np.maximum(late, spells.entered), finish)
