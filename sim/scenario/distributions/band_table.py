"""Quantiles of shares by band of time: the bands as plain numbers, because a run draws from them for each child."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

_SMALLEST: Final = 1e-15
_LARGEST: Final = 1.0 - _SMALLEST

Cell = tuple[float, float, bool]
"""A band: from, to (infinity where it is open), whether it holds whole days only."""


class BandTable:
    """Bands with their shares.

    Args:
        cells: the bands that have a share, in order.
        ends: the share that ends by the end of each.
        tail: mean time beyond the lower end of an open band.
    """

    __slots__ = ("_cells", "_ends", "_tail")

    def __init__(self, cells: Sequence[Cell], ends: Sequence[float], tail: float) -> None:
        self._cells: list[Cell] = list(cells)
        self._ends: list[float] = list(ends)
        self._tail = tail

    def __reduce__(self) -> tuple[type[BandTable], tuple[list[Cell], list[float], float]]:
        """Said in so many words for the compiled model, whose objects do not show what they hold."""
        return BandTable, (self._cells, self._ends, self._tail)

    def quantile(self, u: float) -> float:
        """The length in working days below which a share u of all lengths lie; u is kept inside (1e-15, 1 - 1e-15)."""
        u = _SMALLEST if u < _SMALLEST else _LARGEST if u > _LARGEST else u
        ends = self._ends
        cell = bisect_right(ends, u)
        if cell == len(ends):
            cell -= 1
        start = ends[cell - 1] if cell else 0.0
        within = (u - start) / (ends[cell] - start)
        within = 0.0 if within < 0.0 else _LARGEST if within > _LARGEST else within
        low, high, whole = self._cells[cell]
        if high < math.inf:
            if whole:
                days = high - low + 1.0
                return low + min(math.floor(within * days), days - 1.0)
            return low + within * (high - low)
        if whole:
            # Whole days beyond the lower end: the floor of an exponential whose floor has the mean asked for.
            return low + math.floor(-math.log1p(-within) / math.log1p(1.0 / self._tail))
        return low - self._tail * math.log1p(-within)
