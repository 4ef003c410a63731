"""Files, each whole or not at all: every file that the product writes is written here, and read with a limit.

A file is written under another name beside its place and then renamed, so that whoever opens it finds the old file or
the new one, never a part.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from sim.experiment.errors import ResultsError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "as_json", "inert", "is_file", "read_csv", "read_json", "short", "write_csv", "write_json", "write_text",
    "write_whole",
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
    harmless = _changed_texts(frame, inert)
    write_whole(
        path,
        lambda part: harmless.to_csv(part, index=False, float_format=floats, lineterminator="\n", encoding="utf-8"),
    )


def read_csv(
    path: Path, columns: Sequence[str] = (), *, dtype: Mapping[str, type] | None = None
) -> pd.DataFrame | None:
    """Read a table that `write_csv` wrote; None where there is none. `dtype` says which columns hold what.

    Raises:
        ResultsError: when it cannot be read or lacks one of the columns.
    """
    import pandas as pd

    if not is_file(path):
        return None
    try:
        frame = pd.read_csv(path, keep_default_na=dtype is None, na_values=[""], dtype=dict(dtype or {}))
    except (ValueError, OSError, OverflowError) as error:  # pandas's own errors are values that cannot be read
        raise ResultsError(f"{path} cannot be read: {short(error)}") from None
    _need(path, frame.columns, columns)
    return _changed_texts(frame, lambda text: text[1:] if text[:1] == "'" and _is_formula(text[1:]) else text)


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


def inert(text: str) -> str:
    """Return a text as a cell of a spreadsheet holds it: no formula, and no carriage return, which some read as the end
    of a row.
    """
    cell = text.replace("\r", " ")
    return f"'{cell}" if _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    return text.lstrip().startswith(FORMULA)


def short(error: BaseException) -> str:
    """An error's text in one line of at most 200 letters."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def _wait_for_disk(path: Path) -> None:
    with path.open("r+b") as file:  # Windows waits only for a file that may be written to
        os.fsync(file.fileno())
