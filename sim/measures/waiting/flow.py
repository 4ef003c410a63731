"""Where children are from week to week, and what they wait for: what an animation of the pathway draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.measures.order import order
from sim.measures.waiting.causes import GROUP_OF, GROUPS
from sim.model.recording import STAGES

if TYPE_CHECKING:
    from sim.measures.waiting.days import CauseDays
    from sim.model.recording import Recording

__all__ = ["OUTSIDE", "WEEK", "FlowTable", "flow_table"]

WEEK = 5
"""Working days from one look to the next."""
OUTSIDE = len(STAGES)
"""In place of a stage: before the referral, and after the case has closed."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class FlowTable:
    """Children of one replication by week.

    Attributes:
        standing: children in each stage on the first day of each week, by what they wait for: shape (weeks, stages,
            groups of causes). Stretches of work are split as days are, and rounded.
        moves: children who went from one stage to another in each week: shape (weeks, stages + 1, stages + 1), the last
            place standing for outside. A child whose enquiry begins beside an assessment has gone to the enquiry.
    """

    standing: NDArray[np.int32]
    moves: NDArray[np.int32]


def flow_table(recording: Recording, causes: CauseDays) -> FlowTable:
    """Look at each week of a run."""
    weeks = -(-recording.horizon // WEEK)
    stage = recording.spells["stage"][causes.spell].astype(np.int64)
    place = stage * len(GROUPS) + np.asarray(GROUP_OF)[causes.cause]
    weight = causes.children * causes.days / (causes.stop - causes.start)
    first, last = -(-causes.start // WEEK), -(-causes.stop // WEEK)
    wide = len(STAGES) * len(GROUPS)
    step = np.bincount((first * wide + place).astype(np.intp, copy=False), weight, (weeks + 1) * wide)
    step -= np.bincount((last * wide + place).astype(np.intp, copy=False), weight, (weeks + 1) * wide)
    standing = np.cumsum(step.reshape(weeks + 1, wide), axis=0)[:weeks]
    return FlowTable(
        np.rint(standing).astype(np.int32).reshape(weeks, len(STAGES), len(GROUPS)), _moves(recording, weeks)
    )


def _moves(recording: Recording, weeks: int) -> NDArray[np.int32]:
    spells = recording.spells
    rows = order(spells["stage"], spells["entered"], spells["case"])
    case, stage = spells["case"][rows], spells["stage"][rows].astype(np.int64)
    entered, ended = spells["entered"][rows].astype(np.int64), spells["ended"][rows].astype(np.int64)
    children = spells["children"][rows]
    begins = np.concatenate([[True], case[1:] != case[:-1]])[: len(case)]
    before = np.where(begins, OUTSIDE, np.roll(stage, 1))
    # A case has closed when the last of its stays has ended: from the stage of that one.
    many = np.cumsum(begins) - 1
    until = np.where(ended < 0, recording.horizon, ended)
    latest = order(until, many)
    closing = latest[np.concatenate([many[latest][1:] != many[latest][:-1], [True]])[: len(latest)]]
    is_open = np.zeros(int(begins.sum()), dtype=np.bool_)
    is_open[many[ended < 0]] = True
    closing = closing[~is_open[many[closing]]]
    moves = np.zeros((weeks, OUTSIDE + 1, OUTSIDE + 1), dtype=np.int32)
    new = entered >= 0
    _add(moves, entered[new], before[new], stage[new], children[new])
    _add(moves, until[closing], stage[closing], np.full(len(closing), OUTSIDE), children[closing])
    return moves


def _add(moves: NDArray[np.int32], day: Ints, before: Ints, after: Ints, children: NDArray[Any]) -> None:
    np.add.at(moves, (np.minimum(day // WEEK, len(moves) - 1), before, after), children)
