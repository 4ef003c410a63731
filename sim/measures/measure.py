"""What a definition of a measure states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Better", "Breakdown", "Kind", "Measure", "PublishedFigure"]

Better = Literal["higher", "lower", "neither"]
Kind = Literal["flow", "stock"]
Breakdown = Literal["locality", "team"]


@dataclass(frozen=True)
class PublishedFigure:
    """A published figure for England in the measure's own unit.

    `year` ends on 31 March. For the workforce it is the year that contains the census of 30 September.
    """

    year: int
    value: float
    source: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What a measure is, in an analyst's words.

    `kind` is `flow` for what happened within the period and `stock` for the position on its last working day.
    `breakdowns` are the ways it is split in addition to `all`. `denominator` is a dash for what is counted and not
    divided. `headline` measures lead the printed table and the report. `short` is a label for a narrow column. `count`
    names the measure that counts the children behind a share. `england` holds published figures, oldest first.

    A measure is flattered when more of something else makes it look better although nobody is better off: the median
    wait of children who got a social worker falls if those who wait longest never get one. `flattered_by` names the
    measures whose rise does so.

    `simulated_in` names a table of the recording. If a run has no row in it, the measure is missing, not zero.
    """

    id: str
    label: str
    unit: str
    better: Better
    kind: Kind
    breakdowns: tuple[Breakdown, ...] = ()
    numerator: str
    denominator: str = "–"
    clock: str
    source: str
    meaning: str
    headline: bool = False
    short: str = ""
    flattered_by: tuple[str, ...] = ()
    count: str = ""
    england: tuple[PublishedFigure, ...] = ()
    simulated_in: str = ""

    def __post_init__(self) -> None:
        """Use the label where no shorter one is given."""
        if not self.short:
            object.__setattr__(self, "short", self.label)
