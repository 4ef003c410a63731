"""Bank holidays in England, with substitute days and the days proclaimed for one year only."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sim.calendar.bank_holiday_table import BANK_HOLIDAYS


@lru_cache(maxsize=16)
def bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Return every bank holiday in England that falls on Monday to Friday, from the first to the last year.

    Years outside the table (1990 to 2050) come from the library `holidays`, which is slow to import.
    """
    years = range(first_year, last_year + 1)
    days = {date.fromisoformat(f"{year}-{day}") for year in years for day in BANK_HOLIDAYS.get(year, "").split()}
    if any(year not in BANK_HOLIDAYS for year in years):
        from sim.calendar.make_bank_holidays import days_of

        days.update(day for day in days_of(first_year, last_year) if day.year not in BANK_HOLIDAYS)
    return frozenset(days)
