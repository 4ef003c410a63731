"""Columns of journeys, and how they become an Arrow table or CSV without pandas.

Worker processes write journeys, and importing pandas takes a worker process longer than to simulate a small council.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["JourneyColumn", "as_arrow", "join_csv", "numbers", "read_csv", "texts", "write_csv"]

_DAYS = ("entered", "allocated", "work_done", "ended")
_NUMBERS = ("worker", "working_days")
_TEXTS = ("scenario", "stage", "locality", "team", "outcome")


@dataclass(frozen=True)
class JourneyColumn:
    """Numbers of a column: whole, or floating point of 32 bits.

    `blank`: rows without one. `labels`: names that the numbers count from 0. `days`: whether they are days since
    1 January 1970.
    """

    values: NDArray[Any]
    blank: NDArray[np.bool_] | None = None
    labels: tuple[str, ...] | None = None
    days: bool = False

    def plain(self) -> list[Any]:
        """The column as CSV has it: text, or a number."""
        if self.labels is not None:
            shown: list[Any] = np.array(self.labels or ("",), dtype=object)[self.values].tolist()
        elif self.days:
            shown = np.datetime_as_string(self.values.astype("datetime64[D]")).tolist()
        else:
            shown = self.values.tolist()
        if self.blank is not None:
            for row in np.flatnonzero(self.blank):
                shown[row] = ""
        return shown


def as_arrow(columns: Mapping[str, JourneyColumn], note: str) -> Any:
    """An Arrow table of the columns."""
    import pyarrow as pa

    def array(column: JourneyColumn) -> Any:
        kinds = {2: pa.int16(), 4: pa.date32() if column.days else pa.int32(), 8: pa.int64()}
        whole = np.issubdtype(column.values.dtype, np.integer)
        kind = kinds[column.values.dtype.itemsize] if whole else pa.float32()
        index = numbers(column.values, kind, column.blank)
        return index if column.labels is None else pa.DictionaryArray.from_arrays(index, texts(column.labels))

    return pa.table({name: array(column) for name, column in columns.items()}, metadata={"note": note})


def numbers(values: Any, kind: Any, blank: Any = None) -> Any:
    """An Arrow array of a numpy array of the same width.

    Made from the memory itself: `pyarrow.array` asks pandas about whatever it is given.
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


def write_csv(columns: Mapping[str, JourneyColumn], path: Path) -> None:
    """Write the columns as CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    from sim.experiment.results.files import inert

    shown = {
        name: (column if column.labels is None else _relabelled(column, [inert(label) for label in column.labels]))
        for name, column in columns.items()
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(shown)
        writer.writerows(zip(*(column.plain() for column in shown.values()), strict=True))


def _relabelled(column: JourneyColumn, labels: Sequence[str]) -> JourneyColumn:
    return JourneyColumn(column.values, column.blank, tuple(labels))


def join_csv(parts: Sequence[Path], path: Path, given_up: Callable[[], bool]) -> None:
    """Write parts one after another, with the heading of the first."""
    with path.open("wb") as joined:
        for place, part in enumerate(parts):
            if given_up():
                return
            with part.open("rb") as file:
                heading = file.readline()
                if place == 0:
                    joined.write(heading)
                while block := file.read(1 << 20):
                    joined.write(block)


def read_csv(path: Path) -> pd.DataFrame:
    """Read journeys as Parquet gives them: days as dates, numbers that may be missing as floating point.

    Raises:
        ValueError, OSError, KeyError: when they cannot be read.
    """
    import pandas as pd

    from sim.experiment.results.files import read_csv as read

    frame = read(path, dtype=dict.fromkeys(_TEXTS, str))
    if frame is None:
        raise OSError(f"{path} is missing")
    days = {name: pd.to_datetime(frame[name], format="%Y-%m-%d").dt.date.astype(object) for name in _DAYS}
    days = {name: column.where(column.notna(), None) for name, column in days.items()}
    return frame.assign(**days, **{name: frame[name].astype("float64") for name in _NUMBERS})
