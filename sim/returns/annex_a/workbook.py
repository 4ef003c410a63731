"""Opening the workbook: which sheet is which list, where its header stands, and which column is which."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.returns.annex_a.cells import is_blank, plain, text_of
from sim.returns.annex_a.layout import LISTS, ListColumn, ListLayout, list_of_sheet
from sim.returns.annex_a.opened import open_workbook
from sim.returns.errors import ReturnsError
from sim.returns.problems import Problems

__all__ = ["Sheet", "column_letter", "read_sheets"]

HEADER_WITHIN = 20


@dataclass
class Sheet:
    """A list as it stands in the workbook: rows after the header, the first of them in row `first_row` (from 1)."""

    layout: ListLayout
    rows: list[list[Any]]
    first_row: int
    at: dict[str, int]

    def place_of(self, column: ListColumn) -> str:
        """A column in messages: its letter and what it is, never the header as written."""
        return f"column {column_letter(self.at[column.key])} ({column.label})"


def read_sheets(path: Path, problems: Problems) -> list[Sheet]:
    """Read the lists of a workbook that are there.

    Raises:
        ReturnsError: when it cannot be opened, is protected, or holds no list of Annex A.
    """
    names, rows_of = open_workbook(path)
    sheets: list[Sheet] = []
    for number, index in sorted(_choose(names, path.name, problems).items()):
        rows = rows_of(index)
        if rows is None:
            problems.add(path.name, f"List {number}", None, "", "the sheet cannot be read", "it was left out")
            continue
        sheet = _locate(LISTS[number - 1], rows, path.name, problems)
        if sheet is not None:
            sheets.append(sheet)
    if not sheets:
        right = "name its sheets List 1 to List 8, with their headers in the first rows"
        raise ReturnsError(f"{path} holds no list of Annex A that can be read; {right}")
    return sheets


def _choose(names: list[str], file: str, problems: Problems) -> dict[int, int]:
    """Sheet by list: by number or topic in its name; by position only where no name says anything."""
    chosen: dict[int, int] = {}
    known = [list_of_sheet(plain(name)) for name in names]
    for index, number in enumerate(known):
        if not number:
            continue
        if number in chosen:
            problems.add(file, f"List {number}", None, "", "two sheets have its name", "the first was read")
            continue
        chosen[number] = index
    if not any(number is not None for number in known) and len(names) >= len(LISTS):
        for number in range(1, len(LISTS) + 1):
            chosen[number] = number - 1
        problems.add(file, "List 1 to 8", None, "", "no sheet is named after a list", "they were taken by position")
    return chosen


def _locate(layout: ListLayout, rows: list[list[Any]], file: str, problems: Problems) -> Sheet | None:
    best: tuple[int, int, dict[str, int]] = (0, 0, {})
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        at = _columns(layout, row)
        if len(at) > best[0]:
            best = (len(at), number, at)
    _, number, at = best
    if layout.main not in at:
        if any(not is_blank(cell) for row in rows for cell in row):
            label = next(column.label for column in layout.columns if column.key == layout.main)
            wrong = f"no column is headed {label}"
            problems.add(file, layout.name, None, "", wrong, "the list was left out")
        else:
            problems.add(file, layout.name, None, "", "the sheet is empty", "it was left out")
        return None
    for column in layout.columns:
        if column.key not in at and column.kind not in ("birth", "age"):
            wrong = f"there is no column for {column.label}"
            problems.add(file, layout.name, number + 1, "", wrong, "it was taken as not recorded")
    return Sheet(layout, rows[number + 1 :], number + 2, at)


def _columns(layout: ListLayout, row: list[Any]) -> dict[str, int]:
    headers = [plain(text_of(cell)) if isinstance(cell, str) else "" for cell in row]
    at: dict[str, int] = {}
    for column in layout.columns:
        for index, header in enumerate(headers):
            if header and index not in at.values() and column.matches(header):
                at[column.key] = index
                break
    return at


def column_letter(index: int) -> str:
    """The letter of a column: A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
