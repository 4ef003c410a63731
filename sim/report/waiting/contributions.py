"""What each mechanism contributes to waiting, in words: what `frontdoor explain --causes` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.measures.definitions import MEASURES
from sim.report.wording.formats import interval, number

if TYPE_CHECKING:
    from sim.experiment.studies.causes import Contributions, PlannedRuns

__all__ = ["lines"]


def lines(plan: PlannedRuns, contributed: Sequence[Contributions], replications: int) -> Iterator[str]:
    """The answer for each measure, first the shares, then what overlaps and what only acts together."""
    complete = contributed[0].replications if contributed else 0
    yield f"Mechanisms switched off on the same simulated children: {plan.words(replications)}"
    if complete < replications:
        yield f"Not all was run, or could be compared: the figures are of {complete} of each."
    for each in contributed:
        yield ""
        yield from _measure(plan, each)
    yield ""
    yield "Switched off means:"
    for mechanism in plan.mechanisms:
        yield f"  {mechanism.label}: {mechanism.off}."
    if not plan.orders.every:
        yield "Intervals contain the error of drawing orders; --orders draws more."


def _measure(plan: PlannedRuns, each: Contributions) -> Iterator[str]:
    measure = MEASURES[each.measure]
    unit = measure.unit
    yield f"{measure.label} ({each.period}): {number(each.level, unit)}{'' if unit == '%' else f' {unit}'}"
    if not each.level:
        yield "  There is nothing to explain."
        return
    rows = sorted(zip(plan.mechanisms, each.values, strict=True), key=lambda row: -row[1].value)
    width = max(len(mechanism.label) for mechanism in plan.mechanisms)
    for mechanism, value in rows:
        share = _percent(each.share(value.value))
        between = _between(each.share(value.low95), each.share(value.high95))
        alone = f"alone {number(value.alone, unit)}"
        yield f"  {mechanism.label:<{width}}  {share:>7}{between:<22}  {number(value.value, unit):>10}   {alone}"
    between = _between(each.share(each.rest_low95), each.share(each.rest_high95))
    rest = f"{_percent(each.share(each.rest)):>7}{between:<22}  {number(each.rest, unit):>10}"
    yield f"  {'None of these':<{width}}  {rest}"
    explained = each.level - each.rest
    yield (
        f"  Together they explain {number(explained, unit)}. Switched off one at a time they remove "
        f"{number(each.alone, unit)} in all{_overlap(each.alone, explained)}."
    )
    only = each.only_together()
    for pair in each.acting_together():
        first, second = (plan.mechanisms[place].label for place in (pair.first, pair.second))
        verb = "only act together" if pair in only else "act together"
        amount = f"{number(pair.together, unit)} [{interval(pair.low95, pair.high95, unit)}]"
        yield f"  {first} and {second[0].lower()}{second[1:]} {verb}: both off remove {amount} beyond each alone."


def _overlap(alone: float, explained: float) -> str:
    if alone > 1.05 * explained:
        return ", because they overlap"
    return ", because some only count once others are off" if alone < 0.95 * explained else ""


def _percent(share: float) -> str:
    return number(100 * share, "%")


def _between(low: float, high: float) -> str:
    return "" if low != low or high != high else f" [{interval(100 * low, 100 * high, '%')}]"
