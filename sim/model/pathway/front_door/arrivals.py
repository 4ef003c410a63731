"""Arrivals: sibling groups referred, month by month, the same children in every scenario.

A month's referrals are drawn as one batch. The k-th sibling group of a month has its own row of draws, so that one more
group, or a surge, adds children and moves nobody.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from math import fsum
from typing import Final

from sim.calendar import WorkingDayCalendar
from sim.model.cases.case import GENERATION_BITS, Case
from sim.model.levers.demand import DemandLevers
from sim.scenario.sections.demand import WEEKDAYS, Demand
from sim.streams import Batch, CaseDraws, Streams

ROW_BITS: Final = 20
SOURCE_BITS: Final = 4
REFERRED: Final = 0
SURGE: Final = 1
CLOSED_BEFORE: Final = 2
OPENING: Final = 4
"""Where a case comes from: part of its number. Opening cases use OPENING plus the stage's code."""


def case_key(month: int, source: int, row: int, generation: int = 0) -> int:
    """Number of a case: month of arrival (from 1; 0 before the run), source, place in the batch, times it came back."""
    return (((month << SOURCE_BITS | source) << ROW_BITS) | row) << GENERATION_BITS | min(generation, 63)


class Groups:
    """Sibling group sizes and localities by uniform draw."""

    def __init__(self, demand: Demand, localities: dict[str, float]) -> None:
        sizes = sorted(demand.sibling_groups.items())
        self._sizes = [size for size, _ in sizes]
        self._size_limits = list(accumulate(share for _, share in sizes))
        self._locality_limits = list(accumulate(localities.values()))
        self._need_limits = list(accumulate(demand.need.get(n, 0.0) for n in ("low", "moderate", "high", "severe")))

    def size(self, draw: float) -> int:
        """Children in a group."""
        return self._sizes[min(bisect_right(self._size_limits, draw), len(self._sizes) - 1)]

    def locality(self, draw: float) -> int:
        """Position of a locality."""
        return min(bisect_right(self._locality_limits, draw), len(self._locality_limits) - 1)

    def need(self, draw: float) -> int:
        """Level of need, 1 to 4."""
        return 1 + min(bisect_right(self._need_limits, draw), len(self._need_limits) - 1)


