"""Counting journeys by stage and outcome without holding them all: a run of years keeps millions of rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import ResultsError
from sim.experiment.results.table_files import PARQUET, need_parquet

if TYPE_CHECKING:
    from sim.report.results_view import ResultsLike

_COLUMNS = ("scenario", "replication", "stage", "outcome")

Flows = Mapping[tuple[str, str], float]


def flows(results: ResultsLike, scenario: str) -> Flows:
    """Return mean children a run by (stage, outcome) in a scenario; the outcome is empty when still open.

    Only four columns are read, one replication at a time where the results keep them in files. Empty when the
    results kept no journeys.
    """
    counted: Counter[tuple[str, str]] = Counter()
    replications: set[int] = set()
    try:
        for part in _parts(results, scenario):
            for (name, replication, stage, outcome), children in part.items():
                if name == scenario:
                    replications.add(replication)
                    counted[stage, outcome] += children
    except (ResultsError, FileNotFoundError):  # results kept without journeys still have a report
        return {}
    return {link: children / len(replications) for link, children in counted.items()}


def _parts(results: ResultsLike, scenario: str) -> Iterable[Counter[tuple[str, int, str, str]]]:
    kept: Any = getattr(results, "kept_journeys", None)
    paths = getattr(kept, "parts", None) or ([kept.path] if hasattr(kept, "path") else [])
    if paths:
        for path in paths:
            yield from _file(Path(path), scenario)
        return
    read = getattr(results, "journeys", None)
    if not callable(read):
        return
    frame = read()
    if frame is None or frame.empty or not set(_COLUMNS) <= set(frame.columns):
        return
    yield _counted([frame[column].astype(object).where(frame[column].notna(), "") for column in _COLUMNS])


def _file(path: Path, scenario: str) -> Iterable[Counter[tuple[str, int, str, str]]]:
    if not path.is_file():
        raise FileNotFoundError(path)
    if path.suffix != PARQUET:
        with path.open(encoding="utf-8", newline="") as file:
            counted = Counter(tuple(row[column] for column in _COLUMNS) for row in csv.DictReader(file))
        yield Counter({(name, int(run), stage, end): many for (name, run, stage, end), many in counted.items()})
        return
    need_parquet(path)
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            if not _may_hold(file.metadata.row_group(group), scenario):
                continue
            table = file.read_row_group(group, columns=list(_COLUMNS))
            codes, names = [], []
            for column in _COLUMNS:
                coded = table[column].combine_chunks()
                if not hasattr(coded, "dictionary"):
                    coded = coded.dictionary_encode()
                names.append([*coded.dictionary.to_pylist(), ""])
                blank = len(coded.dictionary)
                codes.append(coded.indices.fill_null(blank).to_numpy(zero_copy_only=False))
            # One number for each row: numbers are counted many times as fast as rows of four.
            sizes = [len(name) for name in names]
            children = np.bincount(np.ravel_multi_index(codes, sizes))
            numbers = np.flatnonzero(children)
            rows = np.stack(np.unravel_index(numbers, sizes), axis=1)
            yield Counter(
                {
                    tuple(name[code] for name, code in zip(names, row, strict=True)): int(many)
                    for row, many in zip(rows, children[numbers], strict=True)
                }
            )


def _may_hold(group: Any, scenario: str) -> bool:
    """Whether a row group may have rows of a scenario, by what the file says of its least and its last name."""
    for place in range(group.num_columns):
        column = group.column(place)
        if column.path_in_schema == "scenario":
            known = column.statistics
            return known is None or not known.has_min_max or known.min <= scenario <= known.max
    return True


def _counted(columns: list[Any]) -> Counter[tuple[str, int, str, str]]:
    return Counter(
        (str(name), int(replication), str(stage), str(outcome))
        for name, replication, stage, outcome in zip(*columns, strict=True)
    )
