"""One recording, arranged for measuring: stage by stage, with the locality of each case at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.experiment.measures.tally import AnyArray, Floats, Tally, until
from sim.model.recording import OUTCOMES, STAGES

if TYPE_CHECKING:
    from sim.model.recording import Recording

__all__ = ["Held", "StageSpells", "Subject", "standing", "standing_by_holder"]

SAME_DAY_CLOSURE = OUTCOMES.index("same_day_closure")


class Held(NamedTuple):
    """Who held the children of some spells, and when: a row for each holding that falls into a spell.

    `spell` is the spell's position; `team` held it from `start` to the day before `stop`.
    """

    spell: AnyArray
    team: AnyArray
    start: AnyArray
    stop: AnyArray


@dataclass(frozen=True)
class StageSpells:
    """The spells of one stage: equal-length arrays, times in working days, -1 for not (yet).

    `team` is the last that had the case in this stage, `held` all of them in their time.
    """

    case: AnyArray
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
    def until(self) -> AnyArray:
        """End day, or a day after every other for a spell still open."""
        return until(self.ended)

    @property
    def split(self) -> tuple[AnyArray, AnyArray]:
        """Locality and team codes, to break a count down."""
        return self.locality, self.team


class Subject:
    """A recording and its tally, with spells split by stage once."""

    def __init__(self, recording: Recording, tally: Tally) -> None:
        self.recording = recording
        self.tally = tally
        self._order = np.argsort(recording.spells["stage"], kind="stable")
        stages = recording.spells["stage"][self._order]
        self._bounds = np.searchsorted(stages, np.arange(len(STAGES) + 1))
        self._stages: dict[str, StageSpells] = {}
        self._by_number = np.argsort(recording.cases["case"], kind="stable")
        self._numbers = recording.cases["case"][self._by_number]

    def spells(self, stage: str) -> StageSpells:
        """Spells of a stage, in recorded order."""
        if stage not in self._stages:
            code = STAGES.index(stage)
            rows = self._order[self._bounds[code] : self._bounds[code + 1]]
            columns: Mapping[str, AnyArray] = self.recording.spells
            names = [name for name in StageSpells.__dataclass_fields__ if name != "held"]
            self._stages[stage] = StageSpells(
                **{name: columns[name][rows] for name in names},
                held=self.held(columns["case"][rows], columns["entered"][rows], until(columns["ended"][rows])),
            )
        return self._stages[stage]

    def held(self, case: AnyArray, start: AnyArray, stop: AnyArray) -> Held:
        """Who held some cases, each from `start` to the day before `stop`."""
        ours = self._holdings
        first, beyond = np.searchsorted(ours["case"], case), np.searchsorted(ours["case"], case, side="right")
        spell = np.repeat(np.arange(len(case)), beyond - first)
        begins = np.cumsum(beyond - first) - (beyond - first)
        holding = first[spell] + np.arange(len(spell)) - begins[spell]
        starts = np.maximum(ours["start"][holding], start[spell])
        stops = np.minimum(ours["end"][holding], stop[spell])
        during = starts < stops
        return Held(spell[during], ours["team"][holding][during], starts[during], stops[during])

    def team_on(self, case: AnyArray, day: int) -> AnyArray:
        """The team that holds each case on a day; -1 where nobody does."""
        found = np.full(len(case), -1, dtype=np.int64)
        held = self.held(case, np.full(len(case), day), np.full(len(case), day + 1))
        found[held.spell] = held.team
        return found

    @cached_property
    def _holdings(self) -> dict[str, AnyArray]:
        """Holdings by case, those under way without end."""
        holdings = self.recording.holdings
        order = np.argsort(holdings["case"], kind="stable")
        found = {name: holdings[name][order] for name in ("case", "team", "start")}
        return found | {"end": until(holdings["end"])[order]}

    def of_case(self, column: str, cases: AnyArray) -> AnyArray:
        """A column of the table of cases for each case number (numbers need not be positions)."""
        if not len(cases):
            return np.zeros(0, dtype=self.recording.cases[column].dtype)
        rows = self._by_number[np.searchsorted(self._numbers, cases)]
        return np.asarray(self.recording.cases[column][rows])


def standing(tally: Tally, spells: StageSpells, begin: AnyArray, finish: AnyArray) -> Floats:
    """Children whose spell is in some state (begin <= day < finish) on each snapshot: shape (snapshots, columns).

    A team's are those whom it held on that day, whoever has them since.
    """
    spell, team, start, stop = spells.held
    held = Held(spell, team, np.maximum(start, begin[spell]), np.minimum(stop, finish[spell]))
    return standing_by_holder(tally, begin, finish, spells.children, spells.locality, held)


def standing_by_holder(
    tally: Tally, begin: AnyArray, finish: AnyArray, children: AnyArray, locality: AnyArray, held: Held
) -> Floats:
    """Children in some state on each snapshot, by locality and by who held them then: shape (snapshots, columns)."""
    found = tally.standing(begin, finish, children, locality)
    first = tally.layout.first_team
    by_team = tally.standing(held.start, held.stop, children[held.spell], None, held.team)
    found[:, first:] = by_team[:, first:]
    return found
