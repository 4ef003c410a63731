"""The kinds of figure a scenario holds, read the way people write them.

Shares are numbers from 0 to 1 (`0.4` or `40%`), durations carry their unit (`45 working days`, `16 weeks`),
hours and money may be written with theirs (`27 hours`, `45 minutes`, `£60,000`). Every refusal says what is
wrong and what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from sim.scenario.errors.faults import fault, show
from sim.scenario.values.durations import WORKING_DAYS_A_YEAR, Duration, Interval, PositiveDuration, Unit
from sim.scenario.values.numbers import to_number

__all__ = [
    "WORKING_DAYS_A_YEAR",
    "Change",
    "Count",
    "Day",
    "Duration",
    "GroupSize",
    "Heads",
    "Hours",
    "Interval",
    "Money",
    "MonthKey",
    "Name",
    "Positive",
    "PositiveDuration",
    "PositiveWhole",
    "Posts",
    "Rate",
    "Share",
    "Times",
    "Unit",
    "Weight",
    "Whole",
]

MOST_COUNTED: Final = 1_000_000
"""Children, referrals, cases: England had 621,880 referrals in 2023-24 (DfE, Children in need)."""
MOST_HEADS: Final = 20_000
"""Workers of one group: England had 20,803.5 full-time equivalent case holders in September 2024 (DfE)."""
MOST_POSTS: Final = 5_000
MOST_HOURS: Final = 100_000
"""The hours of a team outside the pathway may be those of all England."""
MOST_MONEY: Final = 10_000_000_000
MOST_POSITIVE: Final = 10_000
MOST_A_YEAR: Final = 50
MOST_TIMES: Final = 50
MOST_WHOLE: Final = 10_000
MOST_WEIGHT: Final = 1_000_000_000
MOST_CHANGE: Final = 100
"""A change of +10,000%."""
LONGEST_NAME: Final = 80
LARGEST_GROUP: Final = 20
FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)


def _bounded(low: float, right: str, high: float, *, open_low: bool = False) -> Callable[[object], float]:
    """Make a validator for a number between bounds; `right` completes 'write ...' in its refusals."""

    def read(value: object) -> float:
        number = to_number(value)
        if number is None:
            raise fault((), f"{show(value)} is not a number", right)
        if open_low and number <= low:
            raise fault((), f"{show(value)} is not above {low:g}", right)
        if number < low:
            raise fault((), f"{show(value)} is below {low:g}", right)
        _at_most(number, high, value)
        return number

    return read


def _at_most(number: float, most: float, value: object, unit: str = "{}") -> None:
    """Refuse a figure above the largest that a scenario may hold."""
    if number > most:
        limit = unit.format(f"{most:,.12g}")
        raise fault((), f"{show(value)} is above {limit}", f"write {limit} or less")


def _percent(value: object) -> float | None:
    """Return `"40%"` as 0.4, or None when the value is not a percentage."""
    if isinstance(value, str) and value.strip().endswith("%"):
        number = to_number(value.strip()[:-1])
        return None if number is None else number / 100.0
    return None


def _read_share(value: object) -> float:
    part = _percent(value)
    number = to_number(value) if part is None else part
    right = "write a share from 0 to 1 such as 0.4, or 40%"
    if number is None:
        raise fault((), f"{show(value)} is not a share", right)
    if not 0.0 <= number <= 1.0:
        if part is None and 1.0 < number <= 100.0:
            right = f"write a share from 0 to 1: {number:g}% is {number / 100.0:g}"
        raise fault((), f"{show(value)} is not between 0 and 1", right)
    return number


def _read_change(value: object) -> float:
    part = _percent(value)
    number = to_number(value) if part is None else part
    right = "write a change such as +40%, -10% or 0.4"
    if number is None:
        raise fault((), f"{show(value)} is not a change", right)
    if number < -1.0:
        raise fault((), f"{show(value)} takes away more than everything", right + "; -100% is the least")
    if number > MOST_CHANGE:
        limit = f"+{100 * MOST_CHANGE:,}%"
        raise fault((), f"{show(value)} is above {limit}", f"write {limit} or less")
    return number


_HOURS = re.compile(r"(.+?)\s*(hours|hour|hrs|hr|h|minutes|minute|mins|min|m)(\s+(a|per)\s+week)?", re.IGNORECASE)


def _read_weight(value: object) -> float:
    part = _percent(value)
    number = to_number(value) if part is None else part
    right = "write a share or a count, 0 or more, such as 25% or 25"
    if number is None:
        raise fault((), f"{show(value)} is not a share or a count", right)
    if number < 0:
        raise fault((), f"{show(value)} is below 0", right)
    _at_most(number, MOST_WEIGHT, value)
    return number


def _read_hours(value: object) -> float:
    right = "write hours such as 27, 27 hours or 45 minutes"
    number = to_number(value)
    if number is None and isinstance(value, str):
        match = _HOURS.fullmatch(value.strip())
        if match:
            number = to_number(match.group(1))
            if number is not None and match.group(2).lower().startswith("m"):
                number /= 60.0
    if number is None:
        raise fault((), f"{show(value)} is not a number of hours", right)
    if number < 0:
        raise fault((), f"{show(value)} is below 0", right)
    _at_most(number, MOST_HOURS, value, "{} hours")
    return number


def _read_money(value: object) -> float:
    right = "write pounds such as 60000 or £60,000"
    text = value.strip().removeprefix("£").strip() if isinstance(value, str) else value
    number = to_number(text)
    if number is None:
        raise fault((), f"{show(value)} is not a sum of money", right)
    if number < 0:
        raise fault((), f"{show(value)} is below 0", right)
    _at_most(number, MOST_MONEY, value, "£{}")
    return number


def _read_whole(low: int, most: int = MOST_WHOLE) -> Callable[[object], int]:
    right = f"write a whole number, {low} or more"

    def read(value: object) -> int:
        number = to_number(value)
        if number is None or number != int(number):
            raise fault((), f"{show(value)} is not a whole number", right)
        if number < low:
            raise fault((), f"{show(value)} is below {low}", right)
        _at_most(number, most, value)
        return int(number)

    return read


def _read_date(value: object) -> date:
    right = "write a date as year-month-day, such as 2016-04-01"
    if type(value) is date:
        # The start of time stands for "from the start of the run" (`DatedCount`).
        day = value
    elif isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            raise fault((), f"{show(value)} is not a day that exists", right) from None
    else:
        raise fault((), f"{show(value)} is not a date", right)
    if day != date.min and not FIRST_DAY <= day <= LAST_DAY:
        raise fault((), f"{day} is out of reach", f"write a date between {FIRST_DAY} and {LAST_DAY}")
    return day


def _read_name(value: object) -> str:
    if not isinstance(value, str):
        value = str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
    if not value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
        right = f"write a name of 1 to {LONGEST_NAME} letters, digits and signs on one line"
        raise fault((), f"{show(value)} is not a name", right)
    return value


def _read_month(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value.strip()):
        return value.strip()
    raise fault((), f"{show(value)} is not a month", "write a month as year-month, such as 2016-04")


def _json(number: dict[str, Any], pattern: str, text: str) -> WithJsonSchema:
    string = {"type": "string", "pattern": pattern}
    return WithJsonSchema({"anyOf": [{"type": "number", **number}, string], "description": text})


_DIGITS = r"[+-]?[0-9.,]+"

Share = Annotated[
    float,
    BeforeValidator(_read_share),
    _json({"minimum": 0, "maximum": 1}, r"^[0-9.]+\s*%?$", "A share from 0 to 1, or a percentage such as 40%."),
]
"""A share from 0 to 1; `40%` is 0.4."""

Change = Annotated[
    float,
    BeforeValidator(_read_change),
    _json(
        {"minimum": -1, "maximum": MOST_CHANGE},
        rf"^{_DIGITS}\s*%?$",
        "A relative change: 0.4 or +40% is two fifths more.",
    ),
]
"""A relative change, -1 or more; `+40%` is 0.4."""

Count = Annotated[
    float,
    BeforeValidator(_bounded(0.0, "write a number, 0 or more", MOST_COUNTED)),
    _json({"minimum": 0, "maximum": MOST_COUNTED}, rf"^{_DIGITS}$", "A number, 0 or more."),
]
"""A number, 0 to 1,000,000; it need not be whole (a mean count)."""

Posts = Annotated[
    float,
    BeforeValidator(_bounded(0.0, "write a number of posts, 0 or more", MOST_POSTS)),
    _json({"minimum": 0, "maximum": MOST_POSTS}, rf"^{_DIGITS}$", "Posts, 0 or more, in full-time equivalents."),
]
"""Full-time equivalent posts of managers, 0 to 5,000."""

Rate = Annotated[
    float,
    BeforeValidator(_bounded(0.0, "write a rate a year, 0 or more, such as 0.2", MOST_A_YEAR)),
    _json({"minimum": 0, "maximum": MOST_A_YEAR}, rf"^{_DIGITS}$", "A rate a year, 0 or more."),
]
"""How often something happens in a year, on average: 0 to 50."""

Times = Annotated[
    float,
    BeforeValidator(_bounded(0.0, "write a factor, 0 or more, such as 1.5", MOST_TIMES)),
    _json({"minimum": 0, "maximum": MOST_TIMES}, rf"^{_DIGITS}$", "A factor, 0 or more."),
]
"""A factor on a figure: 0 to 50."""

Weight = Annotated[
    float,
    BeforeValidator(_read_weight),
    _json(
        {"minimum": 0, "maximum": MOST_WEIGHT},
        rf"^{_DIGITS}\s*%?$",
        "A share or a count; only its size beside the others matters.",
    ),
]
"""A share or a count, 0 or more, of which only the size beside the others matters."""

Positive = Annotated[
    float,
    BeforeValidator(_bounded(0.0, "write a number above 0, such as 1.5", MOST_POSITIVE, open_low=True)),
    _json({"exclusiveMinimum": 0, "maximum": MOST_POSITIVE}, rf"^{_DIGITS}$", "A number above 0."),
]
"""A number above 0, 10,000 at most."""

Whole = Annotated[
    int,
    BeforeValidator(_read_whole(0)),
    WithJsonSchema(
        {"type": "integer", "minimum": 0, "maximum": MOST_WHOLE, "description": "A whole number, 0 or more."}
    ),
]
"""A whole number, 0 to 10,000."""

GroupSize = Annotated[
    int,
    BeforeValidator(_read_whole(1, LARGEST_GROUP)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST_GROUP, "description": "Children."}),
]
"""Children of a sibling group, 1 to 20."""

Heads = Annotated[
    int,
    BeforeValidator(_read_whole(0, MOST_HEADS)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MOST_HEADS, "description": "People, 0 or more."}),
]
"""People, 0 to 20,000."""

PositiveWhole = Annotated[
    int,
    BeforeValidator(_read_whole(1)),
    WithJsonSchema(
        {"type": "integer", "minimum": 1, "maximum": MOST_WHOLE, "description": "A whole number, 1 or more."}
    ),
]
"""A whole number, 1 to 10,000."""

Hours = Annotated[
    float,
    BeforeValidator(_read_hours),
    _json({"minimum": 0, "maximum": MOST_HOURS}, r"^[0-9.,]+\s*[A-Za-z ]*$", "Hours: 27, '27 hours' or '45 minutes'."),
]
"""Hours of work, 0 or more; `45 minutes` is 0.75."""

Money = Annotated[
    float,
    BeforeValidator(_read_money),
    _json({"minimum": 0, "maximum": MOST_MONEY}, r"^£?\s*[0-9.,]+$", "Pounds: 60000 or '£60,000'."),
]
"""Pounds, 0 or more; `£60,000` is 60000."""

Name = Annotated[str, BeforeValidator(_read_name), WithJsonSchema({"type": "string", "maxLength": LONGEST_NAME})]
"""A name of the scenario's own, such as a team's: one line, 80 characters at most."""

Day = Annotated[
    date,
    BeforeValidator(_read_date),
    WithJsonSchema({"type": "string", "format": "date", "description": "A date, year-month-day."}),
]
"""A calendar date, written as ISO year-month-day."""

MonthKey = Annotated[
    str,
    BeforeValidator(_read_month),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "description": "A month, year-month."}),
]
"""A month written `YYYY-MM`."""
