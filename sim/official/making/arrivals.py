"""How referrals vary: by month of the year, and beyond that from month to month.

A council's own months say something about its season only where they are many: its shares and England's are blended by
what each is worth. A season that really differs from England's by about 5% a month (assumption) is set against the
chance in the council's counts, whose variance is over-dispersion times the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from sim.calendar.periods import REPORTING_YEAR
from sim.official.published.areas import Area
from sim.official.published.finder import Finder
from sim.official.published.statistics import Statistics

__all__ = ["ArrivalPattern", "arrivals", "monthly"]

YEARS = 6
OWN_SEASON_SPREAD = 0.05
USUAL_DISPERSION = 5.0
MOST_DISPERSION = 50.0
"""The most that a scenario may say: beyond it months tell how cases were recorded, not how families came."""


@dataclass(frozen=True)
class ArrivalPattern:
    """Shares of the year by month (April to March), variance over mean of a month's children, and their sources."""

    season: dict[str, float]
    season_source: str
    over_dispersion: float
    dispersion_source: str
    own: bool


def monthly(statistics: Statistics, area: Area, year: int) -> list[float] | None:
    """Children referred in each month, April to March, or None where a month is missing."""
    months = [statistics.cell("c6", month, area, year).value for month in REPORTING_YEAR]
    known = [count for count in months if count is not None]
    return known if len(known) == 12 and sum(known) > 0 else None


def arrivals(finder: Finder) -> ArrivalPattern:
    """Season and over-dispersion for a council from its last six years, up to the year asked for."""
    statistics, year = finder.statistics, finder.year
    span = range(year - YEARS + 1, year + 1)
    england = [months for y in span if (months := monthly(statistics, finder.england, y)) is not None]
    # The months of many councils together say nothing of how one council's vary.
    is_council = finder.area.level == "local authority"
    own = {y: months for y in span if is_council and (months := monthly(statistics, finder.area, y)) is not None}
    if not england:
        finder.note(f"{statistics.file('c6')} has no months of England up to {year}: the season of 2018 stands in")
        return ArrivalPattern({}, "", USUAL_DISPERSION, "", own=False)
    country = _shares(england)
    if is_council and not own:
        finder.note(f"{finder.area.name}: no whole year of months ({statistics.file('c6')}); used England's season")
    spread = [_dispersion(months, country) for months in own.values()]
    # The middle year: in a year of reorganisation the level itself moves, which is not chance from month to month.
    dispersion = max(1.0, median(spread)) if spread else USUAL_DISPERSION
    if dispersion > MOST_DISPERSION:
        finder.note(
            f"{finder.area.name}: its months vary {dispersion:.0f} times as much as chance alone makes them "
            f"({statistics.file('c6')}), as where cases are recorded in batches; used {MOST_DISPERSION:.0f} instead"
        )
        dispersion = MOST_DISPERSION
    children = sum(sum(months) for months in own.values())
    chance = dispersion * 12 / children if children else float("inf")
    weight = OWN_SEASON_SPREAD**2 / (OWN_SEASON_SPREAD**2 + chance)
    mine = _shares(list(own.values())) if own else country
    season = {
        month: round(100 * (weight * a + (1 - weight) * b), 2)
        for month, a, b in zip(REPORTING_YEAR, mine, country, strict=True)
    }
    cite = f"DfE, Children in need, reporting years {min(own, default=span[0])} to {year}, file c6"
    place = finder.area.name
    season_source = (
        f"shares of the year in %, {place}'s months (weight {weight:.0%}) and England's; {cite}"
        if own
        else f"shares of the year in %, England's months; {cite}"
    )
    source = (
        f"variance over mean of {place}'s months within a year, season taken out, median of {len(own)} years; {cite}"
        if own
        else "variance over mean of monthly referrals at the median council, DfE, Children in need 2013-2018, file c6"
    )
    return ArrivalPattern(season, season_source, round(dispersion, 1), source, own=bool(own))


def _shares(years: list[list[float]]) -> list[float]:
    totals = [sum(months) for months in zip(*years, strict=True)]
    return [count / sum(totals) for count in totals]


def _dispersion(months: list[float], shares: list[float]) -> float:
    """Variance over mean of a year's months about the season's share of the year's total (11 degrees of freedom)."""
    total = sum(months)
    return sum((count - total * share) ** 2 / (total * share) for count, share in zip(months, shares, strict=True)) / 11