class ReferralArrivals:
    """Creates the sibling groups that are referred in each month of the run.

    It draws, and hands each group to whoever receives referrals; it may touch nothing else.
    """

    def __init__(
        self,
        demand: Demand,
        localities: dict[str, float],
        levers: DemandLevers,
        calendar: WorkingDayCalendar,
        streams: Streams,
        whole_days: bool,
    ) -> None:
        self.groups = Groups(demand, localities)
        self._demand = demand
        self._levers = levers
        self._calendar = calendar
        self._streams = streams
        self._whole_days = whole_days
        self._months = calendar.months()
        self.referred: list[tuple[int, float]] = [(0, 0.0)] * len(self._months)
        """Children referred in each month so far (not those who come back), and the number expected."""

    def schedule(
        self, at_day: Callable[[int, Callable[[], None]], object], receive: Callable[[Case, float], None]
    ) -> None:
        """Have each month's groups made on its first day and received in their time."""
        for number, month in enumerate(self._months, start=1):

            def make(number: int = number) -> None:
                came = 0
                for case, moment in self.month(number):
                    came += case.children
                    receive(case, moment)
                self.referred[number - 1] = (came, self.expected_to_come(number))

            at_day(month.first_index, make)

    def expected_children(self, number: int) -> float:
        """Children to be expected in the month before chance, surges and re-referrals from closure."""
        month = self._months[number - 1]
        actual = self._demand.monthly_referrals.get(month.label)
        if actual is not None:
            return actual * self._part(number)
        daily = self._demand.referrals_a_working_day
        level = (self._demand.referrals_a_year or 0.0) if daily is None else daily
        if self._demand.rereferral.mode == "feedback":
            # The level stated contains the children who come back; in a steady state they are this share of it.
            level *= 1.0 - self._demand.rereferral.share
        if daily is not None:
            return level * (month.last_index - month.first_index + 1)
        return level * self._demand.month_weight(month.month) * self._part(number)

    def children_a_day(self, number: int) -> float:
        """Children expected to be referred on a working day of a month, those who come back included."""
        month, rules = self._months[number - 1], self._demand.rereferral
        days = max(1, month.last_index - month.first_index + 1)
        expected = self.expected_children(number)
        if rules.mode == "feedback" and month.label not in self._demand.monthly_referrals:
            expected /= max(1e-9, 1.0 - rules.share)
        return expected / days * (1.0 + self._levers.excess(month.first_index))

    def expected_to_come(self, number: int) -> float:
        """Children that `month` brings on average: the expected level with what levers on demand add and drop.

        Exactly the mean over replications of the same figures: the difference of a run from it is chance variation.
        """
        month = self._months[number - 1]
        days = range(month.first_index, month.last_index + 1)
        if not days:
            return 0.0
        mean = self.expected_children(number)
        weekday = [self._weight(day) for day in days]
        excess = [self._levers.excess(day) for day in days]
        # A day without weight has no referral, unless no day has any: then all come on the last one.
        falls_on = (weekday if any(weekday) else [float(day == days[-1]) for day in days]) if self._whole_days else None
        dropped = _average([min(1.0, max(0.0, -share)) for share in excess], falls_on)
        added = _average([max(0.0, share) for share in excess], weekday) if any(weekday) else 0.0
        stated = round(mean) if month.label in self._demand.monthly_referrals else mean
        return stated * (1.0 - dropped) + mean * added

    def month(self, number: int) -> Iterator[tuple[Case, float]]:
        """The groups referred in a month (from 1), each with its time in working days."""
        month = self._months[number - 1]
        days = list(range(month.first_index, month.last_index + 1))
        if not days:
            return
        weekday = [self._weight(day) for day in days]
        excess = [self._levers.excess(day) for day in days]
        mean = self.expected_children(number)
        actual = self._demand.monthly_referrals.get(month.label)
        level = 1.0 if actual is not None else self._level(number, mean)
        dropped = [min(0.0, share) for share in excess]
        if actual is not None:
            yield from self._exactly(number, round(mean), days, weekday, dropped)
        else:
            count = self._count(number, REFERRED, mean * level / self._demand.mean_group)
            yield from self._cases(number, REFERRED, count, days, weekday, dropped)
        added = [max(0.0, share) * weight for share, weight in zip(excess, weekday, strict=True)]
        if any(added):
            extra = mean * level * sum(added) / sum(weekday) / self._demand.mean_group
            yield from self._cases(number, SURGE, self._count(number, SURGE, extra), days, added, [0.0] * len(days))

    def _weight(self, day: int) -> float:
        """Weight of a day within its month: its weekday, and who refers on it."""
        weight = self._demand.weekday.get(WEEKDAYS[self._calendar.date(day).weekday()], 0.0)
        if self._demand.sources and self._calendar.school_holiday(day):
            weight *= sum(source.share for source in self._demand.sources.values() if not source.term_time_only)
        return weight

    def _part(self, number: int) -> float:
        """Part of the month that lies within the run, in working days."""
        month = self._months[number - 1]
        first = self._calendar.index(date(month.year, month.month, 1))
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        whole = self._calendar.index(following) - first
        return (month.last_index - month.first_index + 1) / max(1, whole)

    def _level(self, number: int, mean: float) -> float:
        """The wandering level: gamma with mean 1, for the dispersion that sibling groups do not make."""
        sizes = self._demand.sibling_groups
        by_groups = sum(share * size * size for size, share in sizes.items()) / self._demand.mean_group
        variance = (self._demand.over_dispersion - by_groups) / mean if mean > 0 else 0.0
        if variance <= 0:
            return 1.0
        return float(self._streams.at_once("demand_level", number).standard_gamma(1 / variance)) * variance

    def _count(self, number: int, source: int, mean: float) -> int:
        """Poisson count by unit exponential gaps: a higher mean adds groups and keeps those there were."""
        if mean <= 0:
            return 0
        generator = self._streams.at_once("referral_gaps", number, source)
        total, count = 0.0, 0
        while True:
            for gap in generator.standard_exponential(256).tolist():
                total += gap
                if total > mean:
                    return count
                count += 1

    def _exactly(
        self, number: int, children: int, days: list[int], weights: list[float], dropped: list[float]
    ) -> Iterator[tuple[Case, float]]:
        """Groups until this many children are referred; the last group is as large as is left."""
        batch = self._batch(number, REFERRED, children)
        limits = list(accumulate(weights))
        row, left = 0, children
        while left > 0:
            size = min(left, self.groups.size(batch.first("group_size", row)))
            left -= size
            arrival = self._case(batch, number, REFERRED, row, days, limits, dropped, size)
            if arrival is not None:
                yield arrival
            row += 1

    def _cases(
        self,
        number: int,
        source: int,
        count: int,
        days: list[int],
        weights: list[float],
        dropped: list[float],
    ) -> Iterator[tuple[Case, float]]:
        batch = self._batch(number, source, count)
        limits = list(accumulate(weights))
        for row in range(count):
            arrival = self._case(batch, number, source, row, days, limits, dropped, None)
            if arrival is not None:
                yield arrival

    def _batch(self, number: int, source: int, cases: int) -> Batch:
        return self._streams.batch(number, source, cases=cases)

    def _case(
        self, batch: Batch, number: int, source: int, row: int, days: list[int], limits: list[float],
        dropped: list[float], size: int | None,
    ) -> tuple[Case, float] | None:  # fmt: skip
        draws = CaseDraws(batch, row)
        if self._whole_days:
            place = min(bisect_right(limits, draws.uniform("referral_day") * limits[-1]), len(days) - 1)
            moment = float(days[place])
        else:
            moment = days[0] + draws.uniform("referral_day") * len(days)
            place = min(int(moment) - days[0], len(days) - 1)
        if dropped[place] < 0 and draws.uniform("referral_drop") < -dropped[place]:
            return None
        if size is None:
            size = self.groups.size(draws.uniform("group_size"))
        locality = self.groups.locality(draws.uniform("locality"))
        return Case(case_key(number, source, row), size, locality, 1, days[place], draws), moment


def _average(values: Sequence[float], weights: Sequence[float] | None) -> float:
    """Weighted mean; None weighs all alike."""
    if weights is None:
        return fsum(values) / len(values)
    return fsum(value * weight for value, weight in zip(values, weights, strict=True)) / fsum(weights)
