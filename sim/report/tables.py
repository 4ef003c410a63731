"""Tables as plain text cells: the key measures of a period, and the text alternative of a chart.

Nothing here is HTML: the template writes every cell with its escaping on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.measures.definitions import MEASURES
from sim.report.results_view import WHOLE, ResultsView
from sim.report.wording import formats
from sim.report.wording.verdict import judge

if TYPE_CHECKING:
    from sim.experiment.results.manifest import ScenarioRecord


@dataclass(frozen=True)
class Table:
    """A table with one header cell a row. `rows` holds (header, cells); each row has a cell per column
    after it.
    """

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class KeyRow:
    """One scenario's line under a measure. The last three cells are empty for the baseline."""

    letter: str
    scenario: str
    mean: str
    range80: str
    difference: str = ""
    interval95: str = ""
    verdict: formats.Verdict | None = None


@dataclass(frozen=True)
class KeyMeasure:
    """A measure in one period, all scenarios."""

    label: str
    unit: str
    good: str
    meaning: str
    rows: tuple[KeyRow, ...]
    england: str = ""


@dataclass(frozen=True)
class KeyTable:
    """The key measures of one period."""

    period: str
    name: str
    measures: tuple[KeyMeasure, ...]


@dataclass(frozen=True)
class Assumption:
    """A figure of the register; `scenarios` names those that hold this value, empty when all do."""

    path: str
    value: str
    source: str
    date: str
    confidence: str
    note: str
    scenarios: tuple[str, ...] = field(default=())


_GOOD = {"lower": "lower is better", "higher": "higher is better"}


def key_tables(data: ResultsView) -> tuple[KeyTable, ...]:
    """Return the key measures for the whole run and each reporting year, the whole run last."""
    ids = [m.id for m in MEASURES.values() if m.headline or m.england]
    tables = []
    for period in (*data.years, WHOLE):
        measures = tuple(row for i in ids if (row := _key_measure(data, i, period)) is not None)
        if measures:
            name = (
                "whole run (open work: at its end)"
                if period == WHOLE
                else f"April {period[:4]} to March {int(period[:4]) + 1}"
            )
            tables.append(KeyTable(period, name, measures))
    return tuple(tables)


def _key_measure(data: ResultsView, measure_id: str, period: str) -> KeyMeasure | None:
    measure = MEASURES[measure_id]
    rows = []
    for scenario in data.scenarios:
        level = data.level(scenario.name, measure_id, period)
        mean = formats.number(level.mean if level else None, measure.unit)
        ranged = formats.interval(level.low80, level.high80, measure.unit) if level else formats.MISSING
        if data.baseline is None or scenario == data.baseline:
            rows.append(KeyRow(scenario.letter, scenario.title, mean, ranged))
            continue
        judged = judge(data, scenario.name, measure, period, data.baseline.name)
        difference = data.difference(scenario.name, measure_id, period)
        if difference is None:
            rows.append(
                KeyRow(scenario.letter, scenario.title, mean, ranged, formats.MISSING, formats.MISSING, "unknown")
            )
            continue
        rows.append(
            KeyRow(
                scenario.letter,
                scenario.title,
                mean,
                ranged,
                formats.signed(difference.mean, measure.unit),
                formats.interval(difference.low95, difference.high95, measure.unit, difference=True),
                None if judged is None else judged.verdict,
            )
        )
    if all(row.mean == formats.MISSING for row in rows):
        return None
    england = "; ".join(f"{formats.number(f.value, measure.unit)} in {f.year}" for f in measure.england)
    return KeyMeasure(
        measure.label,
        measure.unit,
        _GOOD.get(measure.better, ""),
        measure.meaning,
        tuple(rows),
        f"England (published): {england}" if england else "",
    )


def register(records: Sequence[ScenarioRecord], titles: Mapping[str, str]) -> tuple[Assumption, ...]:
    """Return the assumptions register, a row that every scenario shares shown once.

    Args:
        records: the scenarios of the results' manifest.
        titles: scenario title by name, in order.
    """
    by_row: dict[tuple[str, str, str, str, str, str], list[str]] = {}
    for record in records:
        for row in record.assumptions:
            cells = (row.path, _cell(row.value), row.source, row.date, row.confidence, row.note)
            names = by_row.setdefault(cells, [])
            if record.name not in names:
                names.append(record.name)
    shared = set(titles)
    assumptions = []
    for (path, value, source, day, confidence, note), names in by_row.items():
        holders = () if set(names) >= shared else tuple(titles.get(name, name) for name in names)
        assumptions.append(Assumption(path, value, source, day, confidence, note, holders))
    return tuple(sorted(assumptions, key=lambda row: row.path))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_cell(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_cell(item) for item in value)
    return str(value)
