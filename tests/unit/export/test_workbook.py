"""The workbook, opened by openpyxl and pandas: it reads back equal, and keeps the Analysis Function's rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sim.export.columns import COLUMNS
from sim.export.workbook import write
from sim.report.results_view import ResultsView

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def book(view: ResultsView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    assert write(view, folder) == []
    return folder / "results.xlsx"


def read(book: Path, sheet: str) -> pd.DataFrame:
    """A sheet's Excel table as a frame: the headings are those of the table, wherever it stands."""
    page = openpyxl.load_workbook(book)[sheet]
    (table,) = page.tables.values()
    first, *rows = ([cell.value for cell in row] for row in page[table.ref])
    return pd.DataFrame(rows, columns=first).replace("[x]", None)


@pytest.mark.parametrize(
    ("sheet", "figures"),
    [
        ("Levels", ("mean", "low80", "high80", "ci95_low", "ci95_high", "replications")),
        ("By_team_and_locality", ("mean", "low80", "high80", "ci95_low", "ci95_high", "replications")),
    ],
)
def test_levels_read_back_equal(book: Path, view: ResultsView, sheet: str, figures: tuple[str, ...]) -> None:
    summary = view.results.summary
    overall = summary["breakdown"] == "all"
    wanted = summary[overall if sheet == "Levels" else ~overall].reset_index(drop=True)
    table = read(book, sheet)
    assert len(table) == len(wanted) > 0
    for name in ("scenario", "measure", "label", "unit", "better", "period", "period_type"):
        assert table[COLUMNS[name].heading].tolist() == wanted[name].astype(str).tolist()
    for name in ("period_start", "period_end"):
        assert (pd.to_datetime(table[COLUMNS[name].heading]) == wanted[name]).all()
    for name in figures:
        pd.testing.assert_series_equal(
            pd.to_numeric(table[COLUMNS[name].heading]), wanted[name],
            check_names=False, check_dtype=False, rtol=1e-14, atol=0,
        )  # fmt: skip


def test_differences_read_back_equal(book: Path, view: ResultsView) -> None:
    wanted = view.results.differences
    assert wanted is not None
    table = read(book, "Differences")
    for name in ("difference", "low80", "high80", "ci95_low", "simultaneous_high", "baseline_mean"):
        pd.testing.assert_series_equal(
            pd.to_numeric(table[COLUMNS[name].heading]), wanted[name],
            check_names=False, check_dtype=False, rtol=1e-14, atol=0,
        )  # fmt: skip
    words = {"yes": True, "no": False}
    clear = [words.get(word) for word in table[COLUMNS["clear_of_chance"].heading]]
    assert clear == [None if pd.isna(value) else bool(value) for value in wanted["clear_of_chance"]]


def test_every_sheet_keeps_the_rules(book: Path) -> None:
    pages = openpyxl.load_workbook(book).worksheets
    assert [page.title for page in pages][:3] == ["Cover", "Contents", "Notes"]
    assert len({table for page in pages for table in page.tables}) == len(pages) - 1
    for page in pages:
        texts = [[cell.value for cell in row] for row in page.iter_rows()]
        assert len(page.tables) == (page.title != "Cover")
        assert not page.merged_cells.ranges
        assert page.freeze_panes is None
        assert " " not in page.title
        assert all(any(value is not None for value in row) for row in texts), f"{page.title} has an empty row"
        assert any("simulated" in str(row[0]).lower() for row in texts[:3])
        for table in page.tables.values():
            assert all(cell.value not in {None, ""} for row in page[table.ref] for cell in row)
            assert table.ref.endswith(str(page.max_row))


def test_contents_link_to_every_other_sheet(book: Path) -> None:
    opened = openpyxl.load_workbook(book)
    links = [row[0] for row in opened["Contents"].iter_rows() if row[0].hyperlink]
    assert [cell.value for cell in links] == [
        p.title for p in opened.worksheets if p.title not in {"Cover", "Contents"}
    ]
    assert [cell.hyperlink.location for cell in links] == [f"'{cell.value}'!A1" for cell in links]


def test_names_are_texts_whatever_they_begin_with(book: Path) -> None:
    cells: list[Any] = [cell for page in openpyxl.load_workbook(book) for row in page.iter_rows() for cell in row]
    hostile = [cell for cell in cells if str(cell.value).startswith("=HYPERLINK")]
    assert hostile
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in hostile)
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert all("\x1b" not in str(cell.value) for cell in cells)
