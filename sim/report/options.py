"""Each option in three sentences (what gets better, what gets worse, what it costs), and what its money buys."""

from __future__ import annotations

from dataclasses import dataclass

from sim.experiment.analysis.settling import COST, DELAY
from sim.measures.definitions import MEASURES
from sim.report.headline import GROUPS, Change, largest, small
from sim.report.results_view import WHOLE, ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.tables import Table
from sim.report.wording import formats, phrases
from sim.report.wording.verdict import judge

_THEMES = ("delay", "drift", "workload", "exposure", "people")


@dataclass(frozen=True)
class OptionWords:
    """What one option does against the scenario that it builds on."""

    scenario: ScenarioView
    against: ScenarioView
    good: str
    bad: str
    cost: str


def option_words(data: ResultsView) -> tuple[OptionWords, ...]:
    """Return the three sentences of each option; empty for a single run."""
    words = []
    for scenario in data.others if data.against is None else data.scenarios:
        against = data.reference(scenario)
        if against is not None:
            changes = _changes(data, scenario, against)
            good = _first(changes, "better", "Nothing gets clearly better.", data.years)
            bad = _first(changes, "worse", "Nothing gets clearly worse.", data.years)
            words.append(OptionWords(scenario, against, good, bad, _cost(data, scenario, against)))
    return tuple(words)


def _changes(data: ResultsView, scenario: ScenarioView, against: ScenarioView) -> list[Change]:
    ids = [measure for theme in _THEMES for measure in GROUPS[theme]]
    return [
        change
        for measure in ids
        if (change := largest(data, scenario, measure, against)) is not None and not small(change)
    ]


def _first(changes: list[Change], verdict: str, nothing: str, years: tuple[str, ...]) -> str:
    change = next((c for c in changes if c.verdict == verdict), None)
    if change is None:
        few = any(c.verdict == "unknown" for c in changes)
        return f"{nothing[:-1]}, as far as so few runs can tell." if few else nothing
    difference, measure = change.difference, change.measure
    changed, levels = phrases.against(measure, difference.mean, difference.value, difference.base)
    when = phrases.when(measure, change.year)
    turn = f" {formats.sentence_case(change.turn)}." if change.turn else ""
    widest = ", the year of the widest difference" if len(years) > 1 else ""
    return f"{formats.sentence_case(changed)} {when}{widest} ({levels}).{turn}"


def _cost(data: ResultsView, scenario: ScenarioView, against: ScenarioView) -> str:
    cost = data.difference(scenario.name, COST, WHOLE, against.name)
    worst = _worst_year(data, scenario)
    if cost is None:
        return f"Cost is not simulated.{worst}"
    if abs(cost.mean) < 0.5:
        return f"It costs nothing extra.{worst}"
    judged = judge(data, scenario.name, MEASURES[COST], WHOLE, against.name)
    amount = f"{formats.pounds(cost.mean)} {'more' if cost.mean > 0 else 'less'}"
    if judged is not None and judged.verdict in ("unknown", "unclear"):
        few = judged.verdict == "unknown"
        levels = f"{formats.pounds(cost.value)} against {formats.pounds(cost.base)}"
        return f"Cost: {'too few runs to tell' if few else 'no clear difference'} ({levels}).{worst}"
    return f"It costs {amount} over the whole run.{worst}"


def _worst_year(data: ResultsView, scenario: ScenarioView) -> str:
    levels = {y: lv.mean for y in data.years if (lv := data.level(scenario.name, DELAY, y)) is not None}
    if len(levels) < 2:
        return ""
    worst = max(levels, key=lambda year: levels[year])
    days = phrases.in_words(MEASURES[DELAY], levels[worst])
    return f" Its worst year is {worst}, with {days} child-days of delay."


def value_table(data: ResultsView) -> Table | None:
    """Return what each option costs and how much delay it avoids over the whole run; None where nothing is compared."""
    rows = []
    for option in data.others if data.against is None else data.scenarios:
        against = data.reference(option)
        if against is None:
            continue
        cost = data.difference(option.name, COST, WHOLE, against.name)
        delay = judge(data, option.name, MEASURES[DELAY], WHOLE, against.name)
        if cost is None or delay is None:
            continue
        avoided = -delay.difference.mean
        shown = round(delay.difference.base) - round(delay.difference.value)  # as the first screen's figures differ
        telling = delay.verdict == "better"
        if telling and cost.mean > 0.5:
            price = formats.pounds(cost.mean / avoided)
        elif telling:
            price = "less delay, no dearer"
        elif delay.verdict == "worse":
            price = "none is avoided"
        else:
            price = formats.VERDICT_WORDS[delay.verdict].lower()
        rows.append(
            (
                f"{option.letter} {option.short}, against {against.letter}",
                (_money(cost.mean), formats.signed(shown, "child-days", places=0), price),
            )
        )
    if not rows:
        return None
    return Table(
        "Extra cost and delay avoided over the whole run; "
        "a day with no social worker and an overdue assessment counts twice",
        "Option",
        ("Extra cost", "Child-days of delay avoided", "Cost of one avoided"),
        tuple(rows),
    )


def _money(value: float) -> str:
    return "£0" if abs(value) < 0.5 else f"{'+' if value > 0 else '−'}{formats.pounds(value)}"
