"""Reading one plain number, however a scenario wrote it."""

from __future__ import annotations

import math
import re

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_COMMAS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def to_number(value: object) -> float | None:
    """Return a finite number written as a number or as text (`5195`, `"5,195"`), or None if it is not one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            return None
        return number if math.isfinite(number) else None
    if isinstance(value, str):
        text = value.strip()
        if _COMMAS.fullmatch(text):
            text = text.replace(",", "")
        if _PLAIN.fullmatch(text):
            number = float(text)
            return number if math.isfinite(number) else None
    return None
