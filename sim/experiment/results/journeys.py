"""Journeys: one row for each simulated child in each spell, as a Parquet file, or as CSV.

Each replication writes a part, and the parts are joined one after another as row groups, so that no more than
one replication is ever held in memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import uuid4

import numpy as np

from sim.experiment.errors import ResultsError
from sim.experiment.results.table_files import PARQUET, file_name, need_parquet, on_disk
from sim.measures.waiting.causes import CAUSES

if TYPE_CHECKING:
    import pandas as pd

    from sim.calendar import WorkingDayCalendar
    from sim.experiment.results.directory import Scratch
    from sim.experiment.results.journey_columns import JourneyColumn
    from sim.measures.waiting.days import CauseDays
    from sim.model.recording import Recording

__all__ = [
    "CAUSE_COLUMNS", "JOURNEY_COLUMNS", "SIMULATED", "JourneyFile", "JourneyParts", "Journeys", "Kept", "journeys_of",
    "write_part",
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

    @property
    def file_name(self) -> str:
        """The name that the file of all of them has."""

    def write(self, path: Path, given_up: Callable[[], bool] = lambda: False) -> None:
        """Write all of them to one file; leave off when asked and found to be given up."""

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
    """Write the journeys of one replication, whole or not at all: as Parquet, or as CSV if the path ends in `.csv`.

    `causes`: the causes of all days, if they are known.
    """
    columns = _columns(recording, calendar, scenario, replication, causes)
    # A name of its own: a worker that was given up for lost may still be writing the same part.
    part = path.with_suffix(f".{uuid4().hex[:12]}.unfinished")
    if path.suffix == PARQUET:
        import pyarrow.parquet as pq

        from sim.experiment.results.journey_columns import as_arrow

        # A part is read once and whole: only what is a name anyway is worth a dictionary, and only the report asks for
        # statistics, to pass over the parts of scenarios that it does not draw.
        table = as_arrow(columns, SIMULATED)
        pq.write_table(table, part, compression="zstd", use_dictionary=NAMES, write_statistics=["scenario"])
    else:
        from sim.experiment.results.journey_columns import write_csv

        write_csv(columns, part)
    part.replace(path)


def _columns(
    recording: Recording, calendar: WorkingDayCalendar, scenario: str, replication: int, causes: CauseDays | None
) -> dict[str, JourneyColumn]:
    from sim.experiment.results.journey_columns import JourneyColumn
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

    def each(values: Any, blank: Any = None) -> JourneyColumn:
        return JourneyColumn(values[spell], None if blank is None else blank[spell])

    def dates(column: str) -> JourneyColumn:
        days = spells[column]
        known = np.clip(days, calendar.first_known, calendar.last_known)
        # Day -1 and earlier are real days before the run for a start; for all else -1 means not (yet).
        blank = np.zeros(len(days), dtype=bool) if column == "entered" else days == -1
        return replace(each(calendar.dates(known).astype(np.int32), blank), days=True)

    def names(codes: Any, labels: Sequence[str]) -> JourneyColumn:
        blank = codes < 0
        return replace(each(np.where(blank, 0, codes).astype(np.int16), blank), labels=tuple(labels))

    by_cause = {}
    if causes is not None:
        waited = by_spell(recording, causes)
        by_cause = {name: each(waited[:, place].astype(np.float32)) for place, name in enumerate(CAUSE_COLUMNS)}
    return {
        "scenario": names(np.zeros(len(children), dtype=np.int16), [scenario]),
        "replication": JourneyColumn(np.full(len(spell), replication, dtype=np.int32)),
        "case": each(spells["case"].astype(np.int64)),
        "child": JourneyColumn(first.astype(np.int64)[spell] + np.arange(len(spell))),
        "stage": names(spells["stage"], STAGES),
        "locality": names(spells["locality"], recording.localities),
        "team": names(spells["team"], recording.teams),
        "worker": each(spells["worker"].astype(np.int32), spells["worker"] < 0),
        "entered": dates("entered"),
        "allocated": dates("allocated"),
        "work_done": dates("work_done"),
        "ended": dates("ended"),
        "outcome": names(spells["outcome"], OUTCOMES),
        "working_days": each((ended - clock).astype(np.int32), (ended < 0) | (clock <= NOT_STARTED)),
        **by_cause,
    }


def journeys_of(folder: Path) -> Path:
    """The file of a results folder that holds its journeys, whether it is there or not."""
    return on_disk(folder / "journeys.parquet")


@dataclass(frozen=True)
class JourneyParts:
    """Journeys still in parts, in the order of scenarios and replications."""

    parts: tuple[Path, ...]
    scratch: Scratch
    """Holds the parts."""

    @property
    def file_name(self) -> str:
        """As the parts are: Parquet or CSV."""
        return f"journeys{self.parts[0].suffix}" if self.parts else file_name("journeys.parquet")

    def write(self, path: Path, given_up: Callable[[], bool] = lambda: False) -> None:
        """Join the parts: of Parquet, one row group each."""
        if path.suffix != PARQUET:
            from sim.experiment.results.journey_columns import join_csv

            join_csv(self.parts, path, given_up)
            return
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
        if self.parts and self.parts[0].suffix != PARQUET:
            return _read_csv(*self.parts)
        import pyarrow as pa
        import pyarrow.parquet as pq

        tables = [pq.read_table(part) for part in self.parts]
        frame: pd.DataFrame = pa.concat_tables(tables).unify_dictionaries().to_pandas()
        return frame


@dataclass(frozen=True)
class JourneyFile:
    """Journeys in a results folder."""

    path: Path

    @property
    def file_name(self) -> str:
        """As it is."""
        return self.path.name

    def write(self, path: Path, given_up: Callable[[], bool] = lambda: False) -> None:
        """Copy the file."""
        shutil.copyfile(self.path, path)

    def read(self) -> pd.DataFrame:
        """Read the whole file."""
        if not self.path.is_file():
            raise ResultsError(f"{self.path} is not there: its journeys were not kept")
        need_parquet(self.path)
        try:
            frame = _read_parquet(self.path) if self.path.suffix == PARQUET else _read_csv(self.path)
        except (OSError, ValueError, KeyError) as error:
            raise ResultsError(f"{self.path} cannot be read: {' '.join(str(error).split())[:200]}") from None
        missing = next((name for name in JOURNEY_COLUMNS if name not in frame.columns), None)
        if missing is not None:
            raise ResultsError(f"{self.path} has no column {missing}")
        return frame


def _read_parquet(path: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        frame: pd.DataFrame = pq.read_table(path).to_pandas()
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error
    return frame


def _read_csv(*paths: Path) -> pd.DataFrame:
    import pandas as pd

    from sim.experiment.results.journey_columns import read_csv

    frame: pd.DataFrame = pd.concat([read_csv(path) for path in paths], ignore_index=True)
    return frame.astype(dict.fromkeys(NAMES, "category"))
