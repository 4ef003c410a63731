"""Referrals: how many a year, by month, and from whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from sim.calendar.periods import MONTHS
from sim.returns.as_at import months_before
from sim.returns.codes import SCHOOLS
from sim.returns.records import Returns
from sim.scenario.sections.demand import ENGLAND_SEASON

__all__ = ["Arrivals", "count_arrivals"]

FEWEST_REFERRALS = 30
FEWEST_WITH_SOURCE = 100
SMALL_SHARE = 0.02
HARDLY_MORE = 1.05
"""Contacts for each referral below which a list is taken to hold only the contacts that became referrals."""


@dataclass
class Arrivals:
    """Children referred in the window, the level of a year that they amount to, and who referred them, in shares."""

    counted: int
    a_year: float | None
    contacts_each: float | None = None
    by_month: dict[str, int] = field(default_factory=dict)
    sources: dict[str, float] = field(default_factory=dict)


def count_arrivals(returns: Returns) -> Arrivals | None:
    """Count what came in the window; None when the return has no referrals. Fewer than 30 make no yearly level."""
    assert returns.as_at is not None
    if "referrals" not in returns.present:
        return None
    first = months_before(returns.as_at, returns.window_months)
    rows = [row for row in returns.referrals if first < row.start <= returns.as_at]
    part = _part_of_a_year(first + timedelta(days=1), returns.as_at)
    enough = len(rows) >= FEWEST_REFERRALS
    contacts = sum(first < row.start <= returns.as_at for row in returns.contacts)
    known = Counter(row.source for row in rows if row.source and row.source != "unknown")
    return Arrivals(
        len(rows),
        len(rows) / part if enough else None,
        contacts / len(rows) if enough and contacts > HARDLY_MORE * len(rows) else None,
        dict(sorted(Counter(f"{row.start:%Y-%m}" for row in rows).items())),
        _shares(known) if sum(known.values()) >= FEWEST_WITH_SOURCE else {},
    )


def _part_of_a_year(first: date, last: date) -> float:
    """The share of a year's referrals that England gets between two days, month by month."""
    total, day = 0.0, first
    while day <= last:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        days = (following - date(day.year, day.month, 1)).days
        inside = (min(following - timedelta(days=1), last) - day).days + 1
        total += ENGLAND_SEASON[MONTHS[day.month - 1]] * inside / days
        day = following
    return total / sum(ENGLAND_SEASON.values())


def _shares(known: Counter[str]) -> dict[str, float]:
    """Shares by who refers; the smallest are put together with others, so that none stands for a handful."""
    total = sum(known.values())
    shares: Counter[str] = Counter()
    for source, count in known.items():
        large = count / total >= SMALL_SHARE and count >= 5
        shares[source if large else "others"] += count
    named = {source: count / total for source, count in sorted(shares.items())}
    return named if set(named) - {SCHOOLS} else {}
