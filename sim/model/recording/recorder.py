"""Typed columns filled while the model runs: appended row by row, read once at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from struct import pack
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.model.recording.names import GRADES

Table = Mapping[str, NDArray[Any]]

SPELLS = (
    "case", "stage", "locality", "team", "worker", "clock_start", "entered", "allocated", "work_done", "ended",
    "outcome", "children", "conference",
)  # fmt: skip
VISITS = ("case", "stage", "team", "worker", "day", "previous", "limit", "children")
REVIEWS = ("case", "stage", "team", "day", "due", "children")
DECIDED = ("kind", "team", "asked", "decided", "children")
ACTIONS = ("kind", "team", "decided", "done", "children")
TRANSFERS = ("case", "from_team", "to_team", "asked", "done", "children")
HOLDINGS = ("case", "worker", "team", "start", "end", "children", "stage")
ABSENCES = ("worker", "team", "kind", "start", "end")
UNCOVERED = ("team", "day", "child_days")
SUPERVISIONS = ("worker", "team", "due", "held")
HELD_BY_MANAGERS = ("case", "team", "stage", "start", "end", "children")
CAPS = ("worker", "day", "grade", "hundredths")
POSTS = ("team", "month", "establishment", "vacant")
NEEDS = ("case", "locality", "team", "stage", "rose", "noticed", "acted", "ended", "children", "step", "late_by_person")
TARGETED = ("case", "team", "stage", "day", "outcome", "children", "lever")
CONTACTS = ("received", "decided", "contacts")
STATES = ("case", "stage", "entered", "day", "state", "worker", "value", "until")
QUEUES = ("stage", "locality", "barred", "day", "room", "blocked")
CASES = (
    "case",
    "children",
    "first_child",
    "locality",
    "need",
    "referred",
    "previous_referral",
    "opening",
    "rereferral",
    "earlier_plan",
)

NARROW: dict[str, type] = {"stage": np.int8, "outcome": np.int8, "kind": np.int8, "need": np.int8, "locality": np.int16,
                           "team": np.int16, "from_team": np.int16, "to_team": np.int16, "children": np.int16,
                           "limit": np.int16, "case": np.int64, "first_child": np.int64, "opening": np.bool_,
                           "rereferral": np.bool_, "earlier_plan": np.bool_, "step": np.int8, "state": np.int8,
                           "blocked": np.bool_, "late_by_person": np.int8}  # fmt: skip

HANDFUL: Final = 128
"""Numbers that are gathered before they are poured: few enough for the processor's cache to hold them until then."""


@dataclass(frozen=True)
class Recording:
    """What one replication leaves behind: tables of equal-length columns, times in whole working days, -1 for not yet.

    `case` is the number of the case, the same in every scenario of a comparison. Every case here is simulated.
    """

    cases: Table
    spells: Table
    visits: Table
    reviews: Table
    decisions: Table
    transfers: Table
    holdings: Table
    workers: Table
    managers: Table
    conferences: Table
    contacts: Table
    work: Table
    absences: Table
    """`kind` is a code into ABSENCE_KINDS; `end` the first day back."""
    uncovered: Table
    """Child-days, by team and the day that they were counted, of children whose worker was away and not covered."""
    supervisions: Table
    """One row for each supervision that fell due: `held` is -1 where it has not been."""
    caps: Table
    """Changes of a worker's grade or cap: from `day`; the cap in hundredths of a child, -1 for none."""
    posts: Table
    """Permanent establishment and vacant permanent posts in hundredths of a full-time equivalent, each month end."""
    needs: Table
    """Rises of need: when it rose, was noticed, acted on; `ended`: the day it fell back or the case closed unacted;
    `step`: the protective step, a code into STEPS; `late_by_person`: 1 where somebody readier would have noticed or
    decided earlier."""
    held_by_managers: Table
    """Cases without a worker, whom the managers of a team hold, by stage; those of less than a day are left out."""
    targeted: Table
    """Listed cases: `day` -1 if not reviewed; `outcome` a code into REVIEWED; `lever` the place of the lever."""
    money: Table
    """Pounds by month and kind (a code into MONEY)."""
    localities: tuple[str, ...]
    teams: tuple[str, ...]
    horizon: int
    events: int
    warnings: tuple[str, ...]
    standards: tuple[int, ...] = ()
    """The scenario's own standard of each stage in working days, -1 where it has none; empty when not given."""
    states: Table = field(default_factory=dict)
    """What a spell waits for, from which day (`state` a code into SPELL_STATES): `entered` tells apart the stays of a
    case in one stage; `value` is the clock of the worker who holds it in thousandths of a working day at full pace;
    `until` a day up to which it would wait anyway. Empty in a recording made by hand."""
    actions: Table = field(default_factory=dict)
    """Decisions carried out after a delay, where that is simulated: `done` is -1 where it has not been."""
    queues: Table = field(default_factory=dict)
    """Room for those who wait, when an allocation pass leaves it other than before: `room` the most children for whom
    a worker at work has room, -1 where nobody is at work; `barred` 1 for cases that some of the teams do not take;
    `blocked`: a sibling group that fits nowhere keeps all behind it out."""
    referrals: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    """By month of the run: children newly referred (not those who come back), and the number expected; may be empty."""


