"""What a definition of a measure says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Better", "Breakdown", "Kind", "Measure"]

Better = Literal["higher", "lower", "neither"]
Kind = Literal["flow", "stock"]
Breakdown = Literal["locality", "team"]


@dataclass(frozen=True)
class Measure:
    """What a measure is, in an analyst's words.

    `kind` is `flow` for what happened within the period and `stock` for the position on its last working day.
    `breakdowns` are the ways it is split besides `all`. `headline` measures lead the printed table and the
    report.
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
