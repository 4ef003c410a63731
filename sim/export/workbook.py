"""The Excel workbook, to the Analysis Function's rules for spreadsheets that everybody can read.

"Releasing statistics in spreadsheets", Government Analysis Function: a cover, a table of contents with links, notes on
a sheet of their own, one real Excel table a sheet, units in a column or heading, no merged cells, no empty rows or
cells, no frozen panes (https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.export.errors import library
from sim.export.sheets import MISSING, NOTES, ExportSheet, cover, sheets
from sim.export.texts import plain
from sim.report.results_view import ResultsView

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["write"]

FILE: Final = "results.xlsx"
_MOST_LETTERS: Final = 32_767
"""Letters that a cell holds, Microsoft's limit."""

# Text is text, whatever it begins with: no formula, link or number is ever read out of a name.
_OPTIONS: Final = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "default_date_format": "d mmmm yyyy",
}  # fmt: skip
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 16},
    "text": {"text_wrap": True, "valign": "top"},
    "line": {},
    "header": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "number": {"num_format": "#,##0.0", "valign": "top"},
    "count": {"num_format": "#,##0", "valign": "top"},
    "date": {"num_format": "d mmmm yyyy", "align": "left", "valign": "top"},
    "missing": {"align": "right", "valign": "top"},
    "link": {"font_color": "#12436D", "underline": 1, "valign": "top"},
}
_WIDEST: Final = 60
"""Letters across the widest column: longer texts are wrapped."""


def write(view: ResultsView, folder: Path) -> list[str]:
    """Write `results.xlsx` into `folder`."""
    xlsxwriter = library("xlsxwriter")
    tables = sheets(view)
    heading, *lines = cover(view)
    with xlsxwriter.Workbook(str(folder / FILE), _OPTIONS) as book:
        book.set_properties({"title": heading, "comments": "Simulated. No child, case or worker in it is real."})
        styles = {
            name: book.add_format({"font_name": "Arial", "font_size": 12, **own}) for name, own in _STYLES.items()
        }
        _cover(book.add_worksheet("Cover"), heading, lines, styles)
        contents = ExportSheet(
            "Contents", "Contents", "",
            ("Sheet", "What it holds"), ("link", "text"),
            [(table.name, table.title) for table in (NOTES, *tables)],
        )  # fmt: skip
        for table in (contents, NOTES, *tables):
            _table(book.add_worksheet(table.name), table, styles)
        book.get_worksheet_by_name("Cover").activate()
    return []


def _cover(page: Worksheet, heading: str, lines: Sequence[str], styles: Mapping[str, Format]) -> None:
    page.set_column(0, 0, 100, styles["text"])
    page.hide_gridlines(2)
    page.write_string(0, 0, heading, styles["title"])
    for place, line in enumerate(lines, 1):
        page.write_string(place, 0, line, styles["text"])
    _for_print(page)


def _table(page: Worksheet, table: ExportSheet, styles: Mapping[str, Format]) -> None:
    """A title, what the sheet holds, and one table to the end of the sheet."""
    page.hide_gridlines(2)
    page.write_string(0, 0, table.title, styles["title"])
    above = ["This worksheet contains one table. Everything in it is simulated.", *([table.note] if table.note else [])]
    for place, line in enumerate(above, 1):
        page.write_string(place, 0, line, styles["line"])
    first = 1 + len(above)
    page.add_table(
        first, 0, first + max(len(table.rows), 1), len(table.headings) - 1,
        {
            "name": f"table_{table.name.lower()}",
            "columns": [{"header": heading, "header_format": styles["header"]} for heading in table.headings],
            "style": "Table Style Light 1",
            "banded_rows": False,
            "autofilter": len(table.rows) > 20,
            "description": table.title,
        },
    )  # fmt: skip
    for place, row in enumerate(table.rows, first + 1):
        for column, (kind, value) in enumerate(zip(table.kinds, row, strict=True)):
            _cell(page, place, column, kind, value, styles)
    for column, heading in enumerate(table.headings):
        letters = max((len(_shown(row[column])) for row in table.rows[:500]), default=0)
        words = max(len(word) for word in heading.split())
        page.set_column(column, column, min(_WIDEST, max(letters + 2, words + 3, 12)))
    _for_print(page)


def _cell(page: Worksheet, row: int, column: int, kind: str, value: Any, styles: Mapping[str, Format]) -> None:
    if _is_missing(value):
        page.write_string(row, column, MISSING, styles["text" if kind in {"text", "yes or no"} else "missing"])
    elif kind == "link":
        page.write_url(row, column, f"internal:'{value}'!A1", styles["link"], str(value))
    elif kind in {"number", "count"}:
        page.write_number(row, column, value, styles[kind])
    elif kind == "date":
        page.write_datetime(row, column, dt.datetime.combine(value, dt.time()), styles["date"])
    elif kind == "yes or no":
        page.write_string(row, column, "yes" if value else "no", styles["text"])
    else:
        page.write_string(row, column, plain(value)[:_MOST_LETTERS], styles["text"])


def _is_missing(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and not math.isfinite(value))


def _shown(value: Any) -> str:
    if _is_missing(value):
        return MISSING
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:%-d %B %Y}" if isinstance(value, dt.date) else str(value)


def _for_print(page: Worksheet) -> None:
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer("&LSimulated&RPage &P of &N")
