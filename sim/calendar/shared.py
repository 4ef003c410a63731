"""One calendar for all runs over the same days: what it has worked out for one serves the next."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from sim.calendar.working_days import WorkingDayCalendar

__all__ = ["calendar_of"]


@lru_cache(maxsize=8)
def calendar_of(start: dt.date, end: dt.date) -> WorkingDayCalendar:
    """The calendar of a run from `start` to `end`; nothing that a run does with it changes what it says."""
    return WorkingDayCalendar(start, end)
