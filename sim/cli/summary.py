"""The short table at the end of a run: headline measures with their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.measures.definitions import MEASURES
from sim.report.palette import letter

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results.results import Results
    from sim.measures.definitions import Measure

__all__ = ["changes", "headline"]


WIDTH: Final = 80
"""Letters across a terminal of which nothing else is known."""
_LABEL: Final = 20
"""Letters that the name of a measure has at least, where a table is narrow."""
_GAP: Final = "  "


def headline(results: Results, width: int = WIDTH) -> str:
    """Return the table as plain text: headline measures over the whole run, one column a scenario.

    Lines have at most `width` letters. Where scenarios are too many for that, letters stand for their names and the
    ranges are left out; where even this is too wide, lines are longer.
    """
    table = results.summary
    table = table[(table["period"] == "whole") & (table["breakdown"] == "all")]
    names = [str(name) for name in dict.fromkeys(table["scenario"])]
    measures = [measure for measure in MEASURES.values() if measure.headline]
    figures = _figures(table, names, measures, _clear(results))
    heads, key, ranges = list(names), [], True
    if not _fits(heads, figures, width, ranges=True):
        ranges = False
        if not _fits(heads, figures, width, ranges=False):
            heads = [letter(place) for place in range(len(names))]
            key = [f"{head}: {name}" for head, name in zip(heads, names, strict=True)]
    columns = [[head, *_cells(column, ranges)] for head, column in zip(heads, figures, strict=True)]
    lines = _lined_up(["", *(measure.short for measure in measures)], columns, width)
    count = results.manifest.replications
    notes = [f"Means of {count} replications{' [in 8 runs out of 10 between]' if count > 1 and ranges else ''}."]
    if not ranges and count > 1:
        notes.append("The ranges of 8 runs out of 10 are in summary.csv.")
    if len(names) > 1:
        together = f" of all {len(names) - 1} together" if len(names) > 2 else ""
        notes.append(f"* differs from {names[0]} by more than chance:")
        notes.append(f"  the paired 95% interval{together} leaves zero out.")
    return "\n".join(["Simulated; the whole run, open work at its end", *key, "", *lines, "", *notes])


_Figure = tuple[str, str, str]
"""A figure, its range in brackets, and a mark where it differs from the baseline by more than chance."""


def _figures(
    table: pd.DataFrame, names: Sequence[str], measures: Sequence[Measure], clear: dict[tuple[str, str], bool]
) -> list[list[_Figure]]:
    from sim.report.wording.formats import interval, number

    levels = {(row.scenario, row.measure): row for row in table.itertuples()}
    columns: list[list[_Figure]] = []
    for name in names:
        column: list[_Figure] = []
        for measure in measures:
            row = levels.get((name, measure.id))
            if row is None:
                column.append(("–", "", ""))
                continue
            spread = interval(row.low80, row.high80, measure.unit)
            mark = " *" if clear.get((name, measure.id)) else "  " if clear else ""
            column.append((number(row.mean, measure.unit), f" [{spread}]" if spread != "–" else "", mark))
        columns.append(column)
    return columns


def _cells(column: Sequence[_Figure], ranges: bool) -> list[str]:
    return [figure + (spread if ranges else "") + mark for figure, spread, mark in column]


def _fits(heads: Sequence[str], figures: Sequence[Sequence[_Figure]], width: int, *, ranges: bool) -> bool:
    columns = [[head, *_cells(column, ranges)] for head, column in zip(heads, figures, strict=True)]
    return _LABEL + sum(len(_GAP) + max(map(len, column)) for column in columns) <= width


def _lined_up(labels: Sequence[str], columns: Sequence[Sequence[str]], width: int) -> list[str]:
    """Lines of a table with a rule below the first; labels are broken where there is no room for them."""
    from textwrap import wrap

    widths = [max(map(len, column)) for column in columns]
    room = max(_LABEL, width - sum(len(_GAP) + each for each in widths))
    first = min(room, max(map(len, labels)))
    lines: list[str] = []
    for place, label in enumerate(labels):
        parts = wrap(label, first) or [""]
        cells = (column[place].rjust(each) for column, each in zip(columns, widths, strict=True))
        lines.append(_GAP.join([parts[0].ljust(first), *cells]).rstrip())
        lines += [f"{_GAP}{part}" for part in parts[1:]]
    lines.insert(1, "-" * max(map(len, lines)))
    return lines


def _clear(results: Results) -> dict[tuple[str, str], bool]:
    table = results.differences
    if table is None:
        return {}
    table = table[table["period"] == "whole"]
    clear = table["clear_of_chance"].fillna(False).to_numpy(dtype=bool)
    keys = zip(table["scenario"], table["measure"], strict=True)
    return {(str(name), str(measure)): bool(is_clear) for (name, measure), is_clear in zip(keys, clear, strict=True)}


def changes(results: Results) -> str:
    """Return as plain text what each change does on the measures asked for, over the year in which most changes."""
    from sim.report.waterfall import waterfalls
    from sim.report.wording.formats import interval, number, signed

    lines = []
    for waterfall in waterfalls(results):
        unit = waterfall.measure.unit
        lines += [f"{waterfall.measure.label} ({waterfall.when}; simulated)"]
        rows = [("", "own effect", "95% interval", "last in")]
        rows += [("baseline", number(waterfall.baseline, unit), "", "")]
        for step in waterfall.steps:
            ranged = interval(step.low, step.high, unit, difference=True)
            rows.append((step.label, signed(step.value, unit), ranged + (" *" if step.clear else ""), step.last_in))
        rows += [("scenario", number(waterfall.scenario, unit), "", "")]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines += [
            "  "
            + "   ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
            for row in rows
        ]
        lines.append("")
    lines.append("* more than chance, all effects of the measure looked at together. Own effect: turned on alone.")
    lines.append("Last in: what the scenario loses without it. Own effects and interaction add up to the scenario.")
    return "\n".join(lines)
