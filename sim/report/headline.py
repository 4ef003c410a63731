"""The headline: which changes are said, chosen by rule, and in which words.

For each scenario and each of delay, drift, workload, exposure, people and money, measures are read in a fixed
order of importance.
A measure speaks for the reporting year in which it differs most from the baseline, and only if the paired
95% interval of that year leaves zero out and the difference is worth a planner's while (`small`; with many
runs next to nothing is beyond chance too). The first change for the worse and the first for the better are
said; a group without either says that there is no clear difference, or nothing where the group may be one
that the scenarios do not simulate (`QUIET`). Measures where neither way is good count by direction alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sim.measures.definitions import MEASURES, Measure
from sim.report.results_view import ResultsView
from sim.report.run_figures import Difference
from sim.report.scenario_view import ScenarioView
from sim.report.wording import formats, phrases
from sim.report.wording.verdict import judge

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "delay": (
        "assessments_open_over_45wd", "assessments_45wd_pct", "allocation_wait_p90_wd", "unallocated",
        "contact_decision_1wd_pct", "allocation_wait_median_wd", "icpc_15wd_pct", "referral_cohort_45wd_pct",
        "unallocated_over_14d", "decision_wait_median_wd", "transfer_wait_median_wd",
    ),
    "drift": (
        "cin_open_over_12m", "cpp_open_2y_pct", "cp_visits_on_time_pct", "cin_visits_on_time_pct",
        "awaiting_letter", "plo_over_16w_pct", "proceedings_26w_pct", "cin_open_over_9m", "cp_reviews_on_time_pct",
    ),
    "workload": (
        "caseload_mean", "workers_over_cap_pct", "cin_plans_open", "cpp_open", "manager_utilisation",
    ),
    "exposure": (
        "exposure_child_days", "step_up_delay_p90_days", "need_rises_unnoticed_30d", "step_up_delay_median_days",
    ),
    "people": (
        "children_3plus_workers_pct", "held_by_manager", "cases_with_no_visit_20wd", "vacancy_pct", "agency_pct",
        "turnover_pct", "supervision_on_time_pct", "nqsw_over_cap", "uncovered_absence_child_days", "absence_pct",
        "handovers", "second_cpp_pct",
    ),
    "money": ("cost_total", "staff_cost", "agency_premium", "lever_cost"),
}  # fmt: skip
"""Measures in the order in which they may speak, by what a planner asks about first."""

QUIET: Final = frozenset({"exposure", "people", "money"})
"""Groups that say nothing where nothing is clear: the scenarios may not simulate them."""

SINGLE: Final = (
    "assessments_open_over_45wd", "assessments_45wd_pct", "allocation_wait_p90_wd", "unallocated",
    "icpc_15wd_pct", "cin_open_over_12m", "cp_visits_on_time_pct", "caseload_mean", "exposure_child_days",
)  # fmt: skip
"""Measures that a run of one scenario reports."""


@dataclass(frozen=True)
class Sentence:
    """One statement. `verdict` (worse, better …) gives the symbol beside it; None for a plain level."""

    text: str
    verdict: formats.Verdict | None


@dataclass(frozen=True)
class Block:
    """The statements about one scenario."""

    scenario: ScenarioView
    against: ScenarioView | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Change:
    """A measure's largest yearly difference."""

    measure: Measure
    year: str
    difference: Difference
    verdict: formats.Verdict
    reason: str = ""
    turn: str = ""


SMALL_POINTS: Final = 0.5
SMALL_SHARE: Final = 0.01
"""Percentage points, or share of the figure, below which a difference is not said (assumption)."""


def small(change: Change) -> bool:
    """Whether a difference is too small to be worth saying. One in money never is: somebody pays it."""
    difference = change.difference
    if change.measure.id in GROUPS["money"]:
        return False
    if formats.is_percentage(change.measure.unit):
        return abs(difference.mean) < SMALL_POINTS
    return abs(difference.mean) < SMALL_SHARE * max(abs(difference.base), abs(difference.value))


def headline(data: ResultsView) -> tuple[Block, ...]:
    """Return the statements of a report: one block for each scenario, or one for a single run."""
    if data.baseline is None:
        return tuple(Block(scenario, None, _levels(data, scenario)) for scenario in data.scenarios)
    blocks = []
    for scenario in data.others:
        sentences = [s for group in GROUPS for s in _group(data, scenario, group, data.baseline)]
        sentences += _price(data, scenario)
        if data.level(data.baseline.name, "review_completion_date", "whole") is None:  # the scenario's own review
            sentences += _reviews(data, scenario)
        blocks.append(Block(scenario, data.baseline, tuple(sentences)))
        for extended in data.scenarios:
            if extended.name == scenario.builds_on:
                beside = [s for group in ("delay", "drift") for s in _group(data, scenario, group, extended)]
                blocks.append(Block(scenario, extended, tuple(beside)))
    return tuple(blocks)


def largest(data: ResultsView, scenario: ScenarioView, measure_id: str, against: ScenarioView) -> Change | None:
    """Return the reporting year in which a measure differs most; None when no year has both figures."""
    years = data.years or ("whole",)
    differences = [(y, data.difference(scenario.name, measure_id, y, against.name)) for y in years]
    present = [(y, d) for y, d in differences if d is not None and math.isfinite(d.mean)]
    if not present:
        return None
    year, difference = max(present, key=lambda pair: abs(pair[1].mean))
    measure = MEASURES[measure_id]
    judged = judge(data, scenario.name, measure, year, against.name)
    assert judged is not None
    return Change(measure, year, difference, judged.verdict, judged.reason, judged.turn)


