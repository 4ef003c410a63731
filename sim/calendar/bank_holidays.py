"""Bank holidays in England, with substitute days and the days proclaimed for one year only.

Recent and coming years follow the rules of the Banking and Financial Dealings Act 1971 and the proclamations listed
here; a test holds them against the library `holidays`. Any other year asks the library itself, which reads every
country's file when it is imported and so takes longer than a small council's year.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

KNOWN: Final = range(1990, 2051)
"""Years that are worked out here."""

MOVED: Final = {
    date(1995, 5, 1): date(1995, 5, 8),  # fifty years after the war in Europe
    date(2002, 5, 27): date(2002, 6, 4),  # jubilees
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),  # seventy-five years after the war in Europe
    date(2022, 5, 30): date(2022, 6, 2),
}
PROCLAIMED: Final = (
    date(1999, 12, 31),  # the millennium
    date(2002, 6, 3),  # jubilees
    date(2012, 6, 5),
    date(2022, 6, 3),
    date(2011, 4, 29),  # a royal wedding
    date(2022, 9, 19),  # a state funeral
    date(2023, 5, 8),  # a coronation
)
WEEKEND: Final = (5, 6)


@lru_cache(maxsize=16)
def bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Return every bank holiday in England from the first to the last year, both included.

    Days that fall on a weekend may be in it beside their substitutes.
    """
    years = range(first_year, last_year + 1)
    found = {day for year in years if year in KNOWN for day in _of_year(year)}
    others = [year for year in years if year not in KNOWN]
    if others:
        import holidays

        found.update(holidays.country_holidays("GB", subdiv="ENG", years=others))
    return frozenset(found)


def _of_year(year: int) -> set[date]:
    """The bank holidays of one year."""
    easter = _easter(year)
    usual = {
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _first_monday(date(year, 5, 1)),
        _first_monday(date(year, 5, 25)),  # the last one in May
        _first_monday(date(year, 8, 25)),  # the last one in August
    }
    days = {MOVED.get(day, day) for day in usual} | {day for day in PROCLAIMED if day.year == year}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        days.add(_substitute(fixed, days))
    return days


def _substitute(day: date, taken: set[date]) -> date:
    """The day itself, or the next one that is neither at a weekend nor a bank holiday."""
    while day.weekday() in WEEKEND or day in taken:
        day += timedelta(days=1)
    return day


def _first_monday(day: date) -> date:
    """The first Monday from a day on."""
    return day + timedelta(days=-day.weekday() % 7)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    golden, century, in_century = year % 19, year // 100, year % 100
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (in_century // 4) - moon - in_century % 4) % 7
    month, day = divmod(moon + weekday - 7 * ((golden + 11 * moon + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)
