"""The assumptions that matter most: measured where figures were ranges, else those of the chosen option itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.analysis.settling import DELAY
from sim.experiment.analysis.variance import CHANCE
from sim.measures.definitions import MEASURES
from sim.report.results_view import ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.tables import Assumption, register
from sim.report.wording import formats

if TYPE_CHECKING:
    import pandas as pd

FIVE = 5


def first_line(data: ResultsView, chosen: ScenarioView) -> str:
    """Return one line on the assumption that matters most to the result."""
    measured = _measured(data, chosen)
    if measured:
        words, share, measure = measured[0]
        return (
            f"{formats.sentence_case(words)} matters most: it explains {100 * share:.0f}% of how runs differ in "
            f"“{MEASURES[measure].label}”."
        )
    own, others = _assumed(data, chosen)
    if not own + others:
        return "The scenarios mark no figure as an assumption."
    total = len(own) + len(others)
    count, are = formats.counted(total, "figure"), "is an assumption" if total == 1 else "are assumptions"
    if not own:
        return f"{count} of the scenarios {are}, which these runs do not test (frontdoor sensitivity does)."
    return (
        f"“{chosen.short}” assumes {own[0]}. In all {count} {are}, which these runs do not test "
        "(frontdoor sensitivity does)."
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
    return [(words(path), share, measure) for path, (share, measure) in ordered if share >= 0.01]


def _assumed(data: ResultsView, chosen: ScenarioView) -> tuple[list[str], list[str]]:
    """Assumptions that only some scenarios hold, the chosen one among them; and those that all share."""
    rows = register(data.manifest, {s.name: s.title for s in data.scenarios})
    assumed = [row for row in rows if row.confidence == "assumption"]
    own = [row for row in assumed if chosen.title in row.scenarios]
    own.sort(key=lambda row: len(row.scenarios))
    shared = [row for row in assumed if not row.scenarios]
    return ([_said(row) for row in own], [_said(row) for row in shared])


def _said(row: Assumption) -> str:
    """A figure with its place and value in words: `the children of takes held cases in the duty team, 90`."""
    head, *steps = [step for step in row.path.replace("_", " ").split(".") if not step.isdecimal()]
    where = f" of “{steps.pop(0)}”" if head == "teams" and steps else f" ({head})"
    name = ": ".join(steps) if steps else head
    return f"{name}{where if steps else ''}{f', {formats.day_name(row.value)}' if len(row.value) <= 40 else ''}"
