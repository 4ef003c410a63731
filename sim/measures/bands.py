"""The bands that tables and charts use: those of the Department for Education's own tables.

A band counts children. Assessment and conference bands are in whole working days from the statutory clock;
plan lengths are in calendar months, as the published tables band them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.measures.measure import CHILDREN_IN_NEED, Kind, Measure

__all__ = ["BANDS", "BandSet", "band_measures"]


@dataclass(frozen=True, kw_only=True)
class BandSet:
    """A set of bands that share a question.

    `limits[i]` is the highest value that belongs to band `i` for working days, and the first length in
    calendar months that no longer belongs to band `i` for months; the last band has no limit.
    """

    id: str
    label: str
    unit: Literal["working days", "months"]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    limits: tuple[int, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """Measure ids of the bands, shortest first."""
        return tuple(f"{self.id}_{key}" for key in self.keys)


_PLAN_KEYS = ("up_to_3m", "3_6m", "6_12m", "1_2y", "2y_plus")
_PLAN_NAMES = ("up to 3 months", "3 to 6 months", "6 to 12 months", "1 to 2 years", "2 years or more")
_PLAN_LIMITS = (3, 6, 12, 24)

BANDS: dict[str, BandSet] = {
    band.id: band
    for band in (
        BandSet(
            id="assessments_band",
            label="Assessments completed",
            unit="working days",
            keys=("same_day", "1_10", "11_20", "21_30", "31_40", "41_45", "46_50", "51_60", "61_plus"),
            names=(
                "same day",
                "1 to 10 working days",
                "11 to 20 working days",
                "21 to 30 working days",
                "31 to 40 working days",
                "41 to 45 working days",
                "46 to 50 working days",
                "51 to 60 working days",
                "61 working days or more",
            ),
            limits=(0, 10, 20, 30, 40, 45, 50, 60),
        ),
        BandSet(
            id="icpc_band",
            label="Initial child protection conferences held",
            unit="working days",
            keys=("0_10", "11_15", "16_20", "21_plus"),
            names=(
                "within 10 working days",
                "11 to 15 working days",
                "16 to 20 working days",
                "21 working days or more",
            ),
            limits=(10, 15, 20),
        ),
        BandSet(
            id="cpp_ended_band",
            label="Child protection plans ended",
            unit="months",
            keys=_PLAN_KEYS,
            names=_PLAN_NAMES,
            limits=_PLAN_LIMITS,
        ),
        BandSet(
            id="cpp_open_band",
            label="Child protection plans open",
            unit="months",
            keys=_PLAN_KEYS,
            names=_PLAN_NAMES,
            limits=_PLAN_LIMITS,
        ),
    )
}


def band_measures(bands: BandSet, *, kind: Kind, clock: str) -> tuple[Measure, ...]:
    """Return the definitions of a set of bands, shortest first."""
    return tuple(
        Measure(
            id=measure,
            label=f"{bands.label}: {name}",
            unit="children",
            better="neither",
            kind=kind,
            breakdowns=("locality", "team"),
            numerator=f"Children, {bands.label.lower()}: {name}",
            clock=clock,
            source=CHILDREN_IN_NEED,
            meaning=f"How many of the {bands.label.lower()} took {name}.",
        )
        for measure, name in zip(bands.measures, bands.names, strict=True)
    )
