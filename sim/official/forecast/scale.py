"""Changes from one year to the next: ratios of counts, odds ratios of percentages, both as logarithms."""

from __future__ import annotations

import math

from sim.official.published.observed import Yardstick

__all__ = ["BEHIND", "LIMIT_OF_COUNTS", "LIMIT_OF_PERCENTAGES", "anchored", "change", "limit", "position"]

BEHIND: dict[str, str] = {
    "assessments_45wd_pct": "assessments_completed",
    "assessments_45wd_excl_same_day_pct": "assessments_completed",
    "icpc_15wd_pct": "icpc_held",
}
"""The count of children behind each percentage."""
LIMIT_OF_COUNTS, LIMIT_OF_PERCENTAGES = 1.0, 2.0


def limit(yardstick: Yardstick) -> float:
    """The largest change that is learned from or foretold: beyond it, recording changed."""
    return LIMIT_OF_COUNTS if yardstick.counts else LIMIT_OF_PERCENTAGES


def position(yardstick: Yardstick, value: float | None, children: float | None) -> float:
    """A figure on the scale of changes: the logarithm of a count, the log odds of a percentage; NaN without one.

    A percentage of 0 or 100 stands half a child from the end; `children` is the count behind it.
    """
    if value is None or not math.isfinite(value):
        return math.nan
    if yardstick.counts:
        return math.log(value) if value > 0 else math.nan
    if not children or not math.isfinite(children):
        return math.nan
    half = min(50 / children, 25.0)
    inside = min(max(value, half), 100 - half)
    return math.log(inside / (100 - inside))


def change(
    yardstick: Yardstick, before: float | None, after: float | None, children_before: float | None = None,
    children_after: float | None = None,
) -> float:  # fmt: skip
    """The change from one figure to another, as a logarithm; NaN when either is missing."""
    later = position(yardstick, after, children_after or children_before)
    return later - position(yardstick, before, children_before)


def anchored(yardstick: Yardstick, published: float, moved: float, children: float | None = None) -> float:
    """The published figure moved by a change: what a forecast of change says of the level."""
    if yardstick.counts:
        return published * math.exp(moved)
    if moved == 0:
        return published
    odds = position(yardstick, published, children or 1000.0) + moved
    return 100 / (1 + math.exp(-odds))
