"""Reading a cell of a workbook: a date in any of its disguises, a code with or without its letter, a blank."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

__all__ = ["UNREADABLE", "is_blank", "number_of", "plain", "text_of", "to_date", "to_yes"]

UNREADABLE: Final = object()
"""What a cell gives that is not blank and cannot be read."""
_BLANKS = frozenset(
    ("", "#n/a", "n/a", "na", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "null", "none", "nan", "nat",
     "-", "--", ".", "not applicable", "not recorded", "tbc", "unallocated")
)  # fmt: skip
_FORMS = ("%d %b %Y", "%d %B %Y", "%d %b %y", "%d %B %y", "%b %d %Y", "%B %d %Y")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?")
_FORMULA = re.compile(r"=\s*date\((\d{4})[,;](\d{1,2})[,;](\d{1,2})\)", re.IGNORECASE)
_EXCEL_START = date(1899, 12, 30)
_SERIALS = (20_000, 80_000)
"""Excel's serial numbers of October 1954 and January 2119: other numbers are no dates."""


def text_of(value: Any) -> str:
    """The cell as text: normal spaces and quotes, whole numbers without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str):
        return _tidy(value)
    return "" if value is None else str(value)


@lru_cache(maxsize=50_000)
def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").split())


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A header, sheet name or code for comparing: lower case, letters and digits only, single spaces."""
    tidy = _tidy(text).lower().replace("'", "").replace("&", " and ")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in tidy).split())


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing: empty, an error of Excel, or a word for nothing."""
    if value is None:
        return True
    return isinstance(value, str) and _tidy(value).lower() in _BLANKS


def to_date(value: Any) -> Any:
    """The date in a cell, None when it is blank, or UNREADABLE."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if is_blank(value):
        return None
    if isinstance(value, bool):
        return UNREADABLE
    if isinstance(value, (int, float)):
        low, high = _SERIALS
        return _EXCEL_START + timedelta(days=int(value)) if low <= value <= high else UNREADABLE
    return _date_of_text(_tidy(str(value)))


@lru_cache(maxsize=20_000)
def _date_of_text(text: str) -> Any:
    formula, first, last = _FORMULA.fullmatch(text), _YEAR_FIRST.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if formula or first:
            year, month, day = (formula or first).groups()  # type: ignore[union-attr]
            return date(int(year), int(month), int(day))
        if last:
            day, month, year = last.groups()
            return date(int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900), int(month), int(day))
    except ValueError:
        return UNREADABLE
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return to_date(float(text))
    spoken = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.replace(",", " ").replace("-", " "))
    for form in _FORMS:
        try:
            return datetime.strptime(" ".join(spoken.split()), form).date()
        except ValueError:
            continue
    return UNREADABLE


def to_yes(value: Any) -> Any:
    """True or False from `Yes`, `a) Yes`, `Y`, `1`; None when it is blank or not known; else UNREADABLE."""
    if isinstance(value, bool):
        return value
    if is_blank(value):
        return None
    words = re.sub(r"^[a-z]\d? (?=\S)", "", plain(text_of(value)))
    if words in ("yes", "y", "true", "1", "a"):
        return True
    if words in ("no", "n", "false", "0", "b"):
        return False
    if words.split()[0:1] in (["unknown"], ["not"], ["c"], ["information"]):
        return None
    return UNREADABLE


def number_of(value: Any) -> Any:
    """A number of 0 or more, None when the cell is blank, or UNREADABLE."""
    if is_blank(value):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return UNREADABLE
    return number if number >= 0 else UNREADABLE
