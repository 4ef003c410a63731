"""A workbook is the same whichever library opens it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sim.returns.annex_a.opened import open_workbook
from sim.returns.errors import ReturnsError
from sim.returns.from_returns import from_returns

pytestmark = pytest.mark.unit


@pytest.fixture
def without_calamine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)


def _book(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List 1"
    sheet["B2"] = "Child ID"
    sheet["C2"] = "Date"
    sheet["B3"], sheet["C3"], sheet["D3"] = 17, datetime(2024, 3, 1), True
    sheet["B5"], sheet["C5"] = "b) Female", 2.5
    book.create_sheet("Notes")
    book.save(path)
    return path


def test_both_libraries_give_the_same_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _book(tmp_path / "a.xlsx")
    names, rows = open_workbook(path)
    first, second = rows(0), rows(1)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    other_names, other_rows = open_workbook(path)
    assert names == other_names == ["List 1", "Notes"]

    def cells(found: list[list[Any]] | None) -> list[list[Any]]:
        assert found is not None
        return [[str(cell)[:10] for cell in row] for row in found]

    assert cells(first) == cells(other_rows(0))
    assert other_rows(0)[2][1] == 17.0  # type: ignore[index]
    assert cells(second) == []
    assert all(cell == "" for row in cells(other_rows(1)) for cell in row)


def test_a_scenario_is_the_same(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = from_returns(annex_a=workbook)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    plain = from_returns(annex_a=workbook)
    assert plain.text == quick.text
    assert plain.problems.summary() == quick.problems.summary()


@pytest.mark.usefixtures("without_calamine")
@pytest.mark.parametrize(
    ("content", "wrong"),
    [(b"PK\x03\x04 not a zip", "is not a workbook"), (b"\xd0\xcf\x11\xe0 locked", "is protected with a password")],
)
def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path, content: bytes, wrong: str) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    with pytest.raises(ReturnsError, match=wrong):
        open_workbook(path)


def test_without_any_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ReturnsError, match=r"pip install 'frontdoor-sim\[returns\]'"):
        open_workbook(_book(tmp_path / "a.xlsx"))
