"""England's bank holidays against the library that keeps them."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from sim.calendar.bank_holidays import KNOWN, bank_holidays

pytestmark = pytest.mark.unit


def on_weekdays(days: object) -> set[date]:
    return {day for day in days if day.weekday() < 5}  # type: ignore[attr-defined]


@pytest.mark.parametrize("year", KNOWN)
def test_a_year_is_that_of_the_library(year: int) -> None:
    expected = holidays.country_holidays("GB", subdiv="ENG", years=year)
    assert on_weekdays(bank_holidays(year, year)) == on_weekdays(expected)


def test_other_years_are_the_librarys() -> None:
    found = bank_holidays(KNOWN[0] - 2, KNOWN[0])
    assert {day.year for day in found} == {KNOWN[0] - 2, KNOWN[0] - 1, KNOWN[0]}
    assert date(KNOWN[0] - 2, 12, 26) in found
