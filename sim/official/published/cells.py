"""One cell of a published table: a number, or a code that says why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["CODES", "PublishedCell", "read_cell"]

CODES: dict[str, str] = {
    "c": "suppressed",
    "*": "suppressed",
    "x": "not available",
    ":": "not available",
    "..": "not available",
    ".": "not applicable",
    "z": "not applicable",
    "-": "not applicable",
    "u": "unreliable",
    "": "empty",
    "k": "rounds to zero",
    "low": "rounds to zero",
}
"""Codes in place of numbers: the Department's own, those of its earlier editions, and an empty cell."""

ROUNDS_TO_ZERO = ("k", "low", "~")


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """A published figure with its whereabouts.

    `value` is None where a code stands in place of a number. A figure that rounds to zero is 0, with its code.
    """

    value: float | None
    code: str
    file: str
    column: str
    area: str
    year: int

    @property
    def suppressed(self) -> bool:
        """Whether the figure was held back so that no child can be recognised."""
        return self.code in ("c", "*")

    @property
    def why(self) -> str:
        """Why there is no number, in words; nothing where there is one."""
        if self.value is not None:
            return ""
        return CODES.get(self.code, self.code)


def read_cell(text: str) -> tuple[float | None, str]:
    """Return the number in a cell, or None, and the code that stood there (`""` beside a plain number).

    Thousands may carry commas, shares a percent sign. What is neither a number nor a known code is returned as its
    own code: the caller knows the file and column to complain about.
    """
    code = text.strip().lower()
    if code in ROUNDS_TO_ZERO:
        return 0.0, code
    if code in CODES:
        return None, code
    try:
        number = float(code.replace(",", "").removesuffix("%"))
    except ValueError:
        return None, code
    return (number, "") if math.isfinite(number) else (None, code)
