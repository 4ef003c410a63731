"""How sure the figures are, in words: precision, what pairing gained, which scenario is best, what may be chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.analysis.stopping_words import how_it_ended, outcome_in_words
from sim.measures.definitions import MEASURES
from sim.report.results_view import WHOLE, ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.tables import Table
from sim.report.wording import formats
from sim.report.wording.verdict import judge

if TYPE_CHECKING:
    import pandas as pd

FEW: Final = formats.FEW
"""Replications below which intervals of means of skewed figures are not to be trusted much."""


@dataclass(frozen=True)
class Sureness:
    """Sentences, cautions and tables of the section. `unclear`: for each option, the measures that may be chance."""

    sentences: tuple[str, ...]
    cautions: tuple[str, ...]
    tables: tuple[tuple[str, Table], ...]
    """Tables, each with the words that open it."""
    unclear: tuple[str, ...] = ()


def sureness(data: ResultsView) -> Sureness | None:
    """Return what is said of how sure the results are; None where there is nothing to say."""
    sentences, cautions = _precision(data)
    if data.manifest.settling is not None:
        sentences += how_it_ended(data.manifest.settling)
    sentences += _controls(data)
    tables: list[tuple[str, Table]] = []
    unclear: list[str] = []
    if data.baseline is not None and data.replications > 1:
        for words, table in (_pairing(data), _best(data)):
            sentences += words
            tables += table
        unclear = _chance(data)
    if 1 < data.replications < FEW:
        cautions.append(
            f"Only {data.replications} runs: intervals are rough, and one unusual run can move every figure. Ask for "
            "ten or more before relying on them."
        )
    if not (sentences or cautions or tables or unclear):
        return None
    return Sureness(tuple(sentences), tuple(cautions), tuple(tables), tuple(unclear))


def _precision(data: ResultsView) -> tuple[list[str], list[str]]:
    outcome = data.manifest.precision
    if outcome is None:
        return [], []
    lines = outcome_in_words(outcome, {scenario.name: f"“{scenario.title}”" for scenario in data.scenarios})
    short = [line.removeprefix("Caution: ") for line in lines[1 if outcome.reached else 0 :]]
    return (lines[:1] if outcome.reached else []), [line[:1].upper() + line[1:] for line in short]


def _controls(data: ResultsView) -> list[str]:
    if not data.manifest.adjusting:
        return []
    from sim.experiment.analysis.control_variate_words import controlled

    results: Any = data.results
    return controlled(results)


def _pairing(data: ResultsView) -> tuple[list[str], list[tuple[str, Table]]]:
    table: pd.DataFrame | None = data.results.differences
    if table is None or "variance_reduction" not in table.columns:
        return [], []
    mine = table[table["period"] == WHOLE]
    gained = {
        (str(s), str(m)): float(v)
        for s, m, v in zip(mine["scenario"], mine["measure"], mine["variance_reduction"], strict=True)
        if math.isfinite(v)
    }
    ids = [m for m, measure in MEASURES.items() if measure.headline and any((s.name, m) in gained for s in data.others)]
    if not ids:
        return [], []
    rows = tuple((MEASURES[m].label, tuple(_times(gained.get((s.name, m))) for s in data.others)) for m in ids)
    columns = tuple(f"{s.letter} {s.title}" for s in data.others)
    gains = sorted(gained[s.name, m] for s in data.others for m in ids if (s.name, m) in gained)
    middle = gains[len(gains) // 2]
    sentence = (
        "Scenarios are compared on the same simulated children, so fewer runs are needed: with other children each "
        f"scenario would need {_times(middle)} as many to know the differences as well, on the middle key measure."
    )
    caption = "Runs that scenarios with other children each would need, against those on the same children (whole run)"
    return ([sentence] if middle >= 1.2 else []), [
        ("What the same children gain, measure by measure", Table(caption, "Measure", columns, rows))
    ]


def _times(gain: float | None) -> str:
    if gain is None:
        return formats.MISSING
    return f"{gain:,.0f} times" if gain >= 10 else f"{gain:.1f} times"


def _best(data: ResultsView) -> tuple[list[str], list[tuple[str, Table]]]:
    table: pd.DataFrame | None = getattr(data.results, "best", None)
    if table is None or table.empty or data.replications < FEW:
        return [], []
    shares = {
        (str(r.measure), str(r.scenario)): (float(r.best_share), float(r.best_in_runs)) for r in table.itertuples()
    }
    ids = [m for m, measure in MEASURES.items() if measure.headline and (m, data.scenarios[0].name) in shares]
    if not ids:
        return [], []
    rows = tuple((MEASURES[m].label, tuple(_best_cell(shares.get((m, s.name))) for s in data.scenarios)) for m in ids)
    columns = tuple(f"{s.letter} {s.title}" for s in data.scenarios)
    caption = "Likelihood that the mean is the best of them, in brackets the share of single runs (whole run)"
    opening = "How likely each scenario is the best, measure by measure"
    sentences = []
    sure: dict[str, list[str]] = {}
    for measure in ids:
        for scenario in data.scenarios:
            likely = shares.get((measure, scenario.name), (0.0, 0.0))[0] >= 0.95
            if likely and _better_than_each(data, scenario, measure):
                sure.setdefault(scenario.title, []).append(MEASURES[measure].label)
    for title, labels in sure.items():
        quoted = formats.listed([f"“{label}”" for label in labels])
        sentences.append(f"“{title}” is the best of them on {quoted}, with a likelihood of 95% or more.")
    if len(sure) == 0:
        sentences.append("On no key measure is it clear which scenario is the best.")
    return sentences, [(opening, Table(caption, "Measure", columns, rows))]


def _better_than_each(data: ResultsView, scenario: ScenarioView, measure: str) -> bool:
    """Whether the verdict on the scenario against each other one is that it is better: the rule of every table."""
    judged = [
        judge(data, scenario.name, MEASURES[measure], WHOLE, other.name)
        for other in data.scenarios
        if other != scenario
    ]
    return all(judgement is not None and judgement.verdict == "better" for judgement in judged)


def _best_cell(likelihood: tuple[float, float] | None) -> str:
    if likelihood is None:
        return formats.MISSING
    share, runs = (100 * part for part in likelihood)
    return f"{_percent(share)} ({runs:.0f}% of runs)"


def _percent(share: float) -> str:
    return "over 99%" if 99.5 <= share < 100 else "under 1%" if 0 < share < 0.5 else f"{share:.0f}%"


def _chance(data: ResultsView) -> list[str]:
    """Name the key measures whose difference over the whole run may be chance alone."""
    lines = []
    for scenario in data.others:
        unclear = []
        for measure in (m for m in MEASURES.values() if m.headline):
            difference: Any = data.difference(scenario.name, measure.id, WHOLE)
            if difference is not None and difference.mean != 0 and not difference.clear:
                unclear.append(f"“{measure.label}”")
        if unclear:
            few = data.replications < FEW
            lines.append(
                f"Too few runs to tell “{scenario.title}” from “{data.scenarios[0].title}” over the whole run on "
                f"{formats.listed(unclear)}."
                if few
                else f"Chance alone could explain the difference of “{scenario.title}” from "
                f"“{data.scenarios[0].title}” over the whole run on {formats.listed(unclear)}."
            )
    return lines
