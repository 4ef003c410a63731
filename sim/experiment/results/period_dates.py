"""The dates of the periods that tables name: reporting years, quarters and the whole run."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sim.calendar.periods import add_months
from sim.experiment.results.recorded_scenario import written

__all__ = ["PERIOD_COLUMNS", "PeriodDates", "period_dates", "run_dates"]

PERIOD_COLUMNS: Final = ("period_type", "period_start", "period_end")
"""Columns that say what the period of a row is: `PeriodDates` in this order."""

_LABEL: Final = re.compile(r"(\d{4})-\d\d(?: Q([1-4]))?")

PeriodType = Literal["reporting year", "quarter", "whole run"]


@dataclass(frozen=True, slots=True)
class PeriodDates:
    """What a period is; both days belong to it. They are None for a whole run of which no date is known."""

    type: PeriodType
    start: dt.date | None
    end: dt.date | None


def period_dates(labels: Iterable[str], run: tuple[dt.date, dt.date] | None = None) -> dict[str, PeriodDates]:
    """Return what each label (`2016-17`, `2016-17 Q1`, `whole`) stands for, in the order given.

    `run` is the first and last day of the run, to which years and quarters are clipped; if None, the run is taken to
    fill its periods. Raises ValueError for a label that is no period.
    """
    labels = list(dict.fromkeys(labels))
    days = {label: _days(label) for label in labels if label != "whole"}
    first, last = run or (None, None)
    if run is None and days:
        first, last = min(start for start, _ in days.values()), max(end for _, end in days.values())
    return {label: _clipped(label, days.get(label), first, last) for label in labels}


def _clipped(
    label: str, days: tuple[dt.date, dt.date] | None, first: dt.date | None, last: dt.date | None
) -> PeriodDates:
    if days is None:
        return PeriodDates("whole run", first, last)
    start, end = days
    kind: PeriodType = "quarter" if " Q" in label else "reporting year"
    return PeriodDates(kind, max(start, first or start), min(end, last or end))


def _days(label: str) -> tuple[dt.date, dt.date]:
    parts = _LABEL.fullmatch(label)
    if parts is None:
        raise ValueError(f"'{label}' is not a period")
    year, quarter = int(parts[1]), parts[2]
    start = add_months(dt.date(year, 4, 1), 3 * (int(quarter) - 1) if quarter else 0)
    end = add_months(start, 3 if quarter else 12) - dt.timedelta(days=1)
    return start, end


def run_dates(resolved: Mapping[str, Any]) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of a run, from the `period` of its resolved scenario; None if it has none."""
    days = [_day(written(resolved, "period", key)) for key in ("start", "end")]
    return None if days[0] is None or days[1] is None else (days[0], days[1])


def _day(value: Any) -> dt.date | None:
    """A date of the manifest, which is ISO text."""
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
