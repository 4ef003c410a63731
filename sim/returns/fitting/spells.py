"""Spells as the extract shows them: how long so far, whether finished, and from what age on they could be seen.

An extract shows a spell only if it was open at some time in its window. A spell that began before the window is seen
because it lasted until then (left truncation); one that is still open lasts longer than is known (right censoring).
Taking finished spells alone, or open ones as finished, makes lengths too short.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sim.returns.records import RecordedSpell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Lengths", "lengths_of", "working_days"]

HALF_A_DAY = 0.5


@dataclass(frozen=True)
class Lengths:
    """Lengths in days, whether each is finished, and the age at which each entered the window (0: at its start).

    `truncated` counts those that began before the window.
    """

    days: NDArray[np.float64]
    finished: NDArray[np.bool_]
    entry: NDArray[np.float64]
    truncated: int = 0
    working: bool = False

    @property
    def count(self) -> int:
        """All spells seen."""
        return len(self.days)

    @property
    def completed(self) -> int:
        """Finished ones."""
        return int(self.finished.sum())


def lengths_of(
    spells: Iterable[RecordedSpell], window_start: date, as_at: date, *, working: bool = False, least: float = 0.0
) -> Lengths:
    """Lengths of spells open at some time between two days; in working days of England if `working`.

    Spells that ended before the window are left out even where the file holds them: whether it does may depend on what
    came after. Those that have not lasted for `least` days are not seen as such, and are left out too.
    """
    import numpy as np

    kept = [spell for spell in spells if spell.start <= as_at and (spell.end is None or spell.end >= window_start)]
    starts = [spell.start for spell in kept]
    done = [spell.end is not None and spell.end <= as_at for spell in kept]
    ends = [spell.end if over and spell.end is not None else as_at for spell, over in zip(kept, done, strict=True)]
    entries = [max(start, window_start) for start in starts]
    if working:
        # Whole working days: the same day is 0, as the standard of 45 days counts.
        days, entry = working_days(starts, ends), working_days(starts, entries)
    else:
        first = np.array([day.toordinal() for day in starts], dtype=float)
        days = np.array([day.toordinal() for day in ends], dtype=float) - first + HALF_A_DAY
        entry = np.array([day.toordinal() for day in entries], dtype=float) - first
    finished, truncated = np.array(done, dtype=bool), int((entry > 0).sum())
    if least > 0:
        entry = np.maximum(entry, least)
        seen = days > entry
        truncated = int((entry[seen] > least).sum())
        days, finished, entry = days[seen], finished[seen], entry[seen]
    return Lengths(days, finished, entry, truncated, working)


def working_days(starts: list[date], ends: list[date]) -> NDArray[np.float64]:
    """Working days of England from each start to each end; 0 on the same day."""
    import numpy as np

    if not starts:
        return np.zeros(0)
    first = np.array(starts, dtype="datetime64[D]")
    last = np.array(ends, dtype="datetime64[D]")
    holidays = _holidays(int(str(first.min())[:4]), int(str(last.max())[:4]))
    counted = np.busday_count(first, last, holidays=holidays)
    return np.asarray(counted, dtype=float)


def _holidays(first_year: int, last_year: int) -> list[date]:
    from sim.calendar.bank_holidays import bank_holidays

    return sorted(bank_holidays(max(first_year, 1990), min(last_year, 2050)))