def _group(data: ResultsView, scenario: ScenarioView, group: str, against: ScenarioView) -> Iterable[Sentence]:
    changes = [c for m in GROUPS[group] if (c := largest(data, scenario, m, against)) is not None]
    if not changes:
        return
    clear = [c for c in changes if c.difference.clear]
    if not clear and group in QUIET:
        return
    if not clear:
        alone = all(c.verdict == "unknown" for c in changes)
        widest = changes[0]
        _, levels = phrases.against(
            widest.measure, widest.difference.mean, widest.difference.value, widest.difference.base
        )
        yield Sentence(
            f"{formats.sentence_case(group)}: too few runs to tell ({widest.measure.label.lower()}: {levels})."
            if alone
            else f"{formats.sentence_case(group)}: no clear difference in any of the "
            f"{formats.counted(len(changes), 'measure')} looked at.",
            "unknown" if alone else "unclear",
        )
        return
    telling = [c for c in clear if not small(c)]
    if not telling:
        if group not in QUIET:
            text = "what differs by more than chance differs by less than half a percentage point or 1%."
            yield Sentence(f"{formats.sentence_case(group)}: {text}", None)
        return
    first = telling[0]
    yield _sentence(data, scenario, first, against)
    opposite = next((c for c in telling[1:] if {first.verdict, c.verdict} == {"worse", "better"}), None)
    if opposite is not None:
        yield _sentence(data, scenario, opposite, against)


def _sentence(data: ResultsView, scenario: ScenarioView, change: Change, against: ScenarioView) -> Sentence:
    measure, difference = change.measure, change.difference
    changed, levels = phrases.against(measure, difference.mean, difference.value, difference.base)
    ranged = formats.spoken_range(
        difference.low80,
        difference.high80,
        flip=difference.mean < 0,
        whole=phrases.whole(measure),
        money=phrases.money(measure),
    )
    text = f"{formats.sentence_case(changed)} {phrases.when(measure, change.year)}: {levels}, and {ranged}."
    if change.reason:
        text += f" Mixed: {change.reason}."
    if change.turn:
        return Sentence(f"{text} {formats.sentence_case(change.turn)}.", change.verdict)
    return Sentence(f"{text} {_at_the_end(data, scenario, change, against)}".rstrip(), change.verdict)


def _price(data: ResultsView, scenario: ScenarioView) -> tuple[Sentence, ...]:
    """Say over the whole run what a child-day of delay avoided cost, where that is clear of chance."""
    price = data.difference(scenario.name, "cost_per_delay_day_avoided", "whole")
    if price is None or not price.clear:
        return ()
    low, high = (phrases.in_words(MEASURES["cost_per_delay_day_avoided"], end) for end in (price.low95, price.high95))
    ranged = f"about {low}" if low == high else f"between {low} and {high}"
    if price.mean < 0:
        return (Sentence("Over the whole run there is less delay, and it costs less, not more.", "better"),)
    return (
        Sentence(
            f"Over the whole run each child-day of delay avoided costs {formats.pounds(price.mean)} (the average is "
            f"pinned down to {ranged}).",
            None,
        ),
    )


def _reviews(data: ResultsView, scenario: ScenarioView) -> tuple[Sentence, ...]:
    """Say when the list of a targeted review was worked through, in the runs in which it was."""
    level = data.level(scenario.name, "review_completion_date", "whole")
    if level is None:
        return ()
    text = f"Where the list is finished, its last case is reviewed {formats.spoken(level.mean)} days into the run"
    if math.isfinite(level.low80) and math.isfinite(level.high80):
        text += f" ({formats.spoken_range(level.low80, level.high80)})"
    return (Sentence(f"{text}.", None),)


def exposed(data: ResultsView) -> bool:
    """Whether any scenario simulates risk that rises while a child waits, so that exposure means something."""
    levels = (data.level(scenario.name, "exposure_child_days", "whole") for scenario in data.scenarios)
    return any(level is not None and level.mean > 0 for level in levels)


def _at_the_end(data: ResultsView, scenario: ScenarioView, change: Change, against: ScenarioView) -> str:
    """Say how the same measure stands in the last reporting year, when that is another one."""
    if not data.years or change.year == data.years[-1]:
        return ""
    measure, last = change.measure, data.years[-1]
    moment = "At the end of the run" if measure.kind == "stock" else f"In the last year, {last},"
    end = data.difference(scenario.name, measure.id, last, against.name)
    if end is None:
        return f"{moment} there is nothing to measure."
    if not end.clear:
        few = data.replications < formats.FEW
        return f"{moment} {'there are too few runs to tell' if few else 'there is no clear difference'}."
    return f"{moment} it stands at {phrases.amount(measure, end.mean)}."


def _levels(data: ResultsView, scenario: ScenarioView) -> tuple[Sentence, ...]:
    sentences = []
    for measure_id in SINGLE:
        measure = MEASURES[measure_id]
        years = [y for y in data.years if data.level(scenario.name, measure_id, y) is not None]
        if not years:
            continue
        last = data.level(scenario.name, measure_id, years[-1])
        assert last is not None
        text = f"{formats.sentence_case(phrases.level(measure, last.mean))} {phrases.when(measure, years[-1])}"
        if math.isfinite(last.low80) and math.isfinite(last.high80):
            low, high = (phrases.in_words(measure, end) for end in (last.low80, last.high80))
            ranged = f"about {low}" if low == high else f"between {low} and {high}"
            text += f" (in 8 runs out of 10 {ranged})"
        first = data.level(scenario.name, measure_id, years[0])
        if len(years) > 1 and first is not None:
            text += f"; {phrases.when(measure, years[0])} it is {phrases.in_words(measure, first.mean)}"
        sentences.append(Sentence(f"{text}.", None))
    return (*sentences, *_reviews(data, scenario))
