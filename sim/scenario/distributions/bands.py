"""Reading the labels of duration bands the way the Department for Education prints them.

Labels such as `same day`, `1-10`, `61+`, `under 3 months`, `1-2 years` and `2 years or more` become ranges
in working days. In working days a band holds whole days with both ends in it; in longer units a band is a
stretch of time from its lower end up to its upper end.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from sim.scenario.errors.faults import Faults
from sim.scenario.values.durations import MOST_YEARS, WORKING_DAYS_A_YEAR, Duration, Unit, parse_unit

LONGEST = MOST_YEARS * WORKING_DAYS_A_YEAR
_TAIL = r"\s*(?P<unit>[a-z][a-z -]*?)?"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("between", re.compile(rf"(?P<low>[\d.]+)\s*(?:-|–|to)\s*(?P<high>[\d.]+){_TAIL}")),
    ("from", re.compile(rf"(?P<low>[\d.]+)\s*\+{_TAIL}")),
    ("from", re.compile(rf"(?P<low>[\d.]+){_TAIL}\s+(?:or more|or over|and over|or longer)")),
    ("over", re.compile(rf"(?:over|more than)\s+(?P<low>[\d.]+){_TAIL}")),
    ("upto", re.compile(rf"(?:up to)\s+(?P<high>[\d.]+){_TAIL}")),
    ("upto", re.compile(rf"(?P<high>[\d.]+){_TAIL}\s+(?:or less|or under|or fewer)")),
    ("under", re.compile(rf"(?:under|less than)\s+(?P<high>[\d.]+){_TAIL}")),
    ("one", re.compile(rf"(?P<low>[\d.]+){_TAIL}")),
)


@dataclass(frozen=True, slots=True)
class Band:
    """One band: from `low` to `high` working days; `high` is infinity for an open band.

    `whole` says that only whole days from `low` to `high`, both included, can come up.
    """

    label: str
    low: float
    high: float
    whole: bool

    @property
    def open(self) -> bool:
        """Whether the band has no upper end."""
        return math.isinf(self.high)


def parse_band(label: str, unit: Unit) -> Band | None:
    """Return the band a label stands for, or None when it cannot be read; `unit` is used if it names none."""
    text = " ".join(label.lower().split())
    if text in ("same day", "same-day"):
        return Band(label, 0.0, 0.0, whole=True)
    for form, pattern in _FORMS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        own = parse_unit(parts["unit"]) if parts.get("unit") else unit
        if own is None:
            continue
        try:
            low = float(parts["low"]) if parts.get("low") else 0.0
            high = float(parts["high"]) if parts.get("high") else math.inf
        except ValueError:
            return None
        if form == "one":
            high = low
        return _whole_days(label, form, low, high) if own == "working days" else _span(label, form, low, high, own)
    return None


def _whole_days(label: str, form: str, low: float, high: float) -> Band | None:
    if low != int(low) or (math.isfinite(high) and high != int(high)):
        return None
    if form == "over":
        low += 1.0
    if form == "under":
        high -= 1.0
    return Band(label, low, high, whole=True) if low <= high else None


def _span(label: str, form: str, low: float, high: float, unit: Unit) -> Band | None:
    factor = Duration(1.0, unit).working_days
    if unit == "days" and form in ("between", "one", "upto"):
        high += 1.0  # a calendar day that the label names belongs to the band to its end
    return Band(label, low * factor, high * factor, whole=False) if low < high else None


def read_bands(weights: dict[str, float], unit: Unit, faults: Faults) -> tuple[Band, ...]:
    """Read every label of a banded distribution, noting each fault under `("bands", label)`.

    Bands must come in order, may not overlap, and only the last may be open.
    """
    bands: list[Band] = []
    for label in weights:
        band = parse_band(label, unit)
        place = ("bands", label)
        if band is None:
            right = "write bands such as same day, 1-10, 61+, under 3 months or 2 years or more"
            faults.add(place, f"'{label}' is not a band of time", right)
            continue
        if band.low > LONGEST or LONGEST < band.high < math.inf:
            faults.add(place, f"'{label}' reaches beyond {MOST_YEARS} years", f"write {MOST_YEARS} years or less")
        if bands and bands[-1].open:
            faults.add(place, f"'{label}' comes after the open band '{bands[-1].label}'", "write it last")
        elif bands and not _follows(bands[-1], band):
            right = "write the bands from short to long, each beginning after the one before"
            faults.add(place, f"'{label}' overlaps or comes before '{bands[-1].label}'", right)
        bands.append(band)
    return tuple(bands)


def _follows(before: Band, after: Band) -> bool:
    if before.whole and after.whole:
        return after.low > before.high
    return after.low >= before.high - 1e-9
