"""Files, each whole or not at all: every file that the product writes is written here, and read with a limit.

A file is written under another name beside its place and then renamed, so that whoever opens it finds the old file or
the new one, never a part.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from sim.experiment.errors import ResultsError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "as_json", "is_file", "read_csv", "read_json", "read_parquet", "write_csv", "write_json", "write_parquet",
    "write_text", "write_whole",
]  # fmt: skip

LARGEST_JSON: Final = 200_000_000
"""Bytes of a manifest beyond which it is not read: no run writes one as large."""
FORMULA: Final = ("=", "+", "-", "@")
"""What makes a spreadsheet take a text for a formula, at its beginning or after blanks there."""
SIX_FIGURES: Final = "%.6g"


def write_whole(path: Path, write: Callable[[Path], object], *, lasting: bool = False) -> None:
    """Have `write` fill a file beside `path`, then rename it there; `lasting` waits until the disk has it.

    Raises:
        OSError: when it cannot be written; nothing is then left beside `path`.
    """
    part = path.with_name(f".{uuid4().hex[:12]}.part")
    try:
        write(part)
        if lasting:
            _wait_for_disk(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str, *, lasting: bool = False) -> None:
    """Write text as UTF-8 with line feeds, whole or not at all."""
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"), lasting=lasting)


def write_document(path: Path, content: str | bytes) -> None:
    """Write a file that somebody opens, whole or not at all, and wait until the disk has it.

    Its folder is made if it is missing. Whoever opens `path` finds the earlier file or the new one, never a part.

    Raises:
        OSError: when it cannot be written; nothing is then left beside `path`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        write_text(path, content, lasting=True)
    else:
        write_whole(path, lambda part: part.write_bytes(content), lasting=True)


def as_json(values: object) -> str:
    """Values as JSON for people to read, ending in a line feed."""
    return json.dumps(values, indent=2, ensure_ascii=False, default=str) + "\n"


def write_json(path: Path, values: object) -> None:
    """Write values as JSON, whole or not at all."""
    write_text(path, as_json(values))


def write_csv(frame: pd.DataFrame, path: Path, floats: str | None = SIX_FIGURES) -> None:
    """Write a frame for spreadsheets, whole or not at all.

    A text that a spreadsheet would take for a formula gets an apostrophe in front. `floats` is the format of figures;
    None writes every digit.
    """
    inert = _changed_texts(frame, _inert)
    write_whole(
        path,
        lambda part: inert.to_csv(part, index=False, float_format=floats, lineterminator="\n", encoding="utf-8"),
    )


def read_csv(path: Path, columns: Sequence[str] = ()) -> pd.DataFrame | None:
    """Read a table that `write_csv` wrote; None where there is none.

    Raises:
        ResultsError: when it cannot be read or lacks one of the columns.
    """
    import pandas as pd

    if not is_file(path):
        return None
    try:
        frame = pd.read_csv(path, keep_default_na=True)
    except (ValueError, OSError) as error:  # pandas's own errors are values that cannot be read
        raise ResultsError(f"{path} cannot be read: {_short(error)}") from None
    _need(path, frame.columns, columns)
    return _changed_texts(frame, lambda text: text[1:] if text[:1] == "'" and _is_formula(text[1:]) else text)


def write_parquet(frame: pd.DataFrame, path: Path, note: str, *, dates: Sequence[str] = ()) -> None:
    """Write a frame as Parquet, whole or not at all: the same frame gives the same bytes.

    Columns of mixed figures and words are written as words; those named in `dates` as days.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    mixed = {name: frame[name].map(str) for name in frame.columns if frame[name].dtype == object}
    table = pa.Table.from_pandas(frame.assign(**mixed) if mixed else frame, preserve_index=False)
    for name in dates:
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table[name].cast(pa.date32()))
    table = table.replace_schema_metadata({"note": note})
    write_whole(path, lambda part: pq.write_table(table, part, compression="zstd"))


def read_parquet(
    path: Path, columns: Sequence[str] = (), *, figures: Sequence[str] = (), texts: Sequence[str] = ()
) -> pd.DataFrame:
    """Read a table that `write_parquet` wrote; columns of days come back as timestamps.

    Raises:
        ResultsError: when it is missing or cannot be read, lacks one of the columns, or a column of `figures` holds
            no numbers, or one of `texts` no texts.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not is_file(path):
        raise ResultsError(f"{path} is missing")
    try:
        table = pq.read_table(path)
        _need(path, table.column_names, columns)
        for place, field in enumerate(table.schema):
            if pa.types.is_date(field.type):
                table = table.set_column(place, field.name, table[field.name].cast(pa.timestamp("s")))
            if field.name in figures and not (pa.types.is_floating(field.type) or pa.types.is_integer(field.type)):
                raise ResultsError(f"{path} is damaged: its column {field.name} holds no figures")
            if field.name in texts and not _holds_texts(field.type):
                raise ResultsError(f"{path} is damaged: its column {field.name} holds no texts")
        frame: pd.DataFrame = table.to_pandas()
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError) as error:
        raise ResultsError(f"{path} cannot be read: {_short(error)}") from None
    return frame


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        ResultsError: when it is missing, not a file, too large, or not JSON.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would be waited for without end
        with os.fdopen(handle, "rb") as file:
            known = os.fstat(file.fileno())
            if not stat.S_ISREG(known.st_mode):
                raise ResultsError(f"{path} is not a file")
            if known.st_size > LARGEST_JSON:
                raise ResultsError(f"{path} is too large to read: {known.st_size:,} bytes")
            return json.loads(file.read().decode("utf-8"))
    except OSError as error:
        raise ResultsError(f"{path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise ResultsError(f"{path} is damaged: it is not JSON") from None


def is_file(path: Path) -> bool:
    """Whether there is a regular file: not a folder, a pipe or a device."""
    try:
        return path.is_file()
    except OSError:
        return False


def _holds_texts(kind: Any) -> bool:
    import pyarrow as pa

    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(held) or pa.types.is_large_string(held))


def _need(path: Path, held: Sequence[str], columns: Sequence[str]) -> None:
    missing = next((name for name in columns if name not in held), None)
    if missing is not None:
        raise ResultsError(f"{path} has no column {missing}")


def _changed_texts(frame: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """The frame with its texts changed; categories are changed once each."""
    import pandas as pd

    def changed(column: Any) -> Any:
        texts = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column.unique()
        new = {text: change(text) for text in texts if isinstance(text, str)}
        new = {text: other for text, other in new.items() if text != other}
        if not new:
            return column
        if isinstance(column.dtype, pd.CategoricalDtype):
            return column.cat.rename_categories(new)
        return column.map(lambda text: new.get(text, text) if isinstance(text, str) else text)

    columns = {name: frame[name] for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name].dtype)}
    replaced = {name: changed(column) for name, column in columns.items()}
    return frame.assign(**{name: column for name, column in replaced.items() if column is not columns[name]})


def _inert(text: str) -> str:
    """A text as a cell holds it: no formula, and no carriage return, which some read as the end of a row."""
    cell = text.replace("\r", " ")
    return f"'{cell}" if _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    return text.lstrip().startswith(FORMULA)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _wait_for_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
