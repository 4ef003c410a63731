"""The results folder: what is in it, written whole or not at all, and read back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.experiment.errors import ReportError, ResultsError
from sim.experiment.results import causes, directory, files, flow, referrals, tables
from sim.experiment.results.journeys import CAUSE_COLUMNS, JOURNEY_COLUMNS, SIMULATED, JourneyFile, journeys_of
from sim.experiment.results.manifest import FILE, Manifest
from sim.experiment.results.results import Results
from sim.experiment.results.table_files import (
    WITHOUT_PARQUET,
    file_name,
    on_disk,
    parquet_installed,
    read_table,
    write_table,
)
from sim.experiment.running.drawn_figures import PARAMETER_COLUMNS
from sim.measures.snapshots import STOCK_COLUMNS, StockTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILES", "Writer", "check_target", "earlier", "load", "save"]

FILES: dict[str, str] = {
    "README.txt": "this list",
    "manifest.json": "what was run: version, scenarios in full, seed, replications, packages, warnings",
    "summary.csv": "each measure by period and breakdown: mean, range of runs, interval of the mean",
    "differences.csv": "each scenario against the baseline, paired by replication (comparisons only)",
    "measures.parquet": "each measure in every replication",
    "best.csv": "how sure it is which scenario is best on each measure (comparisons only)",
    "parameters.parquet": "what each replication drew for the figures that are ranges",
    "variance.csv": "how much of the variation between runs is chance, how much each uncertain figure",
    "explain.csv": "what each change of a scenario does, alone, last in and together (frontdoor explain)",
    "referrals.parquet": "children referred and expected each month, where means are adjusted for their chance",
    "stocks.parquet": "children open, unallocated and over the limit at each month end",
    "causes.parquet": "why children wait: child-days by quarter, stage, team and cause",
    "flow.parquet": "where simulated children are from week to week, in the first replication",
    "journeys.parquet": "one row for each simulated child in each stage",
    "exports": "the results for Excel, Word and Power BI, and charts as pictures (frontdoor export)",
    "report.html": "the report: open it in a browser; it needs no connection",
}
"""Every file that a results folder may hold, and what it is."""

Writer = Callable[[Results, Path], None]
"""Writes a file that is made of results, such as a report."""

_SHARED: Final = ("summary", "differences", "parameters", "variance", "best", "measures", "stocks", "causes", "flow")
"""Tables of results that are saved and that a report reads."""
_READ_AGAIN: Final = 5
"""Times that a folder is read anew when it was replaced meanwhile."""


def check_target(out: Path) -> None:
    """See that results could be written to `out`: before a long run, not after.

    Raises:
        ResultsError: when `out` holds something else, or cannot be made or replaced.
    """
    directory.check_place(out, "results", FILES)


def save(results: Results, out: Path, writers: Mapping[str, Writer]) -> Path:
    """Write the tables and put them where `out` is in one step; then add what the writers make.

    Raises:
        ResultsError: when `out` holds something else, or cannot be written.
        ReportError: when a writer fails; everything else is then saved.
    """
    check_target(out)
    names = {name for name in writers if name not in FILES}
    if names:
        raise ValueError(f"results folders have no file {min(names)}")

    def fill(folder: Path) -> None:
        _write(results, folder)
        files.write_text(folder / "README.txt", _readme({path.name for path in folder.iterdir()} | set(writers)))

    for table in _SHARED:  # once, not in the saving thread and in a writer at the same time
        getattr(results, table)
    # What the writers make takes as long as joining journeys, which does not hold Python up: both go on together.
    extra = directory.Scratch(_nearest(out.absolute().parent)) if writers else None
    failed: dict[str, Exception] = {}
    try:
        with ThreadPoolExecutor(1) as beside:
            saving = beside.submit(directory.replace_folder, out, fill, beside=True)
            for name, writer in writers.items():
                assert extra is not None
                try:
                    writer(results, extra.path / name)
                except Exception as error:
                    failed[name] = error
            folder = saving.result()
        for name in writers:
            if name not in failed:
                assert extra is not None
                try:
                    (extra.path / name).replace(folder / name)
                except OSError as error:
                    failed[name] = error
    finally:
        if extra is not None:
            extra.remove()
    if failed:
        held = {path.name for path in folder.iterdir()}
        files.write_text(folder / "README.txt", _readme(held))
        name, first = next(iter(failed.items()))
        why = " ".join(f"{type(first).__name__}: {first}".split())[:300]
        raise ReportError(
            f"{name} could not be made ({why}); every table is saved in {out if folder == out.resolve() else folder}"
        ) from first
    return folder


def load(folder: Path) -> Results:
    """Read a results folder; see `load_results`."""
    directory.recover(folder)
    for _ in range(_READ_AGAIN):
        before = _version(folder)
        try:
            results = _load(folder)
        except ResultsError:
            if _version(folder) == before:
                raise
            continue
        if _version(folder) == before:
            return results
    raise ResultsError(f"{folder} is being written; read it again when that has ended")


def earlier(out: Path) -> Manifest | None:
    """The manifest of the results that are in a folder; None where there are none that can be read."""
    try:
        directory.recover(out)
        return Manifest.read(out)
    except (ResultsError, OSError):
        return None


def _version(folder: Path) -> tuple[int, int] | None:
    """What changes when a folder is replaced."""
    try:
        known = (folder / FILE).stat()
    except (OSError, ValueError):
        return None
    return known.st_ino, known.st_mtime_ns


def _load(folder: Path) -> Results:
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if not is_folder:
        raise ResultsError(f"{folder} is not a folder of results")
    manifest = Manifest.read(folder)
    measures = read_table(
        folder / "measures.parquet", tables.MEASURE_COLUMNS, figures=("replication", "value"),
        texts=("scenario", "measure", "period", "breakdown"),
    )  # fmt: skip
    stocks = read_table(
        folder / "stocks.parquet", tuple(STOCK_COLUMNS), figures=("replication", *StockTable.FIGURES),
        texts=("scenario", "stage", "breakdown"), dates=("month",),
    )  # fmt: skip
    journeys, parameters = journeys_of(folder), on_disk(folder / "parameters.parquet")
    try:
        replications = tables.replications_of(measures)
        if manifest.adjusting:
            referred = read_table(
                folder / "referrals.parquet", tuple(referrals.REFERRAL_COLUMNS),
                figures=("replication", "children", "expected"), texts=("scenario",), dates=("month",),
            )  # fmt: skip
            replications = referrals.read(replications, referred)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, ZeroDivisionError) as error:
        raise ResultsError(f"{folder} is damaged: {' '.join(str(error).split())[:200]}") from None
    names = [each.name for each in manifest.scenarios]
    if [each.name for each in replications] != names:
        raise ResultsError(f"{folder} is damaged: measures.parquet does not hold the scenarios of {FILE}")
    return Results(
        manifest,
        replications,
        JourneyFile(journeys) if files.is_file(journeys) else None,
        stored_stocks=stocks,
        stored_causes=_causes(on_disk(folder / "causes.parquet")),
        stored_flow=_flow(on_disk(folder / "flow.parquet")),
        stored_parameters=_parameters(parameters),
        explained=files.read_csv(folder / "explain.csv"),
    )


def _causes(path: Path) -> pd.DataFrame | None:
    if not files.is_file(path):
        return None  # a folder of an earlier version
    return read_table(
        path, tuple(causes.CAUSE_TABLE_COLUMNS), figures=("replication", "days", "beyond"),
        texts=("scenario", "period", "stage", "team", "cause"),
    )  # fmt: skip


def _flow(path: Path) -> pd.DataFrame | None:
    if not files.is_file(path):
        return None  # a folder of an earlier version
    return read_table(
        path, tuple(flow.FLOW_COLUMNS), figures=("week", "children"), texts=("scenario", "kind", "stage", "what")
    )


def _parameters(path: Path) -> pd.DataFrame | None:
    if not files.is_file(path):
        return None
    return read_table(path, tuple(PARAMETER_COLUMNS), figures=("replication", "value"), texts=("scenario", "path"))


def _write(results: Results, folder: Path) -> None:
    given_up = threading.Event()
    # Journeys are joined beside everything else: pyarrow does not hold Python up.
    with ThreadPoolExecutor(1) as beside:
        journeys = results.kept_journeys
        joined = journeys and beside.submit(journeys.write, folder / journeys.file_name, given_up.is_set)
        try:
            _write_tables(results, folder)
        except BaseException:
            given_up.set()
            raise
        if joined:
            joined.result()
    files.write_json(folder / FILE, results.manifest.plain())


def _write_tables(results: Results, folder: Path) -> None:
    files.write_csv(results.summary, folder / "summary.csv")
    if results.differences is not None:
        files.write_csv(results.differences, folder / "differences.csv")
    if results.best is not None:
        files.write_csv(results.best, folder / "best.csv")
    if results.parameters is not None:
        write_table(results.parameters, folder / "parameters.parquet", SIMULATED)
    if results.variance is not None:
        files.write_csv(results.variance, folder / "variance.csv")
    if results.explained is not None:
        files.write_csv(results.explained, folder / "explain.csv", None)  # every digit: its rows add up
    write_table(results.measures, folder / "measures.parquet", SIMULATED)
    if results.manifest.adjusting:
        frame = referrals.frame(results.by_scenario)
        write_table(frame, folder / "referrals.parquet", SIMULATED, dates=["month"])
    write_table(results.stocks, folder / "stocks.parquet", SIMULATED, dates=["month"])
    if results.causes is not None:
        write_table(results.causes, folder / "causes.parquet", SIMULATED)
    if results.flow is not None:
        write_table(results.flow, folder / "flow.parquet", SIMULATED)


def _readme(names: set[str]) -> str:
    lines = [SIMULATED, "", *(() if parquet_installed() else (WITHOUT_PARQUET, ""))]
    here = {name if name in names else file_name(name): what for name, what in FILES.items()}
    lines += [f"{name:<18}{what}" for name, what in here.items() if name in names | {"README.txt"}]
    for table, columns in (
        ("journeys", JOURNEY_COLUMNS | CAUSE_COLUMNS),
        ("causes", causes.CAUSE_TABLE_COLUMNS),
        ("flow", flow.FLOW_COLUMNS),
        ("parameters", PARAMETER_COLUMNS),
        ("referrals", referrals.REFERRAL_COLUMNS),
        ("stocks", STOCK_COLUMNS),
    ):
        file = next((name for name in (f"{table}.parquet", f"{table}.csv") if name in names), None)
        if file is not None:
            width = max(map(len, columns)) + 2
            lines += ["", f"Columns of {file}", *(f"  {name:<{width}}{what}" for name, what in columns.items())]
    return "\n".join(lines) + "\n"


def _nearest(folder: Path) -> Path:
    """The folder itself, made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(f"{folder} cannot be written to: {error.strerror or error}") from None
    return folder
