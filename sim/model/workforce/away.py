"""When a person is away: annual leave, spells of sickness, parental leave, drawn for the whole run at once.

Sickness is an alternating renewal process: at work for an exponential time, then away for a spell. With a mean spell
of m working days and a share p of days lost, the mean time at work is m (1 - p) / p, whatever the tail of the spells. A
spell takes the days that begin within it: on average exactly its length, so that rounding moves no percentage. Leave is
placed around sickness: a day of leave that would fall in it is taken at another time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from sim.calendar import WorkingDayCalendar
from sim.model.recording.names import LEAVE, PARENTAL, SICKNESS
from sim.scenario.distributions.distribution import DurationDistribution
from sim.scenario.sections.absence import Absence, AnnualLeave
from sim.scenario.values.durations import WORKING_DAYS_A_YEAR
from sim.streams import Streams

BEFORE: Final = 2.0 * WORKING_DAYS_A_YEAR
"""Working days before the start from which those in post then are followed, so that some are away on the first day."""
NEW_YEAR: Final = 4
"""The leave year begins in April, as the reporting year does (assumption: most councils')."""
HALF_A_WEEK: Final = 2.5
BLOCK: Final = 32
SPELLS_OF_LEAVE: Final = 200
TRIES: Final = 40
"""Spells of leave sought in a year, and places tried for each: with hardly a day free the rest is not taken."""


class Away(NamedTuple):
    """A time away without a break: first day, first day back, whether it was planned, its parts by kind."""

    start: int
    back: int
    planned: bool
    parts: tuple[tuple[int, int, int], ...]


class _LeaveYear(NamedTuple):
    """A leave year: its weeks and its single days, those in school holidays first, then the others."""

    first: int
    last: int
    weeks: tuple[list[range], list[range]]
    days: tuple[list[range], list[range]]


@lru_cache(maxsize=64)
def _leave_year(calendar: WorkingDayCalendar, number: int) -> _LeaveYear:
    """The leave year that begins in April of a year; kept, because runs over the same days share a calendar."""
    start, end = date(number, NEW_YEAR, 1), date(number + 1, NEW_YEAR, 1)
    first, last = calendar.index(start), calendar.index(end) - 1
    weeks: tuple[list[range], list[range]] = ([], [])
    days: tuple[list[range], list[range]] = ([], [])
    while start < end:
        after = min(start + timedelta(days=7 - start.weekday()), end)
        week = range(calendar.index(start), calendar.index(after))
        shut = [calendar.school_holiday(day) for day in week]
        if week:
            weeks[2 * sum(shut) < len(week)].append(week)
        for day, holiday in zip(week, shut, strict=True):
            days[not holiday].append(range(day, day + 1))
        start = after
    return _LeaveYear(first, last, weeks, days)


class AwayDays:
    """Draws when people are away; every person's draws are keyed by that person.

    Args:
        rules: what the scenario says about absence.
        who: begins the names of the streams (workers and managers draw from different ones).
    """

    def __init__(self, rules: Absence, calendar: WorkingDayCalendar, streams: Streams, who: str = "") -> None:
        self._leave = None if rules.annual_leave == "none" else rules.annual_leave
        self._sickness = None if rules.sickness == "none" or rules.sickness.share <= 0 else rules.sickness
        self._parental = None if rules.parental == "none" or rules.parental.starting_a_year <= 0 else rules.parental
        self._calendar = calendar
        self._streams = streams
        self._who = who

    def of(self, key: tuple[int, ...], first: int, parental: bool) -> list[Away]:
        """Every time away of a person from a working day on, to the end of the run.

        Args:
            key: numbers that the person's draws are keyed by.
            first: first day in post; 0 for who is there at the start, whose absences may have begun before.
            parental: the person may go on parental leave.
        """
        away: dict[int, int] = {}
        begin = first - BEFORE if first <= 0 else float(first)
        if parental and self._parental is not None:
            gap = WORKING_DAYS_A_YEAR / self._parental.starting_a_year
            self._spells(away, PARENTAL, self._draws("parental_leave", key), begin, gap, self._parental.length)
        if self._sickness is not None:
            share, spell = self._sickness.share, self._sickness.spell
            gap = spell.mean_working_days * (1.0 - share) / share
            self._spells(away, SICKNESS, self._draws("sickness", key), begin, gap, spell)
        if self._leave is not None and self._leave.days_a_year > 0:
            first_year = self._calendar.date(max(0, first))
            on_parental_leave = PARENTAL in away.values()
            for number in range(first_year.year - (first_year.month < NEW_YEAR), self._calendar.end.year + 1):
                year, draws = _leave_year(self._calendar, number), self._draws("annual_leave", (*key, number))
                worked = 1.0
                if on_parental_leave:
                    days = sum([away.get(day) == PARENTAL for day in range(year.first, year.last + 1)])
                    worked = 1.0 - days / (year.last - year.first + 1)
                self._take_leave(away, self._leave, worked, draws, year)
        return self._joined_up(away, max(0, first))

    def _draws(self, name: str, key: tuple[int, ...]) -> Iterator[float]:
        """Uniform draws without end; most people need one block."""
        name = self._who + name
        return chain(self._streams.uniforms(BLOCK, name, *key).tolist(), self._more_draws(name, key))

    def _more_draws(self, name: str, key: tuple[int, ...]) -> Iterator[float]:
        generator = self._streams.generator(name, *key)
        generator.random(BLOCK)  # had already
        while True:
            yield from generator.random(BLOCK).tolist()

    def _spells(
        self,
        away: dict[int, int],
        kind: int,
        draws: Iterator[float],
        begin: float,
        gap: float,
        of: DurationDistribution,
    ) -> None:
        """Alternate between time at work (exponential, mean `gap`) and spells away."""
        horizon = self._calendar.horizon
        moment = begin
        while True:
            moment -= gap * math.log1p(-next(draws))
            if moment >= horizon:
                return
            back = moment + of.quantile(next(draws))
            for day in range(math.floor(moment) + 1, min(math.floor(back), horizon) + 1):
                away.setdefault(day, kind)
            moment = back

    def _take_leave(
        self, away: dict[int, int], rules: AnnualLeave, worked: float, draws: Iterator[float], year: _LeaveYear
    ) -> None:
        """Place a leave year's days: first the weeks, then the single days, where the person would be at work."""
        # Leave earned on parental leave is taken with it.
        entitled = math.floor(rules.days_a_year * worked + next(draws))
        in_weeks, in_school_holidays, taken = rules.in_weeks * entitled, rules.in_school_holidays, 0
        days_away = away.keys()
        for _ in range(SPELLS_OF_LEAVE):
            left = entitled - taken
            if left <= 0:
                break
            singly = in_weeks - taken < HALF_A_WEEK  # nearer to the share without another week
            term = next(draws) >= in_school_holidays
            places = (year.days if singly else year.weeks)[term]
            for _ in range(TRIES if places else 0):
                days = places[int(next(draws) * len(places))]
                if len(days) <= left and days_away.isdisjoint(days):
                    for day in days:
                        away[day] = LEAVE
                    taken += len(days)
                    break

    def _joined_up(self, away: dict[int, int], first: int) -> list[Away]:
        """Days away as times without a break, those that end before `first` left out."""
        times: list[Away] = []
        parts: list[tuple[int, int, int]] = []
        start = back = kind = 0  # the part under way
        for day in sorted(away):
            of_day = away[day]
            if day == back and of_day == kind and back > start:
                back += 1
                continue
            if back > start:
                parts.append((kind, start, back))
                if back != day:
                    self._add(times, parts, first)
                    parts = []
            start, back, kind = day, day + 1, of_day
        if back > start:
            parts.append((kind, start, back))
        self._add(times, parts, first)
        return times

    def _add(self, times: list[Away], parts: list[tuple[int, int, int]], first: int) -> None:
        """Add the time that parts without a break make, if any of it lies in the run."""
        if parts and parts[-1][2] > first and parts[0][1] < self._calendar.horizon:
            times.append(Away(parts[0][1], parts[-1][2], parts[0][0] != SICKNESS, tuple(parts)))
