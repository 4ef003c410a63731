"""Lengths of time with the unit they were written in, such as `45 working days`, `16 weeks` or `3 months`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Protocol, get_args

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.scenario.errors.faults import fault, show
from sim.scenario.values.numbers import to_number

WORKING_DAYS_A_YEAR: Final = 253.0
"""Working days in a year in England: 365.25 x 5/7 less eight bank holidays, rounded."""

MOST_YEARS: Final = 10
"""The longest length of time: the calendar of a run knows so many years after its end."""

Unit = Literal["working days", "days", "weeks", "months", "years"]

_IN_WORKING_DAYS: Final[dict[Unit, float]] = {
    "working days": 1.0,
    "days": 5.0 / 7.0,
    "weeks": 5.0,
    "months": WORKING_DAYS_A_YEAR / 12.0,
    "years": WORKING_DAYS_A_YEAR,
}
_SPELLINGS: Final[dict[str, Unit]] = {
    **dict.fromkeys(("working days", "working day", "wd", "wds"), "working days"),
    **dict.fromkeys(("days", "day", "calendar days", "calendar day"), "days"),
    **dict.fromkeys(("weeks", "week"), "weeks"),
    **dict.fromkeys(("months", "month"), "months"),
    **dict.fromkeys(("years", "year"), "years"),
}
_AMOUNT_AND_UNIT = re.compile(r"([+-]?[\d.,]+)\s*([^\W\d_][\w\s-]*)")


def parse_unit(text: str) -> Unit | None:
    """Return the unit of time that a spelling stands for (`wd`, `working day`, `weeks`), or None."""
    return _SPELLINGS.get(" ".join(text.lower().replace("-", " ").split()))


class CalendarArithmetic(Protocol):
    """What a duration needs of a working-day calendar (see `sim.calendar.WorkingDayCalendar`)."""

    def after_days(self, index: int, days: int) -> int:
        """Return the working day `days` calendar days after working day `index`."""

    def after_months(self, index: int, months: float) -> int:
        """Return the working day `months` calendar months after working day `index`."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time with the unit it was written in, such as `45 working days` or `3 months`."""

    amount: float
    unit: Unit = "working days"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.amount) and self.amount >= 0):
            raise ValueError(f"a duration is a number of {self.unit}, 0 or more, not {self.amount}")
        if self.unit not in get_args(Unit):
            raise ValueError(f"a duration is in {', '.join(get_args(Unit))}, not in {self.unit}")

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount:.12g} {unit}"

    @property
    def working_days(self) -> float:
        """The length in working days on average: a week 5, a month 253/12, a year 253, a day 5/7."""
        return self.amount * _IN_WORKING_DAYS[self.unit]

    def after(self, calendar: CalendarArithmetic, index: int) -> int:
        """Return the working day that ends this length begun on working day `index`, by the exact calendar.

        Working days are counted on the working-day axis; weeks and days by calendar days; months and years by
        calendar months. A day that is not worked goes to the next working day. Parts of a day are rounded.
        """
        if self.unit == "working days":
            return index + math.floor(self.amount + 0.5)
        if self.unit == "days":
            return calendar.after_days(index, math.floor(self.amount + 0.5))
        if self.unit == "weeks":
            return calendar.after_days(index, math.floor(self.amount * 7.0 + 0.5))
        return calendar.after_months(index, self.amount * (12.0 if self.unit == "years" else 1.0))

    @classmethod
    def parse(cls, value: object) -> Duration:
        """Read a duration as people write it.

        Raises:
            PydanticCustomError: when there is no unit, the unit is not known, or the amount is negative.
        """
        if isinstance(value, Duration):
            return value
        number = to_number(value)
        if number == 0:
            return cls(0.0)
        if number is not None:
            right = f"write a unit: {number:g} working days" if number > 0 else "write 45 working days or 16 weeks"
            raise fault((), f"{show(value)} has no unit of time", right)
        right = "write a length of time such as 45 working days, 16 weeks or 3 months"
        if not isinstance(value, str):
            raise fault((), f"{show(value)} is not a length of time", right)
        match = _AMOUNT_AND_UNIT.fullmatch(value.strip())
        amount = to_number(match.group(1)) if match else None
        if match is None or amount is None:
            raise fault((), f"{show(value)} is not a length of time", right)
        unit = parse_unit(match.group(2))
        if unit is None:
            wrong = f"'{match.group(2).strip()}' is not a unit of time"
            raise fault((), wrong, "write working days, days, weeks, months or years")
        if amount < 0:
            raise fault((), f"{show(value)} is below 0", right)
        if amount * _IN_WORKING_DAYS[unit] > MOST_YEARS * WORKING_DAYS_A_YEAR:
            raise fault((), f"{show(value)} is longer than {MOST_YEARS} years", f"write {MOST_YEARS} years or less")
        return cls(amount, unit)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.parse, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        units = "working days?|wd|(calendar )?days?|weeks?|months?|years?"
        return {
            "anyOf": [{"type": "string", "pattern": rf"^[0-9.,]+\s*({units})$"}, {"const": 0}],
            "description": "A length of time with its unit: '45 working days', '16 weeks', '3 months'.",
        }


def _read_positive_duration(value: object) -> Duration:
    duration = Duration.parse(value)
    if duration.amount == 0:
        raise fault((), f"{show(value)} is no time at all", "write a length of time above 0: 5 working days")
    return duration


def _read_interval(value: object) -> Duration:
    duration = _read_positive_duration(value)
    if duration.working_days < _IN_WORKING_DAYS["days"]:
        raise fault((), f"{show(value)} is shorter than a day", "write 1 working day or more")
    return duration


PositiveDuration = Annotated[Duration, BeforeValidator(_read_positive_duration)]
"""A duration above 0."""

Interval = Annotated[Duration, BeforeValidator(_read_interval)]
"""Time from one event to the next of its kind: a day or more."""
