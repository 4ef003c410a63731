"""The first screen: a title that states the result with its cost, and the options side by side in six rows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from sim.experiment.analysis.settling import COST, DELAY, FIRST_SCREEN, PLO_COURT
from sim.experiment.analysis.stopping_words import how_it_ended
from sim.measures.definitions import MEASURES, Measure
from sim.report.results_view import WHOLE, ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.wording import formats
from sim.report.wording.verdict import FEW, Judgement, judge

_LABELS: Final = {
    "assessments_open_over_45wd": "Overdue assessments",
    "unallocated": "Children without a social worker",
    "assessments_45wd_pct": "Assessed within 45 working days",
    "cin_open_over_12m": "Child in need plans over 12 months",
    PLO_COURT: "Children in pre-proceedings or court",
    COST: "Extra cost, whole run",
}
_SMALL_CHANGE: Final = 0.005
"""Share of a figure below which a title does not call a difference one (assumption)."""


@dataclass(frozen=True)
class Cell:
    """A figure of one option: the level, and against its reference a symbol, a word and the difference.

    `also` says what else a reader has to know: why it is mixed, or the year in which it is the other way.
    """

    figure: str
    arrow: str = ""
    word: str = ""
    difference: str = ""
    verdict: formats.Verdict | None = None
    also: str = ""


@dataclass(frozen=True)
class Row:
    """One of the six rows."""

    label: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Decision:
    """Everything on the first screen. `columns` are the options with the letter each is compared with (or empty)."""

    title: str
    lead: str
    caption: str
    columns: tuple[tuple[ScenarioView, str], ...]
    rows: tuple[Row, ...]
    sure: str
    chosen: ScenarioView


def decision(data: ResultsView) -> Decision:
    """Return the first screen of a report."""
    options, start = choices(data)
    year = hardest_year(data, options)
    judged: list[Judgement] = []
    rows = tuple(
        row
        for measure in FIRST_SCREEN
        if (row := _row(data, _measure(measure), _LABELS[measure], year, judged)) is not None
    )
    title, lead, chosen = _title(data, options, start, year)
    columns = tuple((s, ref.letter if (ref := data.reference(s)) is not None else "") for s in data.scenarios)
    return Decision(title, lead, _caption(data, year), columns, rows, _sure(data, judged) + _ended(data), chosen)


def choices(data: ResultsView) -> tuple[tuple[ScenarioView, ...], ScenarioView | None]:
    """Return the scenarios to choose between, and the one that they answer; none for a single run.

    The baseline, unless a scenario that makes delay worse has others built on it: then these answer that one.
    """
    if data.baseline is None:
        return (), None
    if data.against is not None:
        start = next(s for s in data.scenarios if s.name == data.against)
        return tuple(s for s in data.scenarios if s != start), start
    for stress in data.others:
        built = tuple(s for s in data.others if stress in _ancestors(data, s))
        rise = data.difference(stress.name, DELAY, WHOLE)
        if built and rise is not None and rise.mean > 0 and not _ancestors(data, stress):
            return built, stress
    return data.others, data.baseline


def _ancestors(data: ResultsView, scenario: ScenarioView) -> list[ScenarioView]:
    """The scenarios that one builds on, nearest first, the baseline left out."""
    by_name = {s.name: s for s in data.scenarios}
    chain: list[ScenarioView] = []
    name = scenario.builds_on
    while name in by_name and by_name[name] not in chain:
        chain.append(by_name[name])
        name = by_name[name].builds_on
    return chain


def hardest_year(data: ResultsView, options: tuple[ScenarioView, ...]) -> str:
    """The reporting year in which the options differ most in delay from what they build on; without years the run."""
    if not data.years:
        return WHOLE

    def size(year: str) -> float:
        gaps = [data.difference(s.name, DELAY, year, r.name) for s in options if (r := data.reference(s)) is not None]
        return sum(abs(gap.mean) for gap in gaps if gap is not None)

    sizes = {year: size(year) for year in data.years}
    return max(sizes, key=lambda year: (sizes[year], year))


def _measure(measure: str) -> Measure:
    if measure != PLO_COURT:
        return MEASURES[measure]
    return replace(MEASURES["court_open"], id=PLO_COURT, label="Children in pre-proceedings or care proceedings")


def _row(data: ResultsView, measure: Measure, label: str, year: str, judged: list[Judgement]) -> Row | None:
    period = WHOLE if measure.id == COST else year
    levels = {s: level.mean for s in data.scenarios if (level := data.level(s.name, measure.id, period)) is not None}
    if not levels:
        return None
    cells = []
    for scenario in data.scenarios:
        reference = data.reference(scenario)
        if scenario not in levels:
            cells.append(Cell(formats.MISSING))
        elif reference is None or reference not in levels:
            cells.append(Cell(_figure(measure, levels[scenario]), "", "in all" if measure.id == COST else ""))
        else:
            cells.append(_cell(data, measure, period, scenario, reference, levels, judged))
    return Row(label if data.baseline or measure.id != COST else "Cost, whole run", _note(measure, year), tuple(cells))


def _cell(
    data: ResultsView, measure: Measure, period: str, scenario: ScenarioView, reference: ScenarioView,
    levels: dict[ScenarioView, float], judged: list[Judgement],
) -> Cell:  # fmt: skip
    money = measure.id == COST
    judgement = judge(data, scenario.name, measure, period, reference.name)
    if judgement is None:
        return Cell(_figure(measure, levels[scenario]))
    shown, beside = (_rounded(measure, levels[s]) for s in (scenario, reference))
    gap = judgement.difference.mean if money else shown - beside
    figure = f"{_signed_money(gap)}" if money else _figure(measure, shown)
    if shown == beside and (judgement.difference.mean == 0 or judgement.verdict in ("unclear", "unknown")):
        return Cell("£0" if money else figure, "", "the same", verdict="unclear")
    if judgement.difference.mean != 0:
        judged.append(judgement)
    if judgement.verdict == "unknown":
        pair = f"({_figure(measure, shown)} against {_figure(measure, beside)})"
        return Cell(figure, formats.SYMBOLS["unknown"], "too few runs to tell", pair, "unknown")
    if judgement.verdict == "unclear":
        pair = f"({_figure(measure, shown)} against {_figure(measure, beside)})"
        return Cell(figure, formats.SYMBOLS["unclear"], "no clear difference", pair, "unclear")
    arrow = "▲" if judgement.difference.mean > 0 else "▼"
    also = judgement.reason or judgement.turn
    word = {"worse": "dearer", "better": "cheaper"}.get(judgement.verdict, judgement.verdict) if money else ""
    difference = "" if money else _difference(measure, gap)
    return Cell(figure, arrow, word or judgement.verdict, difference, judgement.verdict, also)


def _rounded(measure: Measure, value: float) -> float:
    return round(value, 1) if formats.is_percentage(measure.unit) else float(round(value))


def _figure(measure: Measure, value: float) -> str:
    if measure.id == COST:
        return formats.pounds(value)
    return f"{value:.1f}%" if formats.is_percentage(measure.unit) else f"{round(value):,}"


def _difference(measure: Measure, gap: float) -> str:
    if formats.is_percentage(measure.unit):
        return f"{abs(gap):.1f} points {'up' if gap > 0 else 'down'}"
    return f"{abs(round(gap)):,} {'more' if gap > 0 else 'fewer'}"


def _signed_money(value: float) -> str:
    if abs(value) < 0.5:
        return "£0"
    return f"{'+' if value > 0 else '−'}{formats.pounds(value)}"


def _note(measure: Measure, year: str) -> str:
    if measure.id == COST or year == WHOLE:
        return ""
    if measure.kind == "stock":
        return f"31 March {int(year[:4]) + 1}"
    return year


def _caption(data: ResultsView, year: str) -> str:
    means = "Means of the runs" if year == WHOLE else f"Means of the runs in {year}"
    if data.baseline is None:
        return means
    hardest = "" if year == WHOLE else ", the year in which the options differ most"
    named = next((f"“{s.short}”" for s in data.scenarios if s.name == data.against), "the one that it builds on")
    return f"{means}{hardest}. Each option is compared with {named}."


# ------------------------------------------------------------------------------------------------ title


def _title(
    data: ResultsView, options: tuple[ScenarioView, ...], start: ScenarioView | None, year: str
) -> tuple[str, str, ScenarioView]:
    if start is None:
        alone = data.scenarios[0]
        return _alone(data, alone, year), "", alone
    delays = {s: j for s in options if (j := judge(data, s.name, MEASURES[DELAY], WHOLE, start.name)) is not None}
    if not delays:
        return f"What changes, compared with “{start.short}”", "", options[0]
    best = min(delays, key=lambda s: delays[s].difference.mean)
    delay = delays[best]
    cost = _cost(data, best, start)
    size = _delay_size(delay)
    if delay.verdict == "better":
        title = f"“{best.short}” cuts delay {size} {cost}"
    elif len(options) == 1 and delay.verdict == "worse":
        title = f"“{best.short}” raises delay {size} {cost}"
    elif delay.verdict == "worse":
        title = f"No option cuts delay: “{best.short}” raises it least, {size} {cost}"
    elif delay.difference.mean == 0:
        title = f"“{best.short}” leaves delay as it is, {cost}"
    else:
        way = "less" if delay.difference.mean < 0 else "more"
        few = delay.verdict == "unknown"
        what = "any option cuts delay" if len(options) > 1 else f"“{best.short}” changes delay"
        opening = f"Too few runs to tell whether {what}" if few else "No option clearly changes delay"
        if len(options) == 1:
            opening = opening if few else f"“{best.short}” does not clearly change delay"
            title = f"{opening}: {_share(delay)} {way} on average, {cost}"
        else:
            title = f"{opening}: on average “{best.short}” has {_share(delay)} {way}, {cost}"
    value, base = (f"{round(v):,}" for v in (delay.difference.value, delay.difference.base))
    lead = f"{value} child-days of delay over the whole run, against {base} with “{start.short}”."
    price = data.difference(best.name, "cost_per_delay_day_avoided", WHOLE, start.name)
    extra = data.difference(best.name, COST, WHOLE, start.name)
    if delay.verdict == "better" and extra is not None and extra.mean > 0:
        avoided = -delay.difference.mean
        lead += f" Each child-day of delay avoided costs {formats.pounds(extra.mean / avoided)}."
    elif delay.verdict == "better" and price is not None and price.mean < 0:
        lead += " It costs less, not more."
    return title, lead, best


def _share(delay: Judgement) -> str:
    base, mean = delay.difference.base, delay.difference.mean
    return f"{100 * abs(mean) / base:.0f}%" if base > 0 else f"{abs(round(mean)):,} child-days"


def _delay_size(delay: Judgement) -> str:
    base, mean = delay.difference.base, delay.difference.mean
    if base <= 0 or abs(mean) > 20 * base:
        return f"by {abs(round(mean)):,} child-days"
    share = 100 * abs(mean) / base
    if mean > 0 and share >= 200:
        return f"to {1 + share / 100:.0f} times as much"
    return f"by {share:.0f}%" if share >= 1 else "by less than 1%"


def _cost(data: ResultsView, scenario: ScenarioView, start: ScenarioView) -> str:
    judged = judge(data, scenario.name, MEASURES[COST], WHOLE, start.name)
    if judged is None:
        return "(cost is not simulated)"
    mean = judged.difference.mean
    if abs(mean) < 0.5:
        return "at no extra cost"
    if judged.verdict in ("unclear", "unknown"):
        return "at no clear extra cost" if judged.verdict == "unclear" else "at a cost that few runs cannot tell"
    return f"for {formats.pounds(mean)} {'more' if mean > 0 else 'less'}"


def _alone(data: ResultsView, scenario: ScenarioView, year: str) -> str:
    parts = []
    for measure, words in (
        ("assessments_open_over_45wd", "overdue assessments"),
        ("unallocated", "children without a social worker"),
    ):
        level = data.level(scenario.name, measure, year)
        if level is not None:
            parts.append(f"{round(level.mean):,} {words}")
    cost = data.level(scenario.name, COST, WHOLE)
    when = "at the end of the run" if year == WHOLE else f"at the end of {year}"
    priced = f", for {formats.pounds(cost.mean)} over the whole run" if cost is not None and cost.mean > 0 else ""
    return f"{scenario.title}: {formats.listed(parts)} {when}{priced}" if parts else scenario.title


def _sure(data: ResultsView, judged: list[Judgement]) -> str:
    runs = formats.counted(data.replications, "run")
    if data.replications < 2:
        return "Each scenario was run once, so nothing here can be told from chance. Ask for ten runs or more."
    if data.baseline is None:
        return f"Means of {runs}. The ranges below show how far one run can differ from another by chance."
    if not judged:
        return f"In {runs} on the same simulated children the options do not differ in these rows."
    open_ones = [j for j in judged if j.verdict in ("unknown", "unclear")]
    clear = len(judged) - len(open_ones)
    differences = f"{clear} of {len(judged)} differences"
    text = f"{runs} of each option on the same simulated children: {differences} are clear of chance"
    if not open_ones:
        return f"{text}."
    needed = [j.needed for j in open_ones if j.needed is not None]
    if not needed:
        return f"{text}; the others may be chance."
    most = int(math.ceil(max(needed) / 10) * 10)
    settle = "all" if len(needed) == len(open_ones) else f"{len(needed)} of the other {len(open_ones)}"
    few = " Too few runs for the others:" if data.replications < FEW else " For the others:"
    return f"{text}.{few} about {most} runs would settle {settle}."


def _ended(data: ResultsView) -> str:
    """Why a run without a number of replications stopped; empty where a number was given."""
    settling = data.manifest.settling
    if settling is None:
        return ""
    if settling.reason == "settled":
        return " The run stopped because these answers were settled."
    return f" {how_it_ended(settling)[0]}"
