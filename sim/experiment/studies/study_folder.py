"""Folders of studies (sweep, solve, sensitivity): written as results folders are, by the same functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.errors import ResultsError
from sim.experiment.results import directory, files
from sim.experiment.results.journeys import SIMULATED
from sim.experiment.results.manifest import FILE
from sim.experiment.results.table_files import on_disk, write_table

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.studies.manifests import StudyManifest

__all__ = ["check_folder", "finish", "save_study", "study_lock", "write_frame"]

README = "README.txt"


def check_folder(out: Path, kind: str, names: Mapping[str, str]) -> None:
    """See that a study of this kind could be written to `out`; `names` are the files that it may hold.

    Raises:
        ResultsError: when `out` holds something else, or cannot be made or replaced.
    """
    directory.check_place(out, f"a {kind}", names, kind)


@contextmanager
def study_lock(out: Path, kind: str) -> Iterator[None]:
    """Keep every other process out of a study's folder while the body runs.

    Raises:
        ResultsError: when another process writes to it already, or the folder cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(f"{out} cannot be written: {error.strerror or error}") from None
    try:
        with directory.writing(out, wait=0.0):
            for left_over in out.glob("**/.*.part"):
                left_over.unlink(missing_ok=True)
            yield
    except OSError as error:
        raise ResultsError(f"{out} cannot be written: {error.strerror or error}") from error
    finally:
        if out.is_dir() and not any(out.iterdir()):
            out.rmdir()


def save_study(
    out: Path, kind: str, names: Mapping[str, str], manifest: StudyManifest, tables: Mapping[str, pd.DataFrame]
) -> None:
    """Write a study's folder, but for its report, in one step.

    `tables`: each table by its file's name without an ending. It is written as Parquet, and if `names` has it, as CSV.

    Raises:
        ResultsError: when `out` holds something else, or cannot be written.
    """
    check_folder(out, kind, names)

    def fill(folder: Path) -> None:
        for name, table in tables.items():
            write_frame(table, folder / f"{name}.parquet")
            if f"{name}.csv" in names:
                files.write_csv(table, folder / f"{name}.csv")
        finish(folder, manifest, names)

    directory.replace_folder(out, fill)


def finish(folder: Path, manifest: StudyManifest, names: Mapping[str, str]) -> None:
    """Write the manifest of a study that has finished, and the list of its files."""
    files.write_json(folder / FILE, manifest.plain())
    lines = [SIMULATED, "", *(f"{name:<20}{what}" for name, what in _listed(folder, names).items())]
    files.write_text(folder / README, "\n".join(lines) + "\n")


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a study's table: as Parquet, or as CSV where pyarrow is not installed."""
    write_table(frame, path, SIMULATED)


def _listed(folder: Path, names: Mapping[str, str]) -> dict[str, str]:
    """The files of a finished study and what they are, by the names that they have here."""
    return {on_disk(folder / name).name: what for name, what in names.items() if name != "parts"}
