"""Journeys: one row for each simulated child in each spell, as a Parquet file.

Each replication writes a part, and the parts are joined one after another as row groups, so that no more than
one replication is ever held in memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import uuid4

import numpy as np

from sim.experiment.errors import ResultsError
from sim.measures.waiting.causes import CAUSES

if TYPE_CHECKING:
    import pandas as pd

    from sim.calendar import WorkingDayCalendar
    from sim.experiment.results.directory import Scratch
    from sim.measures.waiting.days import CauseDays
    from sim.model.recording import Recording

__all__ = [
    "CAUSE_COLUMNS", "JOURNEY_COLUMNS", "SIMULATED", "JourneyFile", "JourneyParts", "Journeys", "Kept", "write_part",
]  # fmt: skip

SIMULATED = "Simulated by Front Door: the children, cases and workers in this file are not real."
"""Said in every file that leaves the product."""

Kept = Literal["all", "first", "none"]
"""Which replications keep their journeys: all of them, the first of each scenario, or none."""

JOURNEY_COLUMNS: dict[str, str] = {
    "scenario": "name of the scenario",
    "replication": "number of the replication, from 0",
    "case": "number of the case (a sibling group); the same group in every scenario of a comparison",
    "child": "number of the simulated child",
    "stage": "stage of the pathway",
    "locality": "locality of the case",
    "team": "team that holds the stage, if any",
    "worker": "number of the social worker, if any",
    "entered": "day the stage began",
    "allocated": "day a worker of the stage's team took it",
    "work_done": "day the stage's work was done",
    "ended": "day the stage ended; missing when open at the end of the run",
    "outcome": "where it led; missing when open at the end of the run",
    "working_days": "working days from the start of the statutory clock to the end; missing when open or never started",
}

CAUSE_COLUMNS: dict[str, str] = {
    f"days_{cause.name}": f"working days of the stay inside the run, by cause: {cause.label}" for cause in CAUSES
}
"""Further columns, which the journeys of an earlier version do not have."""

NAMES = ["scenario", "stage", "locality", "team", "outcome"]
"""The columns that hold one name of a few."""

Columns = Mapping[str, Any]


class Journeys(Protocol):
    """Journeys that can be written to a file or read as a frame."""

    def write(self, path: Path, given_up: Callable[[], bool] = lambda: False) -> None:
        """Write all of them to one Parquet file; leave off when asked and found to be given up."""

    def read(self) -> pd.DataFrame:
        """Return all of them as one frame, sorted by scenario, replication and spell."""


def write_part(
    path: Path,
    recording: Recording,
    calendar: WorkingDayCalendar,
    scenario: str,
    replication: int,
    causes: CauseDays | None = None,
) -> None:
    """Write the journeys of one replication, whole or not at all; with the causes of all days, if they are known."""
    import pyarrow.parquet as pq

    # A name of its own: a worker that was given up for lost may still be writing the same part.
    part = path.with_suffix(f".{uuid4().hex[:12]}.unfinished")
    # A part is read once and whole: only what is a name anyway is worth a dictionary, and only the report asks for
    # statistics, to pass over the parts of scenarios that it does not draw.
    table = _table(recording, calendar, scenario, replication, causes)
    pq.write_table(table, part, compression="zstd", use_dictionary=NAMES, write_statistics=["scenario"])
    part.replace(path)


def _table(
    recording: Recording, calendar: WorkingDayCalendar, scenario: str, replication: int, causes: CauseDays | None
) -> Any:
    import pyarrow as pa

    from sim.measures.dates import NOT_STARTED
    from sim.measures.order import Numbered
    from sim.measures.waiting.table import by_spell
    from sim.model.recording import OUTCOMES, STAGES

    spells, cases = recording.spells, recording.cases
    children = spells["children"].astype(np.int64)
    spell = np.repeat(np.arange(len(children)), children)
    # What the children of a spell have in common is worked out for the spell, and then repeated for each.
    first = cases["first_child"][Numbered(cases["case"]).find(spells["case"])] - (np.cumsum(children) - children)
    ended, clock = spells["ended"].astype(np.int64), spells["clock_start"].astype(np.int64)

    def each(values: Any, kind: Any, blank: Any = None) -> Any:
        return numbers(values[spell], kind, None if blank is None else blank[spell])

    def dates(column: str) -> Any:
        days = spells[column]
        known = np.clip(days, calendar.first_known, calendar.last_known)
        # Day -1 and earlier are real days before the run for a start; for all else -1 means not (yet).
        blank = np.zeros(len(days), dtype=bool) if column == "entered" else days == -1
        return each(calendar.dates(known).astype(np.int32), pa.date32(), blank)

    def names(codes: Any, labels: Sequence[str]) -> Any:
        blank = codes < 0
        index = each(np.where(blank, 0, codes).astype(np.int16), pa.int16(), blank)
        return pa.DictionaryArray.from_arrays(index, texts(labels))

    by_cause = {}
    if causes is not None:
        days = by_spell(recording, causes)
        by_cause = {name: each(days[:, place], pa.float32()) for place, name in enumerate(CAUSE_COLUMNS)}
    return pa.table(
        {
            "scenario": names(np.zeros(len(children), dtype=np.int16), [scenario]),
            "replication": numbers(np.full(len(spell), replication, dtype=np.int32), pa.int32()),
            "case": each(spells["case"].astype(np.int64), pa.int64()),
            "child": numbers(first.astype(np.int64)[spell] + np.arange(len(spell)), pa.int64()),
            "stage": names(spells["stage"], STAGES),
            "locality": names(spells["locality"], recording.localities),
            "team": names(spells["team"], recording.teams),
            "worker": each(spells["worker"].astype(np.int32), pa.int32(), spells["worker"] < 0),
            "entered": dates("entered"),
            "allocated": dates("allocated"),
            "work_done": dates("work_done"),
            "ended": dates("ended"),
            "outcome": names(spells["outcome"], OUTCOMES),
            "working_days": each((ended - clock).astype(np.int32), pa.int32(), (ended < 0) | (clock <= NOT_STARTED)),
            **by_cause,
        },
        metadata={"note": SIMULATED},
    )


def numbers(values: Any, kind: Any, blank: Any = None) -> Any:
    """An Arrow array of a numpy array of the same width.

    Made from the memory itself: `pyarrow.array` asks pandas about whatever it is given, and importing pandas takes a
    worker process longer than to simulate a small council.
    """
    import pyarrow as pa

    known = None if blank is None else pa.py_buffer(np.packbits(~blank, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, len(values), [known, pa.py_buffer(np.ascontiguousarray(values))])


def texts(labels: Sequence[str]) -> Any:
    """An Arrow array of texts."""
    import pyarrow as pa

    written = [label.encode() for label in labels]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), len(labels), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(written))])


@dataclass(frozen=True)
class JourneyParts:
    """Journeys still in parts, in the order of scenarios and replications."""

    parts: tuple[Path, ...]
    scratch: Scratch
    """Holds the parts."""

    def write(self, path: Path, given_up: Callable[[], bool] = lambda: False) -> None:
        """Join the parts, one row group each."""
        import pyarrow.parquet as pq

        writer = None
        try:
            for part in self.parts:
                if given_up():
                    break
                table = pq.read_table(part)
                if writer is None:
                    writer = pq.ParquetWriter(path, table.schema, compression="zstd")
                writer.write_table(table)
        finally:
            if writer is not None:
                writer.close()

    def read(self) -> pd.DataFrame:
        """Return the parts as one frame."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        tables = [pq.read_table(part) for part in self.parts]
        frame: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas()
        return frame


@dataclass(frozen=True)
class JourneyFile:
    """Journeys in a results folder."""

    path: Path

    def write(self, path: Path, given_up: Callable[[], bool] = lambda: False) -> None:
        """Copy the file."""
        shutil.copyfile(self.path, path)

    def read(self) -> pd.DataFrame:
        """Read the whole file."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not self.path.is_file():
            raise ResultsError(f"{self.path} is not there: its journeys were not kept")
        try:
            frame: pd.DataFrame = pq.read_table(self.path).to_pandas()
        except (pa.ArrowException, OSError, ValueError) as error:
            raise ResultsError(f"{self.path} cannot be read: {' '.join(str(error).split())[:200]}") from None
        missing = next((name for name in JOURNEY_COLUMNS if name not in frame.columns), None)
        if missing is not None:
            raise ResultsError(f"{self.path} has no column {missing}")
        return frame
