"""The assumptions that matter most: measured where figures were ranges, else those of the chosen option itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.analysis.settling import DELAY
from sim.experiment.analysis.variance import CHANCE
from sim.measures.definitions import MEASURES
from sim.report.results_view import ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.tables import register
from sim.report.wording import formats
from sim.report.wording.figures_in_words import figure_in_words

if TYPE_CHECKING:
    import pandas as pd

FIVE = 5
_TEST = "(frontdoor sensitivity)"


def first_line(data: ResultsView, chosen: ScenarioView) -> str:
    """Return one line on the assumption that matters most to the result."""
    measured = _measured(data, chosen)
    if measured:
        words, share, measure = measured[0]
        return (
            f"What matters most is the {words}: it explains {100 * share:.0f}% of how runs differ in "
            f"“{MEASURES[measure].label}”."
        )
    own, others = _assumed(data, chosen)
    if not own + others:
        return "The scenarios mark no figure as an assumption."
    if not own:
        are = "is an assumption" if len(others) == 1 else "are assumptions"
        count = formats.counted(len(others), "figure")
        return f"{count} of the scenarios {are} that these runs do not test; an analyst can {_TEST}."
    count = formats.counted(len(own), "assumption")
    shared = f" or the {len(others)} that every option shares" if others else ""
    return (
        f"“{chosen.short}” rests on {count} of its own, such as {own[0]}. These runs do not test "
        f"{'it' if len(own) == 1 else 'them'}{shared}; an analyst can {_TEST}."
    )


def top_five(data: ResultsView, chosen: ScenarioView) -> tuple[str, tuple[str, ...]]:
    """Return a heading and up to five assumptions, those that matter most first."""
    measured = _measured(data, chosen)
    if measured:
        lines = [f"{formats.sentence_case(w)}: {100 * s:.0f}% of “{MEASURES[m].label}”" for w, s, m in measured[:FIVE]]
        return "Assumptions that explain most of how runs differ", tuple(lines)
    own, others = _assumed(data, chosen)
    lines = [formats.sentence_case(line) for line in (*own, *others)[:FIVE]]
    return f"Assumptions to test first, those of “{chosen.short}” before the rest", tuple(lines)


def _measured(data: ResultsView, chosen: ScenarioView) -> list[tuple[str, float, str]]:
    from sim.experiment.running.drawn_figures import ENSEMBLE
    from sim.report.charts.unknowns import words

    table: pd.DataFrame | None = getattr(data.results, "variance", None)
    if table is None or table.empty:
        return []
    of = "difference" if data.others else "level"
    named = chosen.name if chosen in (data.others or data.scenarios) else (data.others or data.scenarios)[0].name
    mine = table[(table["scenario"].astype(str) == named) & (table["of"] == of) & (table["source"] != CHANCE)]
    if (mine["measure"] == DELAY).any():
        mine = mine[mine["measure"] == DELAY]
    best: dict[str, tuple[float, str]] = {}
    for row in mine.itertuples():
        path, share = str(row.source), float(row.share)
        if share > best.get(path, (0.0, ""))[0] and row.measure in MEASURES:
            best[path] = (share, str(row.measure))
    ordered = sorted(best.items(), key=lambda item: -item[1][0])
    resolved = data.record(chosen).resolved
    return [
        (words(path) if path.startswith(ENSEMBLE) else figure_in_words(path, "", resolved), share, measure)
        for path, (share, measure) in ordered
        if share >= 0.01
    ]


def _assumed(data: ResultsView, chosen: ScenarioView) -> tuple[list[str], list[str]]:
    """Assumptions that only some scenarios hold, the chosen one among them; and those that all share."""
    rows = register(data.manifest.scenarios, {s.name: s.title for s in data.scenarios})
    assumed = [row for row in rows if row.confidence == "assumption"]
    own = [row for row in assumed if chosen.title in row.scenarios]
    own.sort(key=lambda row: len(row.scenarios))
    shared = [row for row in assumed if not row.scenarios]
    resolved = data.record(chosen).resolved
    own_words, shared_words = (
        [figure_in_words(row.path, row.value, resolved) for row in rows] for rows in (own, shared)
    )
    return own_words, shared_words
