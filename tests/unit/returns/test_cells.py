"""Cells of a workbook: dates in disguise, blanks, yes and no, codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from sim.returns.annex_a.cells import UNREADABLE, is_blank, number_of, plain, to_date, to_yes
from sim.returns.annex_a.layout import LISTS, list_of_sheet
from sim.returns.codes import episode_status, is_interim_order, source_of

pytestmark = pytest.mark.unit
DAY = date(2020, 9, 16)


@pytest.mark.parametrize(
    "cell",
    [DAY, datetime(2020, 9, 16, 13, 5), "16/09/2020", "16-09-20", "16.9.2020", "2020-09-16", "2020-09-16 00:00:00",
     "2020-09-16T10:00", "16 Sep 2020", "16 September 2020", "16th September 2020", "Sep 16, 2020", 44090, 44090.0,
     "44090", "=DATE(2020,9,16)", " 16/09/2020 ", "16/09/2020 10:15"],
)  # fmt: skip
def test_a_date_in_any_form(cell: Any) -> None:
    assert to_date(cell) == DAY


@pytest.mark.parametrize("cell", ["", None, "#N/A", "n/a", " ", "#REF!", "-", "NULL", "not recorded", "\u00a0"])
def test_blanks_are_no_dates(cell: Any) -> None:
    assert is_blank(cell)
    assert to_date(cell) is None


@pytest.mark.parametrize("cell", ["soon", "31/02/2020", 12, True, "16/09", -1.0])
def test_what_is_no_date_is_unreadable(cell: Any) -> None:
    assert to_date(cell) is UNREADABLE


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("a) Yes", True), ("Yes", True), ("Y", True), (True, True), ("b) No", False), ("NO", False), (0.0, False),
     ("c) Unknown", None), ("", None), ("CS Assessment Updated", UNREADABLE)],
)  # fmt: skip
def test_yes_and_no_with_and_without_letters(cell: Any, expected: Any) -> None:
    assert to_yes(cell) is expected


def test_numbers() -> None:
    assert number_of("3") == 3
    assert number_of("#N/A") is None
    assert number_of("three") is UNREADABLE
    assert number_of(-1) is UNREADABLE


@pytest.mark.parametrize(
    ("text", "source"),
    [("q) 6: Police", "police"), ("6", "police"), ("e) 2A: Schools", "schools"), ("2B", "schools"), ("3D", "health"),
     ("i) 3C: Health services", "health"), ("POLICE", "police"), ("p1) 5D: LA services", "council services"),
     ("u) 10: Unknown", "unknown"), ("k) 3E: Health services", "health"), ("school nurse", "health"), ("", "")],
)  # fmt: skip
def test_sources_of_referral(text: str, source: str) -> None:
    assert source_of(plain(text)) == source


@pytest.mark.parametrize(
    ("text", "status"),
    [("a) Looked after child", "looked after"), ("b) Child Protection plan", "protection"),
     ("Child in need plan", "in need"), ("CIN", "in need"), ("d) Open assessment", "assessment"),
     ("e) Closed episode", "closed"), ("c", "in need"), ("", "")],
)  # fmt: skip
def test_status_of_an_episode(text: str, status: str) -> None:
    assert episode_status(plain(text)) == status


def test_interim_care_orders() -> None:
    assert is_interim_order(plain("C1: ICO"))
    assert is_interim_order(plain("Interim care order"))
    assert not is_interim_order(plain("C2: FCO"))


@pytest.mark.parametrize(
    ("name", "number"),
    [("List 1", 1), ("List_03", 3), ("LIST 7 - CP", 7), ("list8", None), ("Contacts", 1), ("Early Help", 2),
     ("Referrals", 3), ("Assessments", 4), ("S47 & ICPC", 5), ("Children in Need", 6), ("CIN", 6),
     ("Child Protection", 7), ("CLA", 8), ("Looked After", 8), ("List 9", 0), ("Care leavers", 0), ("Adoption", 0),
     ("Sheet1", None)],
)  # fmt: skip
def test_sheets_are_known_by_number_or_topic(name: str, number: int | None) -> None:
    assert list_of_sheet(plain(name)) == (8 if name == "list8" else number)


def test_every_list_knows_its_main_date() -> None:
    for layout in LISTS:
        assert layout.main in {column.key for column in layout.columns}
