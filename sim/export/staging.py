"""Exports written beside their place and moved there when all of them are whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sim.experiment.results.directory import scratch_beside
from sim.experiment.results.files import write_text
from sim.experiment.results.folder import FILES
from sim.experiment.results.journeys import SIMULATED
from sim.export.errors import ExportError

__all__ = ["EXPORTED", "describe_in_readme", "staged"]

EXPORTED: Final[dict[str, str]] = {
    "README.txt": "this list",
    "results.xlsx": "the tables as an Excel workbook: cover, contents, notes, and one table a sheet",
    "decision.docx": "the decision on one page of Word",
    "powerbi/": "a star schema for Power BI: CSV and Parquet, with data_dictionary.csv and relationships.txt",
    "events/": "an event log of the journeys: events.csv and events.parquet, and the form that vidigi reads",
    "charts/": "each chart of the report as a PNG picture",
    "simulated-annex-a-*.xlsx": "a simulated council's Annex A workbook, as at the day in its name",
    "simulated-cin-census-*.xml": "a simulated council's children in need census, as at the day in its name",
    "simulated-workforce-*.xml": "a simulated council's workforce census, as at the day in its name",
    "simulated-dfe-tables-*/": "a simulated year as tables in the DfE's column names",
}
"""What a folder of exports may hold."""

_LINE: Final = "exports"


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give a folder to write into; on a sound end what it holds replaces its namesakes in `out`.

    If anything fails, `out` is as it was.

    Raises:
        ExportError: when `out` is a file or cannot be written to.
    """
    if out.exists() and not out.is_dir():
        raise ExportError(f"{out} is a file, not a folder; choose another with --out")
    out = out.absolute()
    existed = out.is_dir()
    with scratch_beside(out, ExportError) as scratch:
        new = scratch / "new"
        new.mkdir()
        try:
            yield new
            out.mkdir(exist_ok=True)
            _replace(new, out, scratch / "old")
            write_text(out / "README.txt", _readme(out))
        except OSError as error:
            if not existed and out.is_dir() and not any(out.iterdir()):
                out.rmdir()
            if isinstance(error, PermissionError) and existed:
                raise ExportError(
                    f"{out} is left as it was ({error.strerror}): if a file of it is open in another program, such as "
                    "Excel, close it there; or choose another folder with --out"
                ) from error
            raise ExportError(f"{out} cannot be written: {error.strerror or error}") from error


def _replace(new: Path, out: Path, aside: Path) -> None:
    """Move every file and folder of `new` to `out`; if one move fails, put back what was there."""
    aside.mkdir()
    moved: list[str] = []
    try:
        for path in sorted(new.iterdir()):
            path.chmod((0o777 if path.is_dir() else 0o666) & ~_umask())
            moved.append(path.name)
            if (out / path.name).exists():
                (out / path.name).rename(aside / path.name)
            path.rename(out / path.name)
    except OSError:
        for name in moved:
            if (aside / name).exists():
                if (out / name).exists():
                    (out / name).rename(new / f"{name}.undone")
                (aside / name).rename(out / name)
        raise


def _readme(out: Path) -> str:
    held = [name for name in EXPORTED if name == "README.txt" or any(out.glob(name.rstrip("/")))]
    width = max(18, max(map(len, held)) + 2)
    return "\n".join([SIMULATED, "", *(f"{name:<{width}}{EXPORTED[name]}" for name in held)]) + "\n"


def describe_in_readme(folder: Path) -> None:
    """Name the exports in the README of a results folder, where it does not yet."""
    readme = folder / "README.txt"
    lines = readme.read_text(encoding="utf-8").split("\n") if readme.is_file() else [SIMULATED, "", ""]
    if any(line.startswith(f"{_LINE} ") for line in lines):
        return
    end = next((place for place in range(2, len(lines)) if not lines[place]), len(lines))
    lines.insert(end, f"{_LINE:<18}{FILES[_LINE]}")
    write_text(readme, "\n".join(lines))


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
