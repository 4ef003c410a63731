"""Text that other people wrote, such as titles and names, made harmless for the programs that open an export."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["csv_text", "plain"]

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_FORMULA: Final = ("=", "+", "-", "@")


def plain(value: Any) -> str:
    """Return a value as one line of text, without control characters, such as those that command a terminal."""
    text = "" if value is None else str(value)
    return " ".join(_CONTROL.sub(" ", text).encode("utf-8", "replace").decode("utf-8").split())


def csv_text(value: Any) -> str:
    """Return a value as a cell of a CSV file: an apostrophe stands before what a spreadsheet would take for a formula.

    OWASP, "CSV Injection": https://owasp.org/www-community/attacks/CSV_Injection (read in December 2026).
    """
    text = plain(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
