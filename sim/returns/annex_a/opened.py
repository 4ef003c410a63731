"""A workbook as sheets of plain values, whichever library is there to read it.

python-calamine reads every kind of workbook and is quick. Where it does not exist, as for Python inside a browser,
openpyxl reads xlsx and xlsm, and gives the same values.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.returns.errors import ReturnsError

if TYPE_CHECKING:
    import python_calamine as calamine

__all__ = ["Rows", "open_workbook"]

Rows = list[list[Any]]
PROTECTED: Final = b"\xd0\xcf\x11\xe0"
"""How a file begins that is protected with a password: a container of the older kind."""


def open_workbook(path: Path) -> tuple[list[str], Callable[[int], Rows | None]]:
    """Return the names of the sheets, and what reads the rows of one by its place; None when a sheet is damaged.

    Cells are texts, floats, booleans, dates and times; an empty one is an empty text.

    Raises:
        ReturnsError: when it is not there, is no workbook, is protected, or no library is there to read it.
    """
    try:
        import python_calamine
    except ImportError:
        return _with_openpyxl(path)
    if not path.is_file():
        raise ReturnsError(f"{path}: there is no such file")
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        names = workbook.sheet_names
    except python_calamine.PasswordError:
        raise _protected(path) from None
    except (python_calamine.CalamineError, OSError):
        raise ReturnsError(f"{path} is not a workbook that can be read (xlsx, xlsm, xlsb, xls or ods)") from None
    return names, lambda place: _rows(workbook, place)


def _rows(workbook: calamine.CalamineWorkbook, place: int) -> Rows | None:
    import python_calamine

    try:
        return workbook.get_sheet_by_index(place).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError):
        return None


def _with_openpyxl(path: Path) -> tuple[list[str], Callable[[int], Rows | None]]:
    try:
        import openpyxl
    except ImportError:
        raise ReturnsError(
            "reading a workbook needs python-calamine: install it with pip install 'frontdoor-sim[returns]'"
        ) from None
    if not path.is_file():
        raise ReturnsError(f"{path}: there is no such file")
    try:
        with path.open("rb") as stream:
            if stream.read(len(PROTECTED)) == PROTECTED:
                raise _protected(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that nobody reads here
            workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except ReturnsError:
        raise
    except Exception:  # openpyxl lets through whatever the zip or the XML inside raises
        raise ReturnsError(f"{path} is not a workbook that can be read here (xlsx or xlsm)") from None

    def rows(place: int) -> Rows | None:
        sheet = workbook.worksheets[place]
        sheet.reset_dimensions()  # files may say less than they hold
        try:
            read = [[_plain(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        except Exception:  # as above
            return None
        width = max(map(len, read), default=0)
        return [row + [""] * (width - len(row)) for row in read]

    return [sheet.title for sheet in workbook.worksheets], rows


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _protected(path: Path) -> ReturnsError:
    return ReturnsError(f"{path} is protected with a password; save it without one")
