"""Tables of figures as Parquet or, where pyarrow is not installed, as CSV with every digit.

A table is asked for by its name as Parquet, `measures.parquet`. Without pyarrow it is `measures.csv` instead, with the
same columns and rows. Both are read wherever pyarrow is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.errors import ResultsError
from sim.experiment.results.files import is_file, read_csv, short, write_csv, write_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "PARQUET", "WITHOUT_PARQUET", "file_name", "need_parquet", "on_disk", "parquet_installed", "read_table",
    "write_table",
]  # fmt: skip

PARQUET: Final = ".parquet"
WITHOUT_PARQUET: Final = (
    "Tables and journeys are CSV files: Parquet, which is smaller and faster, needs pyarrow "
    "(pip install 'frontdoor-sim[parquet]')."
)


@lru_cache(maxsize=1)
def parquet_installed() -> bool:
    """Whether pyarrow is installed."""
    try:
        return find_spec("pyarrow") is not None
    except ValueError:  # a module that was put out of the way
        return False


def file_name(name: str) -> str:
    """The name under which a table is written here: as it is given, ending in `.parquet`, or ending in `.csv`."""
    return name if parquet_installed() else str(Path(name).with_suffix(".csv"))


def on_disk(path: Path) -> Path:
    """The file that holds a table: the Parquet file, or the CSV file where only that is there."""
    other = path.with_suffix(".csv")
    return other if not is_file(path) and is_file(other) else path


def need_parquet(path: Path) -> None:
    """See that a Parquet file can be read.

    Raises:
        ResultsError: when pyarrow is not installed.
    """
    if path.suffix == PARQUET and not parquet_installed():
        raise ResultsError(
            f"{path} is a Parquet file, and reading it needs pyarrow: pip install 'frontdoor-sim[parquet]'"
        )


def write_table(frame: pd.DataFrame, path: Path, note: str, *, dates: Sequence[str] = ()) -> Path:
    """Write a frame, whole or not at all, and return the file: the same frame gives the same bytes.

    Columns of mixed figures and words are written as words; those named in `dates` as days. `note` is kept in a
    Parquet file only.
    """
    if not parquet_installed():
        days = {name: frame[name].dt.strftime("%Y-%m-%d") for name in dates if hasattr(frame[name], "dt")}
        path = path.with_suffix(".csv")
        write_csv(frame.assign(**days), path, floats=None)
        return path
    import pyarrow as pa
    import pyarrow.parquet as pq

    mixed = {name: frame[name].map(str) for name in frame.columns if frame[name].dtype == object}
    table = pa.Table.from_pandas(frame.assign(**mixed) if mixed else frame, preserve_index=False)
    for name in dates:
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table[name].cast(pa.date32()))
    table = table.replace_schema_metadata({"note": note})
    write_whole(path, lambda part: pq.write_table(table, part, compression="zstd"))
    return path


def read_table(
    path: Path, columns: Sequence[str] = (), *, figures: Sequence[str] = (), texts: Sequence[str] = (),
    dates: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Read a table that `write_table` wrote; columns of days come back as timestamps.

    Raises:
        ResultsError: when it is missing or cannot be read, lacks one of the columns, or a column of `figures` holds
            no numbers, or one of `texts` no texts.
    """
    path = on_disk(path)
    if not is_file(path):
        raise ResultsError(f"{path} is missing")
    if path.suffix != PARQUET:
        return _read_csv(path, columns, figures, texts, dates)
    need_parquet(path)
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        _need(path, table.column_names, columns)
        for place, field in enumerate(table.schema):
            if pa.types.is_date(field.type):
                table = table.set_column(place, field.name, table[field.name].cast(pa.timestamp("s")))
            if table.num_rows == 0:
                continue  # a column without a value has no kind either
            if field.name in figures and not (pa.types.is_floating(field.type) or pa.types.is_integer(field.type)):
                raise ResultsError(f"{path} is damaged: its column {field.name} holds no figures")
            if field.name in texts and not _holds_texts(field.type):
                raise ResultsError(f"{path} is damaged: its column {field.name} holds no texts")
        frame: pd.DataFrame = table.to_pandas()
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError) as error:
        raise ResultsError(f"{path} cannot be read: {short(error)}") from None
    return frame


def _read_csv(
    path: Path, columns: Sequence[str], figures: Sequence[str], texts: Sequence[str], dates: Sequence[str]
) -> pd.DataFrame:
    """Columns of `texts` hold texts whatever they look like, and an empty text is not a missing one."""
    import pandas as pd

    frame = read_csv(path, columns, dtype=dict.fromkeys(texts, str))
    assert frame is not None
    for name in figures:
        if name in frame.columns and not pd.api.types.is_numeric_dtype(frame[name].dtype):
            raise ResultsError(f"{path} is damaged: its column {name} holds no figures")
    filled = {name: frame[name].fillna("") for name in texts if name in frame.columns}
    try:
        days = {name: pd.to_datetime(frame[name], format="%Y-%m-%d").astype("datetime64[s]") for name in dates}
    except (ValueError, KeyError, TypeError):
        raise ResultsError(f"{path} is damaged: its column {', '.join(dates)} holds no days") from None
    return frame.assign(**filled, **days)


def _holds_texts(kind: Any) -> bool:
    import pyarrow as pa

    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(held) or pa.types.is_large_string(held))


def _need(path: Path, held: Sequence[str], columns: Sequence[str]) -> None:
    missing = next((name for name in columns if name not in held), None)
    if missing is not None:
        raise ResultsError(f"{path} has no column {missing}")
