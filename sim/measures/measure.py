"""What a definition of a measure says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Better", "Breakdown", "Kind", "Measure", "PublishedFigure"]

Better = Literal["higher", "lower", "neither"]
Kind = Literal["flow", "stock"]
Breakdown = Literal["locality", "team"]


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure for England in the measure's own unit; `year` ends on 31 March."""

    year: int
    value: float
    source: str


@dataclass(frozen=True)
class Measure:
    """What a measure is, in an analyst's words.

    `kind` is `flow` for what happened within the period and `stock` for the position on its last working day.
    `breakdowns` are the ways it is split besides `all`. `headline` measures lead the printed table and the
    report. `short` is a label for a narrow column. `flattered_by` names measures whose rise makes this one look better
    than things are; `count` names the number of children behind a share. `england` holds published figures, oldest
    first.
    """

    id: str
    label: str
    unit: str
    better: Better
    kind: Kind
    breakdowns: tuple[Breakdown, ...]
    numerator: str
    denominator: str
    clock: str
    source: str
    meaning: str
    headline: bool = False
    short: str = ""
    flattered_by: tuple[str, ...] = ()
    count: str = ""
    england: tuple[PublishedFigure, ...] = ()
