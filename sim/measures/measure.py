"""What a definition of a measure states, and the sources that definitions name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "ADCS",
    "ANNEX_A",
    "ASSUMED_RATES",
    "CENSUS",
    "CHILDREN_IN_NEED",
    "LOCAL",
    "MODEL",
    "WORKFORCE",
    "Better",
    "Breakdown",
    "EnglandFigure",
    "Kind",
    "Measure",
    "england_figures",
]

CHILDREN_IN_NEED: Final = "DfE, Characteristics of children in need"
CENSUS: Final = "DfE children in need census; Working Together to Safeguard Children"
WORKFORCE: Final = "DfE, Children's social work workforce"
ADCS: Final = "ADCS, Safeguarding Pressures"
ANNEX_A: Final = "Data to Insight, ChAT and Annex A"
LOCAL: Final = "Local performance reports"
MODEL: Final = "This model; no national return"
ASSUMED_RATES: Final = f"{MODEL}: rests on assumed rates of need rising and being noticed"

Better = Literal["higher", "lower", "neither"]
Kind = Literal["flow", "stock"]
Breakdown = Literal["locality", "team"]


@dataclass(frozen=True)
class EnglandFigure:
    """A published figure for England in the measure's own unit.

    `year` ends on 31 March. For the workforce it is the year that contains the census of 30 September.
    """

    year: int
    value: float
    source: str


def england_figures(source: str, by_year: Mapping[int, float]) -> tuple[EnglandFigure, ...]:
    """Return England's figures of one source, oldest first. `by_year`: the value of each year ending on 31 March."""
    return tuple(EnglandFigure(year, value, source) for year, value in sorted(by_year.items()))


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
    england: tuple[EnglandFigure, ...] = ()
    simulated_in: str = ""

    def __post_init__(self) -> None:
        """Use the label where no shorter one is given."""
        if not self.short:
            object.__setattr__(self, "short", self.label)
