"""The causes of each day of each spell: what a recording says, put in order.

A day of a stay in a stage has one cause, the first that holds: nobody holds the case (by what its queue lacks); another
team has yet to take it; it waits for a decision, a slot, a review or a customary date; it waits for work. Work goes on
at full pace or is lost to a worker's absence or load. Of a stretch of work, absence has the days away on which the
worker's clock did not move, and load what else is missing to full pace, in equal parts of the days at work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.measures.order import runs
from sim.measures.waiting.arranged import Arranged
from sim.measures.waiting.causes import code
from sim.measures.waiting.intervals import repeated_ranges
from sim.model.recording.names import (
    CARRYING_OUT,
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    CONFERENCE,
    COURT,
    CUSTOM,
    DECISION,
    FRONT_DOOR,
    HEARING,
    PANEL,
    PRE_PROCEEDINGS,
    RETURNED,
    REVIEW,
    SECTION_47,
    SOLICITOR,
    SPELL_STATES,
    WORK,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.model.recording import Recording

__all__ = ["CauseDays", "cause_days"]

AnyArray = NDArray[Any]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BLOCKED_BY = {CHILD_IN_NEED: (SECTION_47,), CHILD_PROTECTION: (PRE_PROCEEDINGS, COURT)}
"""Stages while which no review ends a plan."""

CAP_FULL, NOBODY_AT_WORK, TOO_LARGE, NOT_ALLOCATED = (
    code(name) for name in ("cap_full", "nobody_at_work", "group_too_large", "not_allocated")
)
TRANSFER, ABSENT, RETURNED_WORK, SLOWED, FULL_PACE = (
    code(name) for name in ("transfer", "absence", "returned", "slowed", "work")
)
OTHER_STAGE, NOT_DUE, SCREENING = code("other_stage"), code("review_not_due"), code("screening")


@dataclass(frozen=True)
class CauseDays:
    """Stretches of days of spells with one cause each: equal-length arrays. Those of a spell add up to its length.

    Stretches of work are given several times, once for each part: `days` is then less than `stop - start`. `spell` is
    a position in the recording's spells; `team` held the case (-1: none is known); `beyond`: the stage's standard has
    run out; `children` of the case.
    """

    spell: Ints
    start: Ints
    stop: Ints
    cause: Ints
    days: Floats
    team: Ints
    beyond: NDArray[np.bool_]
    children: Ints


def cause_days(recording: Recording, cuts: Sequence[int] = ()) -> CauseDays | None:
    """The causes of all days of a run, no stretch of which goes on over one of the days in `cuts`.

    None for a recording without states (one made by hand, or of a run that kept none).
    """
    if not len(recording.states.get("case", ())) and not len(recording.queues.get("day", ())):
        return None
    return _Split(Arranged(recording)).split(np.asarray(cuts, dtype=np.int64))


class _Split:
    """The spells of a recording, cut wherever the cause of a day may change."""

    def __init__(self, arranged: Arranged) -> None:
        self.spells = arranged
        self.states = arranged.states
        self.managed, (self.managers_team, self.waits_in) = arranged.of_spells("held_by_managers", "team", "stage")
        self.held, (self.held_team,) = arranged.of_spells("holdings", "team")
        self.blocked = {plan: arranged.beside(plan, others) for plan, others in BLOCKED_BY.items()}

    def split(self, cuts: Ints) -> CauseDays:
        """Cut, find the cause of each stretch, and split stretches of work into their parts."""
        spell, start, stop = self._stretches(cuts)
        spells = self.spells
        row = self.states.intervals.at(spell, start)
        managed = self.managed.at(spell, start)
        held = self.held.at(spell, start)
        cause = self._by_state(spell, start, row)
        to_come = (start < spells.allocated[spell]) & (managed < 0) & (spells.stage[spell] != FRONT_DOOR)
        cause[to_come] = TRANSFER
        cause[spells.stage[spell] == FRONT_DOOR] = SCREENING
        team = np.full(len(spell), -1, dtype=np.int64)
        for place, teams in ((held, self.held_team), (managed, self.managers_team)):
            known = place >= 0
            team[known] = teams[place[known]]
        columns = spell, start, stop, cause, (stop - start).astype(np.float64), team
        unheld, works = managed >= 0, (cause == FULL_PACE) | (cause == RETURNED_WORK)
        works &= ~unheld
        rest = ~(unheld | works)
        parts = [
            tuple(column[rest] for column in columns),
            self._without_worker(spell[unheld], start[unheld], stop[unheld], team[unheld], managed[unheld]),
            *self._work(spell[works], start[works], stop[works], cause[works], team[works], row[works]),
        ]
        spell, start, stop, cause, days, team = (np.concatenate(column) for column in zip(*parts, strict=True))
        return CauseDays(
            spells.rows[spell], start, stop, cause, days, team, start >= spells.limit[spell], spells.children[spell]
        )

    def _stretches(self, cuts: Ints) -> tuple[Ints, Ints, Ints]:
        """Spell, first day and day after the last of each stretch, by spell and day."""
        spells, states, span = self.spells, self.states, self.spells.span
        every = np.arange(len(spells.begin))
        first, beyond = np.searchsorted(cuts, spells.begin, "right"), np.searchsorted(cuts, spells.stop, "left")
        crossed, cut = repeated_ranges(first, np.maximum(beyond - first, 0))
        marks: list[tuple[Ints, Ints]] = [
            (every, spells.begin),
            (states.intervals.owner, states.intervals.start),
            (states.intervals.owner, states.until),
            (every, spells.allocated),
            (every, spells.limit),
            (crossed, cuts[cut]),
            (self.held.owner, self.held.start),
        ]
        for intervals in (self.managed, spells.passed_on, *self.blocked.values()):
            marks += [(intervals.owner, intervals.start), (intervals.owner, intervals.stop)]
        owner = np.concatenate([mark[0] for mark in marks])
        day = np.concatenate([mark[1] for mark in marks])
        inside = (day >= spells.begin[owner]) & (day < spells.stop[owner])
        keys = np.sort(owner[inside] * span + day[inside])  # `numpy.unique` takes three times as long
        keys = keys[runs(keys)]
        spell, start = np.divmod(keys, span)
        stop = spells.stop[spell]
        goes_on = np.flatnonzero(spell[1:] == spell[:-1])
        stop[goes_on] = start[goes_on + 1]
        return spell, start, stop

    def _by_state(self, spell: Ints, start: Ints, row: Ints) -> Ints:
        """What each stretch waits for where a worker of the right team holds the case."""
        late = np.full(len(SPELL_STATES), FULL_PACE)
        for code_of_state, name in (
            (DECISION, "decision"), (CARRYING_OUT, "carrying_out"),
            (SOLICITOR, "solicitor"), (RETURNED, "returned"), (CONFERENCE, "conference"),
            (PANEL, "panel"), (HEARING, "hearing"), (CUSTOM, "custom"), (REVIEW, "conference"),
        ):  # fmt: skip
            late[code_of_state] = code(name)
        early = late.copy()
        early[[CONFERENCE, PANEL, HEARING]] = code("custom")
        early[REVIEW] = NOT_DUE
        state, until = self.states.state[row], self.states.until[row]
        stage = self.spells.stage[spell]
        # Without a date no review is due. A child in need plan has no diary: its reviews are held when due.
        no_diary = (state == REVIEW) & ((until < 0) | (stage == CHILD_IN_NEED))
        cause: Ints = np.where((start < until) | no_diary, early[state], late[state])
        for plan, beside in self.blocked.items():
            waits = np.flatnonzero((state == REVIEW) & (stage == plan))
            cause[waits[beside.at(spell[waits], start[waits]) >= 0]] = OTHER_STAGE
        return cause

    def _without_worker(
        self, spell: Ints, start: Ints, stop: Ints, team: Ints, managed: Ints
    ) -> tuple[Ints, Ints, Ints, Ints, Floats, Ints]:
        """Stretches in which nobody holds the case, day by day, by what its queue lacks."""
        which, day = repeated_ranges(start, stop - start)
        spell, stage, team = spell[which], self.waits_in[managed[which]], team[which]
        room, blocked = self.spells.queues
        place = stage, self.spells.locality[spell], day
        children = room[place]
        too_large = blocked[place] | (children < self.spells.children[spell])
        cause = np.select(
            [children < 0, children == 0, too_large], [NOBODY_AT_WORK, CAP_FULL, TOO_LARGE], NOT_ALLOCATED
        )
        cause[self.spells.passed_on.at(spell, day) >= 0] = TRANSFER
        return spell, day, day + 1, cause.astype(np.int64), np.ones(len(day)), team

    def _work(
        self, spell: Ints, start: Ints, stop: Ints, cause: Ints, team: Ints, row: Ints
    ) -> list[tuple[Ints, Ints, Ints, Ints, Floats, Ints]]:
        """Stretches of work in parts: what was done, and what absence and load have taken."""
        away_each, slow_each = self._lost()
        worker = self.states.worker[row]
        away = self.spells.absences.days_within(worker, start, stop)
        lost_to_absence = away * away_each[row]
        lost_to_load = (stop - start - away) * slow_each[row]
        done = stop - start - lost_to_absence - lost_to_load
        # Load slows returned work too, but it would not be there if it had not been returned.
        load = np.where(cause == RETURNED_WORK, RETURNED_WORK, SLOWED)
        parts = []
        for name, days in ((cause, done), (np.full_like(cause, ABSENT), lost_to_absence), (load, lost_to_load)):
            some = np.flatnonzero(days > 0.0)
            parts.append((spell[some], start[some], stop[some], name[some], days[some], team[some]))
        return parts

    def _lost(self) -> tuple[Floats, Floats]:
        """Of each recorded stretch of work: the part of a day away, and of a day at work, that was lost."""
        states, intervals = self.states, self.states.intervals
        length = (intervals.stop - intervals.start).astype(np.float64)
        works = (states.state == WORK) | (states.state == RETURNED)
        away = self.spells.absences.days_within(states.worker, intervals.start, intervals.stop).astype(np.float64)
        away[~works] = 0.0
        lost = np.where(works, length - states.done, 0.0)
        by_absence = np.minimum(lost, away)
        present = length - away
        by_load = np.minimum(lost - by_absence, present)
        each_away = np.divide(by_absence, away, out=np.zeros_like(away), where=away > 0.0)
        each_present = np.divide(by_load, present, out=np.zeros_like(present), where=present > 0.0)
        return each_away, each_present
