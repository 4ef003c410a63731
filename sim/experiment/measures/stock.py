"""Stock: who is open, who is overdue, who has no social worker, on any day that is looked at."""

from __future__ import annotations

import numpy as np

from sim.experiment.measures.delay import ASSESSMENT_STANDARD, CONFERENCE_STANDARD
from sim.experiment.measures.drift import COURT_DAYS, NOT_STARTED, PRE_PROCEEDINGS_DAYS, days_gone_by, passed_by
from sim.experiment.measures.subject import Subject, standing
from sim.experiment.measures.tally import NEVER_ENDS, AnyArray, Floats, Tally, until
from sim.model.recording import STAGES

__all__ = ["STAGE_LIMITS", "Unallocated", "over_limit", "over_standard", "stage_open", "stock"]

UNALLOCATED_DAYS = 14

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


def stock(subject: Subject, unallocated: Unallocated) -> dict[str, Floats]:
    """Measures of stock besides plans: each an array of (periods, columns)."""
    tally = subject.tally
    return {
        "assessments_open": tally.at_period_end(stage_open(subject, "assessment")),
        "assessments_open_over_45wd": tally.at_period_end(over_limit(subject, "assessment")),
        "unallocated": tally.at_period_end(unallocated.standing()),
        "unallocated_over_14d": tally.at_period_end(unallocated.standing(longer_than=UNALLOCATED_DAYS)),
        "held_by_manager": tally.at_period_end(unallocated.standing(between=True)),
    }


def stage_open(subject: Subject, stage: str) -> Floats:
    """Children open in a stage on each snapshot: shape (snapshots, columns)."""
    spells = subject.spells(stage)
    return standing(subject.tally, spells, spells.entered, spells.until)


def over_limit(subject: Subject, stage: str) -> Floats:
    """Children open in a stage beyond its limit (`STAGE_LIMITS`) on each snapshot: (snapshots, columns)."""
    tally, spells = subject.tally, subject.spells(stage)
    finish = spells.until
    if stage == "front_door":
        late: AnyArray = spells.clock_start + 2
    elif stage == "assessment":
        late = spells.clock_start + ASSESSMENT_STANDARD + 1
    elif stage == "section_47":
        late = spells.clock_start + CONFERENCE_STANDARD + 1
        finish = np.minimum(finish, until(spells.conference))
    elif stage == "child_in_need":
        late = passed_by(tally, spells.clock_start, 12, beyond=True)
    elif stage == "child_protection":
        late = passed_by(tally, spells.clock_start, 24, beyond=False)
    else:
        days = PRE_PROCEEDINGS_DAYS if stage == "pre_proceedings" else COURT_DAYS
        late = days_gone_by(tally, spells.clock_start, days)
    return standing(tally, spells, np.maximum(late, spells.entered), finish)


def over_standard(subject: Subject, stage: str) -> Floats:
    """Children open in a stage beyond the scenario's own standard on each snapshot: (snapshots, columns); missing
    where the stage has none.
    """
    tally, spells = subject.tally, subject.spells(stage)
    standards = subject.recording.standards
    standard = standards[STAGES.index(stage)] if standards else -1
    if standard < 0:
        return np.full_like(stage_open(subject, stage), np.nan)
    finish = np.minimum(spells.until, until(spells.conference)) if stage == "section_47" else spells.until
    late = np.where(spells.clock_start <= NOT_STARTED, NEVER_ENDS, spells.clock_start + standard + 1)
    return standing(tally, spells, np.maximum(late, spells.entered), finish)


class Unallocated:
    """Children who are open in a stage beyond the front door and whom no social worker holds, on each
    snapshot.

    A case under transfer waits in its new stage but is held by the worker who sends it, so it is not here; a
    case whose worker has left and that nobody has taken over is. A case that is in two stages at once counts
    once, in the one that it entered first.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        spells, holdings, tally = subject.recording.spells, subject.recording.holdings, subject.tally
        many = len(tally.snapshots)
        stop = np.where(spells["stage"] == STAGES.index("front_door"), NEVER_ENDS - 1, until(spells["ended"]))
        start = np.where(spells["stage"] == STAGES.index("front_door"), NEVER_ENDS, spells["entered"])
        spell, day = _covered(tally, start, stop)
        holding, held_day = _covered(tally, holdings["start"], until(holdings["end"]))
        key = spells["case"][spell].astype(np.int64) * many + day
        free = ~np.isin(key, holdings["case"][holding].astype(np.int64) * many + held_day)
        spell, day, key = spell[free], day[free], key[free]
        order = np.lexsort((spell, spells["entered"][spell], key))
        first = np.unique(key[order], return_index=True)[1]
        self._spell, self._day = spell[order][first], day[order][first]

    def _put_down(self) -> tuple[AnyArray, AnyArray]:
        """Whether a worker has held each child before, and the last day on which one put the case down."""
        tally, recording = self._subject.tally, self._subject.recording
        ended = recording.holdings["end"] >= 0
        span = np.int64(tally.horizon + 1)
        put_down = np.sort(recording.holdings["case"][ended].astype(np.int64) * span + recording.holdings["end"][ended])
        case = recording.spells["case"][self._spell].astype(np.int64) * span
        if not len(put_down):
            return np.zeros(len(case), dtype=np.bool_), np.zeros(len(case), dtype=np.int64)
        place = np.searchsorted(put_down, case + tally.snapshots[self._day], side="right") - 1
        last = put_down[np.maximum(place, 0)] - case
        return (place >= 0) & (last >= 0), last

    def _since(self) -> AnyArray:
        """Day since when nobody holds each child: the start of the stage, or the end of the last holding."""
        entered = self._subject.recording.spells["entered"][self._spell].astype(np.int64)
        before, last = self._put_down()
        return np.maximum(entered, np.where(before, last, entered))

    def standing(self, stage: str | None = None, longer_than: int | None = None, *, between: bool = False) -> Floats:
        """Children without a worker: (snapshots, columns); in a stage, beyond some calendar days, or, `between`,
        only those who had one before.
        """
        tally, spells = self._subject.tally, self._subject.recording.spells
        chosen = np.ones(len(self._spell), dtype=np.bool_)
        if stage is not None:
            chosen &= spells["stage"][self._spell] == STAGES.index(stage)
        if longer_than is not None:
            chosen &= tally.calendar_days(self._since(), tally.snapshots[self._day]) > longer_than
        if between:
            chosen &= self._put_down()[0]
        spell, today = self._spell[chosen], tally.snapshots[self._day[chosen]]
        return tally.standing(today, today + 1, spells["children"][spell], spells["locality"][spell])


def _covered(tally: Tally, start: AnyArray, stop: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Row numbers and snapshot positions of every (row, snapshot) with start <= snapshot < stop."""
    first = tally.snapshot_from(start)
    many = np.maximum(tally.snapshot_from(stop) - first, 0)
    row = np.repeat(np.arange(len(many)), many)
    begins = np.cumsum(many) - many
    return row, first[row] + np.arange(len(row)) - begins[row]
