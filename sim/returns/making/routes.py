"""Where children go from each step: shares counted in the return, with enough time after each to be seen.

A step counts only if the extract goes on long enough after it for its outcome to be there. A share of fewer than 50
steps is not used: chance alone would move it by 14 points either way.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sim.returns.as_at import months_before
from sim.returns.records import Enquiry, RecordedSpell, Referral, Returns

__all__ = ["FEWEST", "RecordedRoutes", "find_routes"]

FEWEST = 50
ASSESSED_WITHIN = timedelta(days=45)
STRAIGHT_WITHIN = timedelta(days=5)
AFTERWARDS = timedelta(days=28)
PLANNED_WITHIN = timedelta(days=42)
ASSESSMENTS_END = timedelta(days=110)


@dataclass
class RecordedRoutes:
    """Shares by outcome and the steps that each is counted on; a missing key was too few or not recorded."""

    shares: dict[str, dict[str, float]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    too_few: dict[str, int] = field(default_factory=dict)

    def note(self, name: str, outcomes: dict[str, int]) -> None:
        """Keep the shares of a step if there are enough."""
        total = sum(outcomes.values())
        if total < FEWEST:
            self.too_few[name] = total
            return
        self.counted[name] = total
        self.shares[name] = {outcome: count / total for outcome, count in outcomes.items()}


class _Dates:
    """Dates by child, in order, to ask what came next."""

    def __init__(self, rows: Iterable[RecordedSpell | Enquiry | Referral], end: bool = False) -> None:
        by_child: dict[int, list[date]] = defaultdict(list)
        for row in rows:
            day = row.end if end and isinstance(row, RecordedSpell) else row.start
            if day is not None:
                by_child[row.child].append(day)
        self._days = {child: sorted(days) for child, days in by_child.items()}

    def any(self, child: int, first: date, last: date) -> bool:
        """Whether the child has one from `first` to `last`."""
        days = self._days.get(child, [])
        return bisect_left(days, first) < bisect_right(days, last)


def find_routes(returns: Returns) -> RecordedRoutes:
    """Count where referrals, assessments, enquiries, conferences and plans led."""
    assert returns.as_at is not None
    routes = RecordedRoutes()
    first = months_before(returns.as_at, returns.window_months)
    enquiries, present = _Dates(returns.enquiries), returns.present
    if {"referrals", "assessments"} <= present:
        _door(returns, routes, first, enquiries)
    if "assessments" in present:
        _assessments(returns, routes, first, enquiries)
    if "enquiries" in present:
        _enquiries(returns, routes, first)
    if "protection" in present and "episodes" in present:
        _protection(returns, routes, first)
    _again(returns, routes, first)
    return routes


def _door(returns: Returns, routes: RecordedRoutes, first: date, enquiries: _Dates) -> None:
    assert returns.as_at is not None
    assessed, helped = _Dates(returns.assessments), _Dates(returns.early_help)
    straight_known = "enquiries" in returns.present
    ends = {(spell.child, spell.start): spell.end or returns.as_at for spell in returns.episodes}
    # A census keeps referrals that led to advice open; List 6 of Annex A holds those who wait for an assessment.
    waiting = () if "in_need" in returns.present else returns.episodes
    undecided = {(spell.child, spell.start) for spell in waiting if spell.end is None}
    outcomes = dict.fromkeys(("no_further_action", "advice", "early_help", "assessment", "strategy_discussion"), 0)
    for row in returns.referrals:
        if not first <= row.start <= returns.as_at - ASSESSED_WITHIN:
            continue
        usual = row.start + ASSESSED_WITHIN
        begun = assessed.any(row.child, row.start, max(usual, ends.get((row.child, row.start), usual)))
        if row.nfa:
            outcomes["no_further_action"] += 1
        elif straight_known and enquiries.any(row.child, row.start, row.start + STRAIGHT_WITHIN):
            outcomes["strategy_discussion"] += 1
        elif begun:
            outcomes["assessment"] += 1
        elif helped.any(row.child, row.start, row.start + AFTERWARDS):
            outcomes["early_help"] += 1
        elif (row.child, row.start) not in undecided:  # otherwise it waits for an assessment
            outcomes["advice"] += 1
    if straight_known:
        routes.note("front_door", outcomes)


def _assessments(returns: Returns, routes: RecordedRoutes, first: date, enquiries: _Dates) -> None:
    assert returns.as_at is not None
    if "enquiries" not in returns.present or not {"in_need", "episodes"} & returns.present:
        return
    closed, helped = _Dates(returns.episodes, end=True), _Dates(returns.early_help)
    protected = _Dates(returns.protection)
    plans = _Dates(returns.in_need) if "in_need" in returns.present else None
    reasons = {(row.child, row.end): row.status for row in returns.episodes if row.end is not None}
    outcomes = dict.fromkeys(("close", "early_help", "child_in_need", "section_47"), 0)
    for row in returns.assessments:
        # Begun in the window: enquiries before it are not there. Begun long enough ago: nearly all have ended.
        if not first <= row.start <= returns.as_at - ASSESSMENTS_END or row.end is None:
            continue
        if row.end > returns.as_at - PLANNED_WITHIN:
            continue
        after = row.end + AFTERWARDS
        if enquiries.any(row.child, row.start + STRAIGHT_WITHIN, row.end):
            outcomes["section_47"] += 1
        elif protected.any(row.child, row.start, row.end + PLANNED_WITHIN):
            continue  # an enquiry that began with the referral led to the plan: not the assessment's own outcome
        elif plans is not None and plans.any(row.child, row.start, row.end + PLANNED_WITHIN):
            outcomes["child_in_need"] += 1
        elif plans is None and row.status == "support":
            outcomes["child_in_need"] += 1  # also where the plan is short: lengths are fitted with those
        elif helped.any(row.child, row.end, after) or "RC9" in (
            reasons.get((row.child, row.end + timedelta(days=days)), "") for days in range(AFTERWARDS.days)
        ):
            outcomes["early_help"] += 1
        elif row.status == "no support" or closed.any(row.child, row.end - timedelta(days=1), after):
            outcomes["close"] += 1
        else:
            # Annex A dates no plan: an episode that stays open after its assessment is a plan.
            outcomes["child_in_need" if plans is None else "close"] += 1
    routes.note("assessment", outcomes)


def _enquiries(returns: Returns, routes: RecordedRoutes, first: date) -> None:
    assert returns.as_at is not None
    outcomes = dict.fromkeys(("conference", "no_further_action"), 0)
    decided = dict.fromkeys(("child_protection", "child_in_need"), 0)
    plans = _Dates(returns.protection)
    for row in returns.enquiries:
        held = row.conference is not None and row.conference <= returns.as_at
        if first <= row.start <= returns.as_at - PLANNED_WITHIN and (held or row.unnecessary is not None):
            outcomes["conference" if held else "no_further_action"] += 1
        if not held or row.conference is None or row.conference < first:
            continue
        planned = row.planned
        if planned is None and "protection" in returns.present and row.conference <= returns.as_at - timedelta(days=7):
            planned = plans.any(row.child, row.conference - timedelta(days=1), row.conference + timedelta(days=7))
        if planned is not None:
            decided["child_protection" if planned else "child_in_need"] += 1
    routes.note("section_47", outcomes)
    routes.note("conference", decided)


def _protection(returns: Returns, routes: RecordedRoutes, first: date) -> None:
    assert returns.as_at is not None
    closed = _Dates(returns.episodes, end=True)
    outcomes = dict.fromkeys(("child_in_need", "close"), 0)
    for row in returns.protection:
        if row.end is not None and first <= row.end <= returns.as_at - AFTERWARDS:
            gone = closed.any(row.child, row.end - timedelta(days=1), row.end + AFTERWARDS)
            outcomes["close" if gone else "child_in_need"] += 1
    routes.note("child_protection", outcomes)


def _again(returns: Returns, routes: RecordedRoutes, first: date) -> None:
    """Re-referrals: as the list counts them. A census holds too little of the year before to tell."""
    assert returns.as_at is not None
    told = [row.again for row in returns.referrals if row.again is not None and first <= row.start <= returns.as_at]
    if told:
        routes.note("again", {"yes": sum(told), "no": len(told) - sum(told)})
