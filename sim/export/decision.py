"""What a decision needs on one page: the options side by side, the sentences about them, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.export.texts import plain
from sim.measures.definitions import MEASURES
from sim.report import headline
from sim.report.decision import decision
from sim.report.results_view import WHOLE, ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.wording import formats
from sim.report.wording.verdict import judge

__all__ = ["OptionFigure", "OptionRow", "about", "lead", "period", "rows", "sentences", "sureness", "title"]

ROWS: Final = (
    "assessments_open_over_45wd", "unallocated", "assessments_45wd_pct", "cin_open_over_12m", "plo_open",
    "court_open", "cost_total",
)  # fmt: skip
"""Measures of the table of options, in the order of the page."""


@dataclass(frozen=True)
class OptionFigure:
    """An option's figure. `difference` is from the baseline; None for the baseline, or where nothing is known."""

    mean: float | None
    difference: float | None
    word: str


@dataclass(frozen=True)
class OptionRow:
    """A measure in one period (`whole`, or the last reporting year), with a cell for each scenario."""

    label: str
    unit: str
    better: str
    period: str
    cells: tuple[OptionFigure, ...]


def title(view: ResultsView) -> str:
    """Return the result and its cost in a line: the title of the report's first screen."""
    return plain(decision(view).title)


def lead(view: ResultsView) -> str:
    """Return what the title rests on, in a line or two; empty for a single run."""
    return plain(decision(view).lead)


def about(view: ResultsView) -> str:
    """Return how the figures were made, in a line."""
    manifest = view.manifest
    text = f"Simulated by Front Door {manifest.product_version}"
    if manifest.started:
        text += f" on {formats.day_name(manifest.started)}"
    text += f"; {formats.counted(view.replications, 'run')} of each option"
    text += f", seed {manifest.seed}"
    return plain(f"{text}. No child, case or worker in it is real.")


def period(view: ResultsView, measure_id: str) -> str:
    """Return the period that the table of options shows: the last reporting year, money over the whole run."""
    return WHOLE if MEASURES[measure_id].unit == formats.POUNDS or not view.years else view.years[-1]


def rows(view: ResultsView) -> tuple[OptionRow, ...]:
    """Return the table of options; a measure that no scenario has is left out."""
    table = []
    for measure_id in ROWS:
        measure, when = MEASURES[measure_id], period(view, measure_id)
        cells = tuple(_cell(view, scenario, measure_id, when) for scenario in view.scenarios)
        if any(cell.mean is not None for cell in cells):
            table.append(OptionRow(measure.label, measure.unit, measure.better, when, cells))
    return tuple(table)


def _cell(view: ResultsView, scenario: ScenarioView, measure_id: str, when: str) -> OptionFigure:
    level = view.level(scenario.name, measure_id, when)
    mean = None if level is None else level.mean
    if view.baseline is None or scenario == view.baseline:
        return OptionFigure(mean, None, "")
    difference = view.difference(scenario.name, measure_id, when)
    if difference is None:
        return OptionFigure(mean, None, "")
    judgement = judge(view, scenario.name, MEASURES[measure_id], when, view.baseline.name)
    return OptionFigure(mean, difference.mean, "" if judgement is None else _WORDS[judgement.verdict])


_WORDS: Final[dict[formats.Verdict, str]] = {
    "worse": "worse", "better": "better", "higher": "higher", "lower": "lower", "mixed": "mixed",
    "unclear": "no clear difference", "unknown": "too few runs to tell",
}  # fmt: skip


def sentences(view: ResultsView, most: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return at most `most` sentences in all, by scenario: those that lead the report, shared out evenly."""
    blocks = [block for block in headline.headline(view) if block.against is None or block.against == view.baseline]
    each = max(1, most // max(len(blocks), 1))
    return tuple((plain(b.scenario.title), tuple(plain(s.text) for s in b.sentences[:each])) for b in blocks)


def sureness(view: ResultsView) -> str:
    """Return how sure the figures are, as the report's first screen says it."""
    return plain(decision(view).sure)
