"""Numbers, ranges and differences in plain words.

Readers are planners, not statisticians: figures are rounded to what a simulation can support, a range is
said as "in 8 runs out of 10 between 250 and 380", and a difference says which way it goes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from sim.calendar.periods import MONTHS

MISSING: Final = "–"
"""Shown where there is nothing to measure (an empty denominator), never a zero."""

POUNDS: Final = "£"
"""Unit of measures of money."""

Verdict = Literal["worse", "better", "higher", "lower", "mixed", "unclear", "unknown"]

FEW: Final = 10
"""Runs below which a difference that could be chance is not called unclear: too few runs to tell."""

_MINUS: Final = "\u2212"


def is_percentage(unit: str) -> bool:
    """Say whether a measure's unit is a percentage (values 0 to 100)."""
    return unit.strip().lower() in {"%", "percent", "per cent", "percentage", "pct"}


def number(value: float | None, unit: str = "", *, places: int | None = None) -> str:
    """Return a figure as a table shows it: `1,240`, `73.2%`, `12.4`; a dash when there is none."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = _plain(value, _places(value, unit) if places is None else places)
    if unit == POUNDS:
        return f"{_MINUS}£{text.removeprefix(_MINUS)}" if text.startswith(_MINUS) else f"£{text}"
    return f"{text}%" if is_percentage(unit) else text


def signed(value: float | None, unit: str = "", *, places: int | None = None) -> str:
    """Return a difference with its sign: `+310`, `−4.2`, `+8.1 points` for percentages."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = _plain(abs(value), _places(value, unit) if places is None else places)
    sign = "" if float(text.replace(",", "")) == 0 else ("+" if value > 0 else _MINUS)
    return f"{sign}{'£' if unit == POUNDS else ''}{text}{' points' if is_percentage(unit) else ''}"


def interval(low: float | None, high: float | None, unit: str = "", *, difference: bool = False) -> str:
    """Return `250 to 380`, with signs for a difference; a dash when either end is missing.

    Both ends have the same decimal places, those of the larger one.
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return MISSING
    places = _places(max(abs(low), abs(high)), unit)
    if difference:
        first = signed(low, unit, places=places).removesuffix(" points")
        return f"{first} to {signed(high, unit, places=places)}"
    return f"{number(low, unit, places=places)} to {number(high, unit, places=places)}"


def _places(value: float, unit: str) -> int:
    return 1 if abs(value) < 100 or is_percentage(unit) else 0


def rounded(value: float) -> float:
    """Round to what a sentence can carry: tens from 100, hundreds from 10,000, whole from 10, else one
    place.
    """
    size = abs(value)
    if size >= 10_000:
        return round(value, -2)
    if size >= 100:
        return round(value, -1)
    return float(round(value)) if size >= 10 else round(value, 1)


def spoken(value: float, *, whole: bool = True) -> str:
    """Return the size of a figure for a sentence, without a sign: `310`, `12`, `4.2`.

    Children are counted in whole numbers (`whole`); days, percentages and caseloads keep one place below 100.
    """
    if not whole and abs(value) < 100:
        return _plain(abs(value), 1)
    size = abs(rounded(value))
    return _plain(size, 0 if size >= 10 or size == round(size) else 1)


def pounds(value: float) -> str:
    """Return the size of a sum for a sentence, without a sign: `£4.20`, `£310`, `£1.24 million`."""
    size = abs(value)
    if size >= 999_950:
        return f"£{size / 1_000_000:,.2f} million"
    return f"£{size:,.2f}" if size < 10 else f"£{abs(rounded(value)):,.0f}"


def spoken_range(low: float, high: float, *, flip: bool = False, whole: bool = True, money: bool = False) -> str:
    """Return `in 8 runs out of 10 between 250 and 380` for the range of a difference.

    `flip` states a fall as a positive amount ("80 fewer"): both ends change sign, and an end on the other
    side of zero keeps a minus, so that a range across zero is seen to be one. `money` says pounds.
    """
    if flip:
        low, high = -high, -low
    first, second = (_with_minus(value, whole, money) for value in (low, high))
    if first == second:
        return f"in 8 runs out of 10 about {first}"
    return f"in 8 runs out of 10 between {first} and {second}"


def _with_minus(value: float, whole: bool, money: bool) -> str:
    if money:
        return f"{_MINUS if value <= -0.005 else ''}{pounds(value)}"
    text = spoken(value, whole=whole)
    return f"{_MINUS}{text}" if value < 0 and float(text.replace(",", "")) != 0 else text


def verdict(low: float | None, high: float | None, better: str, runs: int | None = None) -> Verdict:
    """Judge a difference by its 95% interval.

    Args:
        low, high: ends of the paired 95% interval of the mean difference, in the measure's own unit.
        better: which way is good: `lower`, `higher`, or anything else for neither.
        runs: how many replications there were; None where that is not known.

    Returns: `unknown` without an interval, or when it holds zero in fewer than `FEW` runs; `unclear` when it holds
        zero in more; else what it means.

    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return "unknown"
    if low <= 0 <= high:
        return "unknown" if runs is not None and runs < FEW and low != high else "unclear"
    rises = low > 0
    way = better.strip().lower()
    if way in {"lower", "low", "down"}:
        return "worse" if rises else "better"
    if way in {"higher", "high", "up"}:
        return "better" if rises else "worse"
    return "higher" if rises else "lower"


SYMBOLS: Final[dict[Verdict, str]] = {
    "worse": "✖", "better": "✔", "higher": "▲", "lower": "▼", "mixed": "◆", "unclear": "○", "unknown": "?",
}  # fmt: skip
VERDICT_WORDS: Final[dict[Verdict, str]] = {
    "worse": "Yes, worse",
    "better": "Yes, better",
    "higher": "Yes, higher",
    "lower": "Yes, lower",
    "mixed": "Mixed",
    "unclear": "No clear difference",
    "unknown": "Too few runs to tell",
}


def listed(parts: Sequence[str]) -> str:
    """Join words as a sentence does: `a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Return `1 scenario`, `3 scenarios`."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def period_name(period: str) -> str:
    """Return a period for a reader: `whole` is `the whole run`; reporting years and quarters as they are."""
    return "the whole run" if period == "whole" else period


def month_name(month: str | date) -> str:
    """Return `November 2018` for `2018-11` or a date; text that is not a month is returned as it is."""
    if isinstance(month, date):
        return f"{MONTHS[month.month - 1].title()} {month.year}"
    parts = month.split("-")
    if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit() and 1 <= int(parts[1]) <= 12:
        return f"{MONTHS[int(parts[1]) - 1].title()} {parts[0]}"
    return month


def day_name(day: str | date) -> str:
    """Return `1 April 2016` for a date or its ISO text; other text is returned as it is."""
    if not isinstance(day, date):
        try:
            day = date.fromisoformat(str(day)[:10])
        except ValueError:
            return str(day)
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"


def sentence_case(text: str) -> str:
    """Return the text with its first letter large and the rest untouched (`CP plans` stays as it is)."""
    return text[:1].upper() + text[1:]


def _plain(value: float, places: int) -> str:
    text = f"{abs(value):,.{places}f}"
    negative = value < 0 and float(text.replace(",", "")) != 0
    return f"{_MINUS}{text}" if negative else text
