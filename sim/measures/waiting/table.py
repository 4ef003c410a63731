"""Child-days by cause, added up by quarter, stage and team: what a replication hands on about waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.measures.waiting.causes import CAUSES
from sim.measures.waiting.days import cause_days
from sim.model.recording import STAGES

if TYPE_CHECKING:
    from sim.measures.period_counts import PeriodCounts
    from sim.measures.waiting.days import CauseDays
    from sim.model.recording import Recording

__all__ = ["CauseTable", "by_spell", "cause_table", "causes_of"]


@dataclass(frozen=True)
class CauseTable:
    """Child-days of one replication by cause.

    Attributes:
        quarters, teams: labels of the axes; the last place of the axis of teams belongs to no team.
        days: shape (2, quarters, stages, teams + 1, causes); first all days, then those beyond the stage's standard.
    """

    quarters: tuple[str, ...]
    teams: tuple[str, ...]
    days: NDArray[np.float32]


def causes_of(recording: Recording, periods: PeriodCounts) -> CauseDays | None:
    """The causes of all days, cut at the beginning of each quarter; None where none were recorded."""
    starts = np.searchsorted(periods.quarter_of_day, np.arange(periods.quarters))
    return cause_days(recording, starts.tolist())


def cause_table(recording: Recording, periods: PeriodCounts, causes: CauseDays) -> CauseTable:
    """Add up child-days by quarter, stage, team and cause."""
    layout = periods.layout
    shape = 2, periods.quarters, len(STAGES), len(layout.teams) + 1, len(CAUSES)
    stage = recording.spells["stage"][causes.spell].astype(np.int64)
    quarter, team = periods.quarter_of_day[causes.start], causes.team % shape[3]  # -1 is the last place
    place = np.ravel_multi_index((quarter, stage, team, causes.cause), shape[1:])
    weight, size = causes.days * causes.children, int(np.prod(shape[1:]))
    beyond = causes.beyond
    both = [
        np.bincount(place.astype(np.intp, copy=False), weight, size),
        np.bincount(place[beyond].astype(np.intp, copy=False), weight[beyond], size),
    ]
    quarters = layout.periods[-1 - periods.quarters : -1]  # after the years, before the whole run
    return CauseTable(quarters, layout.teams, np.stack(both).reshape(shape).astype(np.float32))


def by_spell(recording: Recording, causes: CauseDays) -> NDArray[np.float32]:
    """Working days of each spell of a recording by cause: shape (spells, causes)."""
    spells = len(recording.spells["case"])
    place = causes.spell * len(CAUSES) + causes.cause
    return (
        np.bincount(place.astype(np.intp, copy=False), causes.days, spells * len(CAUSES))
        .reshape(spells, -1)
        .astype(np.float32)
    )
