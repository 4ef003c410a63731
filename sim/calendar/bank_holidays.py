"""Bank holidays in England, with substitute days and the days proclaimed for one year only."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=16)
def bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Return every bank holiday in England from the first to the last year, both included."""
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1)))
