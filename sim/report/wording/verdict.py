"""The verdict on a difference: one rule for every table, sentence and chart of the report.

1. Without an interval, or where the interval holds zero in fewer than `FEW` runs: too few runs to tell.
2. Where the interval holds zero in more runs: no clear difference.
3. Else worse or better (higher or lower where neither way is good), unless the measure is known to mislead. A share
   whose count goes the other way, and a measure that looks better because of children whom it does not count, are
   mixed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.measures.definitions import MEASURES, Measure
from sim.report.wording import formats, phrases

if TYPE_CHECKING:
    from sim.report.results_view import ResultsView
    from sim.report.run_figures import Difference

__all__ = ["FEW", "MOST", "Judgement", "judge", "runs_needed"]

FEW: Final = formats.FEW
MOST: Final = 500
"""Runs beyond which a report does not ask for more: the difference is too small to matter."""
_TELLING: Final = 0.05
"""Share of a figure by which one that flatters has to rise where runs are too few to tell (assumption)."""


@dataclass(frozen=True)
class Judgement:
    """A verdict with its difference. `reason` says why it is mixed; `needed` is how many runs would
    tell, where more would.

    `turn` names a year in which the difference goes clearly the other way, and by how much; empty without one.
    """

    verdict: formats.Verdict
    difference: Difference
    reason: str = ""
    needed: int | None = None
    turn: str = ""


def judge(data: ResultsView, scenario: str, measure: Measure, period: str, against: str) -> Judgement | None:
    """Judge a scenario against another on a measure in a period; None where there is nothing to compare."""
    difference = data.difference(scenario, measure.id, period, against)
    if difference is None or not math.isfinite(difference.mean):
        return None
    verdict = formats.verdict(difference.low95, difference.high95, measure.better, data.replications)
    if verdict in ("unknown", "unclear"):
        return Judgement(verdict, difference, needed=runs_needed(difference, data.replications))
    reason = _misleads(data, scenario, measure, period, against, verdict)
    return Judgement(
        "mixed" if reason else verdict,
        difference,
        reason,
        turn=_turn(data, scenario, measure, period, against, rises=difference.mean > 0),
    )


def runs_needed(difference: Difference, runs: int) -> int | None:
    """Return about how many runs would tell a difference of this size from chance; None if more than `MOST` or unknown.

    The half width of an interval shrinks with the square root of the runs.
    """
    half = (difference.high95 - difference.low95) / 2
    if not math.isfinite(half) or difference.mean == 0:
        return None
    needed = max(runs + 1, math.ceil(runs * (half / abs(difference.mean)) ** 2))
    return needed if needed <= MOST else None


def _misleads(
    data: ResultsView, scenario: str, measure: Measure, period: str, against: str, verdict: formats.Verdict
) -> str:
    if measure.count in MEASURES:
        count = data.difference(scenario, measure.count, period, against)
        if count is not None and count.mean * (1 if verdict == "better" else -1) > 0:
            share = "falls" if verdict == "better" else "rises"
            return f"the share {share}, but {_children(count.mean)} are counted in it"
    if verdict != "better":
        return ""
    for flattering in measure.flattered_by:
        rise = data.difference(scenario, flattering, period, against)
        if rise is None or rise.mean <= 0:
            continue
        telling = data.replications < FEW and rise.mean > _TELLING * abs(rise.base) and rise.mean >= 1
        if rise.clear or telling:
            changed, _ = phrases.against(MEASURES[flattering], rise.mean, rise.value, rise.base)
            return f"it looks better because {changed}"
    return ""


def _children(difference: float) -> str:
    amount = formats.spoken(difference)
    return f"{amount} {'more' if difference > 0 else 'fewer'} {'child' if amount == '1' else 'children'}"


def _turn(data: ResultsView, scenario: str, measure: Measure, period: str, against: str, *, rises: bool) -> str:
    if measure.id not in MEASURES or period == "whole":
        return ""
    for year in data.years:
        other = data.difference(scenario, measure.id, year, against) if year != period else None
        if other is not None and other.clear and (other.mean > 0) != rises:
            changed, _ = phrases.against(measure, other.mean, other.value, other.base)
            return f"{phrases.when(measure, year)} it is the other way: {changed}"
    return ""
