"""How far chance may have moved a figure that a return tells: ranges that hold 95 of 100, for runs to draw from.

Half a year of referrals, or a few hundred enquiries, tell a level or a share only so well. Siblings go the same way, so
a figure that is counted in children is as uncertain as that of fewer: the design effect of sampling in groups
(Kish, Survey Sampling, 1965) is the mean squared size of a sibling group over its mean size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.official.making.writing import number, shares
from sim.scenario.schema import Scenario

__all__ = ["NORMAL_95", "level_range", "mean_range", "share_range", "shares_with_ranges", "sibling_effect"]

NORMAL_95 = 1.96
"""Standard errors from the middle of a normal distribution to either end of what holds 95 of 100."""


def sibling_effect(scenario: Scenario) -> float:
    """The variance of a count of children over that of as many who came one by one."""
    groups = scenario.demand.sibling_groups
    return sum(size**2 * share for size, share in groups.items()) / sum(size * share for size, share in groups.items())


def level_range(a_year: float, counted: int, dispersion: float) -> str:
    """The range of a yearly level told by a count whose variance is `dispersion` times its mean."""
    factor = math.exp(NORMAL_95 * math.sqrt(dispersion / counted))
    return f"low: {a_year / factor:.0f}, high: {math.ceil(a_year * factor)}, distribution: lognormal"


def share_range(share: float, counted: int, effect: float) -> tuple[float, float]:
    """The range of a share counted on so many children."""
    share = min(max(share, 0.0), 1.0)  # a difference of shares may lie beyond an end by rounding
    half = NORMAL_95 * math.sqrt(effect * share * (1 - share) / counted)
    return max(0.0, share - half), min(1.0, share + half)


def shares_with_ranges(values: Mapping[str, float], counted: int, effect: float) -> str:
    """Shares in percent that sum to 100; all but the largest as ranges, so that the largest takes what they leave."""
    plain = dict(part.split(": ") for part in shares(values).strip("{}").split(", "))
    largest = max(values, key=lambda label: values[label])
    parts = []
    for label, share in values.items():
        low, high = (f"{number(round(100 * end, 1))}%" for end in share_range(share, counted, effect))
        certain = label == largest or low == high
        text = plain[label] if certain else f"{{value: {plain[label]}, low: {low}, high: {high}, distribution: normal}}"
        parts.append(f"{label}: {text}")
    return "{" + ", ".join(parts) + "}"


def mean_range(low: float, high: float, middle: float, unit: str = "working days") -> str:
    """A mean with its range, for the inside of a distribution of lengths; alone where both ends round to it."""
    if round(low) >= round(middle) or round(high) <= round(middle):
        return f"{middle:.0f} {unit}"
    return f"{{value: {middle:.0f} {unit}, low: {low:.0f} {unit}, high: {high:.0f} {unit}, distribution: lognormal}}"
