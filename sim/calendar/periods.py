"""Periods: months, quarters and reporting years, and what they are called. The only place that labels them."""

from __future__ import annotations

import calendar as months_of_the_year
import datetime as dt
from dataclasses import dataclass
from typing import Final

__all__ = [
    "MONTHS",
    "REPORTING_YEAR",
    "Month",
    "Period",
    "add_months",
    "month_label",
    "reporting_year",
    "reporting_year_label",
]

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
"""Names of the months, January first, as scenario files and the published tables write them."""

FIRST_MONTH: Final = 4
"""The reporting year of children's services runs from April to March."""

REPORTING_YEAR: Final = MONTHS[FIRST_MONTH - 1 :] + MONTHS[: FIRST_MONTH - 1]
"""Names of the months in the order of the reporting year, April first."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the run: calendar dates and working-day numbers, both ends included."""

    label: str
    start: dt.date
    end: dt.date
    first_index: int
    last_index: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the run, clipped to it; working-day numbers, both ends included."""

    year: int
    month: int
    label: str
    first_index: int
    last_index: int


def add_months(day: dt.date, months: int) -> dt.date:
    """Return a date some calendar months later (or earlier), on the last of the month where it is shorter."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return dt.date(year, month + 1, min(day.day, months_of_the_year.monthrange(year, month + 1)[1]))


def month_label(year: int, month: int) -> str:
    """Label of a month: `2016-04`."""
    return f"{year}-{month:02}"


def reporting_year(day: dt.date) -> int:
    """Calendar year in which the reporting year of a date begins: 2016 for 31 March 2017."""
    return day.year - (day.month < FIRST_MONTH)


def reporting_year_label(first: int) -> str:
    """Label of the reporting year that begins in April of a calendar year: `2016-17`."""
    return f"{first}-{(first + 1) % 100:02}"
