"""One recording, arranged for measuring: stage by stage, with the locality of each case at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.measures.tally import AnyArray, Tally, until
from sim.model.recording import OUTCOMES, STAGES

if TYPE_CHECKING:
    from sim.model.recording import Recording

__all__ = ["StageSpells", "Subject"]

SAME_DAY_CLOSURE = OUTCOMES.index("same_day_closure")


@dataclass(frozen=True)
class StageSpells:
    """The spells of one stage: equal-length arrays, times in working days, -1 for not (yet)."""

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
            self._stages[stage] = StageSpells(
                **{name: columns[name][rows] for name in StageSpells.__dataclass_fields__}
            )
        return self._stages[stage]

    def of_case(self, column: str, cases: AnyArray) -> AnyArray:
        """A column of the table of cases for each case number (numbers need not be positions)."""
        if not len(cases):
            return np.zeros(0, dtype=self.recording.cases[column].dtype)
        rows = self._by_number[np.searchsorted(self._numbers, cases)]
        return np.asarray(self.recording.cases[column][rows])
