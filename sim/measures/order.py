"""Sorting whole numbers, as quickly as numpy can, and finding them again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Numbered", "order", "runs"]

DIGIT = 16
"""Bits taken at a time: numpy sorts whole numbers of 16 bits by counting, ten times as fast as longer ones."""


def order(*keys: NDArray[Any]) -> NDArray[np.int64]:
    """Positions in order of whole-number keys, the last key first of all, as `numpy.lexsort` gives them."""
    rows: NDArray[np.int64] | None = None
    for key in keys:
        if not len(key):
            return np.zeros(0, dtype=np.int64)
        lowest = int(key.min())
        span, left, shift = int(key.max()) - lowest, key.astype(np.int64) - lowest, 0
        while shift == 0 or span >> shift:
            digit = (left >> shift).astype(np.uint16)
            step = np.argsort(digit if rows is None else digit[rows], kind="stable")
            rows = step if rows is None else rows[step]
            shift += DIGIT
    assert rows is not None
    return rows


def runs(values: NDArray[Any]) -> NDArray[np.int64]:
    """Positions at which a run of equal values begins."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([[0], np.flatnonzero(values[1:] != values[:-1]) + 1])


class Numbered:
    """Things with numbers from anywhere, to be looked up by number."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._order = order(numbers)
        self._numbers = numbers[self._order]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._numbers)

    def find(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Position of each number.

        Raises:
            KeyError: when one of them is not there.
        """
        places = np.searchsorted(self._numbers, numbers)
        missing = places == len(self._numbers)
        missing[~missing] = self._numbers[places[~missing]] != numbers[~missing]
        if missing.any():
            raise KeyError(int(numbers[missing][0]))
        positions: NDArray[np.int64] = self._order[places]
        return positions
