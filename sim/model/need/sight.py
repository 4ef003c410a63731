"""Ways in which somebody sees a child, and what each of them notices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.scenario.sections.risk import Risk

VISIT: Final = 0
ALLOCATION: Final = 1
REVIEW: Final = 2
"""A visit or another meeting; the first meeting with a new worker; a review or a conference."""


def looks(rules: Risk) -> tuple[float, ...]:
    """How much looking each way of seeing a child is, by its code.

    A rise is noticed once the looks add up to a unit exponential of its own: after looks with chances p and q it has
    gone unnoticed with probability (1 - p)(1 - q), whatever their number and order. One draw settles it for every
    scenario, and capacity only moves the days of the looks.
    """
    chances = (rules.noticed_at_visit, rules.noticed_at_allocation, rules.noticed_at_review)
    return tuple(math.inf if chance >= 1.0 else -math.log1p(-chance) for chance in chances)
