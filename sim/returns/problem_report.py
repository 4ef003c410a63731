"""All problems of a reading as a workbook or a CSV file, for whoever puts the records right."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.returns.errors import ReturnsError
from sim.returns.problems import Problems

__all__ = ["report_bytes"]

HEADERS = ("File", "Sheet or element", "Row or line", "Column", "What is wrong", "What was read instead")


def report_bytes(problems: Problems, path: Path) -> bytes:
    """Return the contents of the report, by the ending of its name: .xlsx or .csv.

    Raises:
        ReturnsError: for another ending, or when the library that writes workbooks is missing.
    """
    rows = [
        (one.file, one.place, one.row if one.row is not None else "", one.column, one.wrong, one.instead)
        for one in problems.kept
    ]
    if path.suffix.lower() == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([HEADERS, *(tuple(map(_inert, row)) for row in rows)])
        return text.getvalue().encode("utf-8-sig")
    if path.suffix.lower() != ".xlsx":
        raise ReturnsError(f"{path}: a report ends in .xlsx or .csv")
    return _workbook(rows, problems.left_off)


def _inert(cell: int | str) -> int | str:
    """A text that a spreadsheet would take for a formula (a file's name may be one) gets an apostrophe in front."""
    from sim.experiment.results.files import FORMULA

    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(FORMULA) else cell


def _workbook(rows: list[tuple[str, str, int | str, str, str, str]], left_off: int) -> bytes:
    try:
        import xlsxwriter
    except ImportError:
        raise ReturnsError(
            "writing a workbook needs XlsxWriter: install it with pip install 'frontdoor-sim[returns]', or name a "
            "report that ends in .csv"
        ) from None
    held = io.BytesIO()
    # Text stays text: a name of a file that begins with = is no formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, options) as workbook:
        sheet = workbook.add_worksheet("Problems")
        sheet.write_row(0, 0, HEADERS, workbook.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
        if left_off:
            sheet.write_string(len(rows) + 1, 0, f"{left_off:,} more are not listed.")
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(HEADERS) - 1)
        sheet.set_column(0, 2, 18)
        sheet.set_column(3, 5, 44)
    return held.getvalue()