class Rows:
    """Rows of whole numbers, kept flat: gathered in a list, which is quick, and poured into bytes in time."""

    __slots__ = ("_gathered", "_keep", "_poured", "columns")

    def __init__(self, columns: tuple[str, ...], keep: bool) -> None:
        self.columns = columns
        self._keep = keep
        self._gathered: list[int] = []
        self._poured: list[bytes] = []

    def add(self, row: tuple[int, ...]) -> None:
        """Add a row."""
        if self._keep:
            gathered = self._gathered
            gathered += row
            if len(gathered) >= HANDFUL:
                self.pour()

    def pour(self) -> None:
        """Put what has been gathered into bytes, where a number takes a fourth of the memory."""
        # `array("q", numbers)` would check each number on its own, and takes three times as long.
        self._poured.append(pack(f"{len(self._gathered)}q", *self._gathered))
        self._gathered.clear()

    def table(self) -> Table:
        """The rows as columns."""
        self.pour()
        grid = np.frombuffer(b"".join(self._poured), np.int64).reshape(-1, len(self.columns))
        return {name: grid[:, place].astype(NARROW.get(name, np.int32)) for place, name in enumerate(self.columns)}


class Recorder:
    """Collects the rows of one replication; switched off it forgets them, and nothing else changes."""

    def __init__(self, keep: bool) -> None:
        self.keep = keep
        self.cases = Rows(CASES, keep)
        self.spells = Rows(SPELLS, keep)
        self.visits = Rows(VISITS, keep)
        self.reviews = Rows(REVIEWS, keep)
        self.decisions = Rows(DECIDED, keep)
        self.actions = Rows(ACTIONS, keep)
        self.transfers = Rows(TRANSFERS, keep)
        self.holdings = Rows(HOLDINGS, keep)
        self.contacts = Rows(CONTACTS, keep)
        self.absences = Rows(ABSENCES, keep)
        self.uncovered = Rows(UNCOVERED, keep)
        self.supervisions = Rows(SUPERVISIONS, keep)
        self.caps = Rows(CAPS, keep)
        self.posts = Rows(POSTS, keep)
        self.needs = Rows(NEEDS, keep)
        self.targeted = Rows(TARGETED, keep)
        self.held_by_managers = Rows(HELD_BY_MANAGERS, keep)
        self.states = Rows(STATES, keep)
        self.queues = Rows(QUEUES, keep)
        self.money: list[tuple[int, int, float]] = []
        self.workers: list[tuple[int, int, str, float, float, int, int, float, bool]] = []
        self.managers: list[tuple[int, int, float, float]] = []
        self.conferences: list[tuple[int, int, int]] = []
        self.work: list[tuple[int, int, float, float, float]] = []

    def finish(
        self,
        localities: tuple[str, ...],
        teams: tuple[str, ...],
        horizon: int,
        events: int,
        warnings: tuple[str, ...],
        standards: tuple[int, ...] = (),
        referrals: Sequence[tuple[int, float]] = (),
    ) -> Recording:
        """Everything recorded, as columns."""
        grades = {name: code for code, name in enumerate(GRADES)}
        workers = [(n, t, grades[g], f, c, s, e, h, r) for n, t, g, f, c, s, e, h, r in self.workers]
        return Recording(
            cases=self.cases.table(),
            spells=self.spells.table(),
            visits=self.visits.table(),
            reviews=self.reviews.table(),
            decisions=self.decisions.table(),
            transfers=self.transfers.table(),
            holdings=self.holdings.table(),
            workers=_columns(
                workers,
                {"worker": np.int32, "team": np.int16, "grade": np.int8, "fte": np.float64, "cap": np.float64,
                 "start": np.int32, "end": np.int32, "hours": np.float64, "resigned": np.bool_},
            ),
            managers=_columns(
                self.managers, {"team": np.int16, "month": np.int16, "available": np.float64, "used": np.float64}
            ),
            conferences=_columns(self.conferences, {"month": np.int16, "offered": np.int32, "used": np.int32}),
            contacts=self.contacts.table(),
            work=_columns(
                self.work,
                {"team": np.int16, "month": np.int16, "asked": np.float64, "worked": np.float64,
                 "available": np.float64},
            ),
            absences=self.absences.table(),
            uncovered=self.uncovered.table(),
            supervisions=self.supervisions.table(),
            caps=self.caps.table(),
            posts=self.posts.table(),
            needs=self.needs.table(),
            held_by_managers=self.held_by_managers.table(),
            targeted=self.targeted.table(),
            states=self.states.table(),
            actions=self.actions.table(),
            queues=self.queues.table(),
            money=_columns(self.money, {"month": np.int16, "kind": np.int8, "pounds": np.float64}),
            localities=localities,
            teams=teams,
            horizon=horizon,
            events=events,
            warnings=warnings,
            standards=standards,
            referrals=np.array(referrals, dtype=np.float64).reshape(-1, 2),
        )  # fmt: skip


def _columns(rows: list[Any], types: dict[str, type]) -> Table:
    if not rows:
        return {name: np.zeros(0, dtype=kind) for name, kind in types.items()}
    return {
        name: np.array(values, dtype=kind)
        for (name, kind), values in zip(types.items(), zip(*rows, strict=True), strict=True)
    }
