"""One recording, arranged for measuring: stage by stage, with the case of each row and who held it at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.measures.dates import until
from sim.measures.order import Numbered, order
from sim.measures.period_counts import AnyArray, Floats, Ints, PeriodCounts
from sim.model.recording import OUTCOMES, STAGES

if TYPE_CHECKING:
    from sim.model.recording import Recording

__all__ = ["Held", "Holdings", "RecordingView", "StageSpells", "standing", "standing_by_holder"]

SAME_DAY_CLOSURE = OUTCOMES.index("same_day_closure")


class Held(NamedTuple):
    """Who held the children of some spells on which snapshots: a row for each holding that falls into a spell.

    `spell` is the spell's position; `team` held it from the snapshot `first` to the one before `last`.
    """

    spell: Ints
    team: AnyArray
    first: Ints
    last: Ints


class Holdings(NamedTuple):
    """Holdings in order of their case (a position in the table of cases): equal-length arrays.

    `stop` is the day on which the holding ends, or a day after every other. Those of a case begin at `begins`, and
    there are `many` of them.
    """

    row: Ints
    case: Ints
    team: AnyArray
    start: AnyArray
    stop: Ints
    begins: Ints
    many: Ints


@dataclass(frozen=True)
class StageSpells:
    """The spells of one stage: equal-length arrays, times in working days, -1 for not (yet).

    `case` is the position in the table of cases. `team` is the last that had the case in this stage, `held` all of them
    in their time.
    """

    case: Ints
    locality: AnyArray
    team: AnyArray
    clock_start: AnyArray
    entered: AnyArray
    allocated: AnyArray
    ended: AnyArray
    outcome: AnyArray
    children: AnyArray
    conference: AnyArray
    held: Held

    @cached_property
    def until(self) -> Ints:
        """End day, or a day after every other for a spell still open."""
        return until(self.ended)

    @property
    def split(self) -> tuple[AnyArray, AnyArray]:
        """Locality and team codes, to break a count down."""
        return self.locality, self.team


class RecordingView:
    """A recording and its periods, with spells split by stage once and cases looked up once."""

    def __init__(self, recording: Recording, periods: PeriodCounts) -> None:
        self.recording = recording
        self.periods = periods
        self._cases = Numbered(recording.cases["case"])
        self._positions: dict[str, Ints] = {}
        self._rows: dict[tuple[str, str], Ints] = {}
        self._stages: dict[str, StageSpells] = {}

    def case(self, table: str) -> Ints:
        """Position in the table of cases of the case of each row of another table."""
        if table not in self._positions:
            columns: Mapping[str, AnyArray] = getattr(self.recording, table)
            self._positions[table] = self._cases.find(columns["case"])
        return self._positions[table]

    def of_case(self, column: str, case: AnyArray) -> AnyArray:
        """A column of the table of cases for some positions in it."""
        return np.asarray(self.recording.cases[column][case])

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return len(self._cases)

    def rows(self, table: str, stage: str) -> Ints:
        """Positions of the rows of a table that are of a stage, in recorded order."""
        if (table, stage) not in self._rows:
            columns: Mapping[str, AnyArray] = getattr(self.recording, table)
            self._rows[table, stage] = np.flatnonzero(columns["stage"] == STAGES.index(stage))
        return self._rows[table, stage]

    def spells(self, stage: str) -> StageSpells:
        """Spells of a stage, in recorded order."""
        if stage not in self._stages:
            rows, columns = self.rows("spells", stage), self.recording.spells
            names = [name for name in StageSpells.__dataclass_fields__ if name not in ("case", "held")]
            case = self.case("spells")[rows]
            self._stages[stage] = StageSpells(
                case=case,
                held=self.held(case, columns["entered"][rows], until(columns["ended"][rows])),
                **{name: columns[name][rows] for name in names},
            )
        return self._stages[stage]

    @cached_property
    def beyond(self) -> Ints:
        """Positions of the spells beyond the front door, by case, those of a case in the order in which it entered."""
        spells = self.recording.spells
        rows = np.flatnonzero(spells["stage"] != STAGES.index("front_door"))
        return rows[order(spells["entered"][rows], self.case("spells")[rows])]

    @cached_property
    def holdings(self) -> Holdings:
        """Holdings by case, in recorded order of each."""
        columns, case = self.recording.holdings, self.case("holdings")
        row = order(case)
        many = np.bincount(case.astype(np.intp, copy=False), minlength=self.cases)
        stop = until(columns["end"])[row]
        return Holdings(row, case[row], columns["team"][row], columns["start"][row], stop, np.cumsum(many) - many, many)

    def held(self, case: Ints, start: AnyArray, stop: AnyArray) -> Held:
        """Who held some cases on the snapshots from the day `start` to the day before `stop`."""
        ours, first, last = self.holdings, self.periods.snapshot_from(start), self.periods.snapshot_from(stop)
        many = ours.many[case].astype(np.intp, copy=False)
        spell = np.repeat(np.arange(len(case)), many)
        begins = np.cumsum(many) - many
        holding = np.arange(len(spell)) + np.repeat(ours.begins[case] - begins, many)
        begin, beyond = self._holdings_on
        first, last = np.maximum(begin[holding], first[spell]), np.minimum(beyond[holding], last[spell])
        during = np.flatnonzero(first < last)
        return Held(spell[during], ours.team[holding[during]], first[during], last[during])

    @cached_property
    def _holdings_on(self) -> tuple[Ints, Ints]:
        """First snapshot of each holding, and the one after its last."""
        return self.periods.snapshot_from(self.holdings.start), self.periods.snapshot_from(self.holdings.stop)


def standing(periods: PeriodCounts, spells: StageSpells, begin: AnyArray, finish: AnyArray) -> Floats:
    """Children whose spell is in some state (begin <= day < finish) on each snapshot: shape (snapshots, columns).

    A team's are those whom it held on that day, whoever has them since.
    """
    first, last = periods.snapshot_from(begin), periods.snapshot_from(finish)
    spell, team, start, stop = spells.held
    held = Held(spell, team, np.maximum(start, first[spell]), np.minimum(stop, last[spell]))
    return standing_by_holder(periods, first, last, spells.children, spells.locality, held)


def standing_by_holder(
    periods: PeriodCounts, first: Ints, last: Ints, children: AnyArray, locality: AnyArray, held: Held
) -> Floats:
    """Children in some state from a snapshot to the one before another, by locality and by who held them then: shape
    (snapshots, columns).
    """
    children_standing = periods.standing(first, last, children, locality)
    begins = periods.layout.first_team
    by_team = periods.standing(held.first, held.last, children[held.spell], None, held.team)
    children_standing[:, begins:] = by_team[:, begins:]
    return children_standing
