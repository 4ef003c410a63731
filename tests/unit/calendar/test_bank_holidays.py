"""England's bank holidays: the table against the library that it was made from."""

from __future__ import annotations

from datetime import date

import pytest

from sim.calendar.bank_holidays import bank_holidays
from sim.calendar.make_bank_holidays import FIRST_YEAR, LAST_YEAR, TABLE, days_of, table_text

pytestmark = pytest.mark.unit


def test_the_table_is_what_the_library_gives() -> None:
    assert TABLE.read_text(encoding="utf-8") == table_text()


def test_the_table_and_the_library_name_the_same_days() -> None:
    assert bank_holidays(FIRST_YEAR, LAST_YEAR) == frozenset(days_of(FIRST_YEAR, LAST_YEAR))


def test_years_outside_the_table_come_from_the_library() -> None:
    days = bank_holidays(FIRST_YEAR - 2, FIRST_YEAR)
    assert {day.year for day in days} == {FIRST_YEAR - 2, FIRST_YEAR - 1, FIRST_YEAR}
    assert date(FIRST_YEAR - 2, 12, 26) in days
    assert {day for day in days if day.year == FIRST_YEAR} == bank_holidays(FIRST_YEAR, FIRST_YEAR)
