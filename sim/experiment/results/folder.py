"""The results folder: what is in it, written whole or not at all, and read back."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ResultsError
from sim.experiment.results import referrals, tables
from sim.experiment.results.journeys import JOURNEY_COLUMNS, SIMULATED, JourneyFile
from sim.experiment.results.manifest import PRODUCT
from sim.experiment.results.results import Results
from sim.experiment.running.drawn_figures import PARAMETER_COLUMNS
from sim.measures.snapshots import STOCK_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILES", "check_target", "load", "save"]

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
    "referrals.parquet": "children referred and expected each month, where means are adjusted for their luck",
    "stocks.parquet": "children open, unallocated and over the limit at each month end",
    "journeys.parquet": "one row for each simulated child in each stage",
    "report.html": "the report: open it in a browser; it needs no connection",
}
"""Every file that a results folder may hold, and what it is."""

_FLOATS = "%.6g"


def check_target(out: Path) -> None:
    """See that results could be written to `out`: before a long run, not after.

    Raises:
        ResultsError: when `out` is there and is not a results folder of this product, or cannot be made.
    """
    if out.is_dir():
        held = sorted(path.name for path in out.iterdir())
        if not held:
            return
        if not _is_results(out):
            raise ResultsError(f"{out} holds something other than results; choose another folder with --out")
        strange = next((name for name in held if name not in FILES), None)
        if strange is not None:
            raise ResultsError(
                f"{out} holds {strange}, which replacing the results would remove; move it, or choose "
                "another folder with --out"
            )
    elif out.exists() or out.is_symlink():
        raise ResultsError(f"{out} is a file, not a folder; choose another with --out")
    parent = next(path for path in out.absolute().parents if path.exists())
    if not parent.is_dir():
        raise ResultsError(f"{parent} is a file, not a folder; choose another folder with --out")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise ResultsError(f"{parent} cannot be written to; choose another folder with --out")


def save(results: Results, out: Path, *, report: bool) -> Path:
    """Write everything beside `out` and rename it there in one step; see `Results.save`."""
    check_target(out)
    out = out.resolve()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
    except OSError as error:
        raise ResultsError(f"{out} cannot be written: {error.strerror or error}") from None
    try:
        _write(results, staging, report)
        staging.chmod(0o777 & ~_umask())
        _swap(staging, out)
    except OSError as error:
        raise ResultsError(f"{out} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return out


def load(folder: Path) -> Results:
    """Read a results folder; see `load_results`."""
    if not folder.is_dir():
        raise ResultsError(f"{folder} is not a folder of results")
    if not _is_results(folder):
        raise ResultsError(f"{folder} is not a folder of results: it has no manifest.json of {PRODUCT}")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    measures = _read(folder / "measures.parquet", tables.MEASURE_COLUMNS)
    stocks = _read(folder / "stocks.parquet", tuple(STOCK_COLUMNS))
    journeys = folder / "journeys.parquet"
    parameters = folder / "parameters.parquet"
    ensembles = tables.ensembles_of(measures)
    if manifest.get("controls") == "on":
        table = _read(folder / "referrals.parquet", tuple(referrals.REFERRAL_COLUMNS))
        ensembles = referrals.read(ensembles, table)
    return Results(
        manifest,
        ensembles,
        JourneyFile(journeys) if journeys.is_file() else None,
        stored_stocks=stocks,
        stored_parameters=_read(parameters, tuple(PARAMETER_COLUMNS)) if parameters.is_file() else None,
        explained=_read_csv(folder / "explain.csv"),
    )


def _write(results: Results, folder: Path, report: bool) -> None:
    given_up = threading.Event()
    # Journeys are joined beside everything else: pyarrow does not hold Python up.
    with ThreadPoolExecutor(1) as beside:
        journeys = results.kept_journeys
        joined = journeys and beside.submit(journeys.write, folder / "journeys.parquet", given_up.is_set)
        try:
            _write_tables(results, folder)
            if report:
                from importlib import import_module

                # By name, because a report knows results and not the other way round.
                import_module("sim.report").write_report(results, folder / "report.html")
        except BaseException:
            given_up.set()
            raise
        if joined:
            joined.result()
    manifest = json.dumps(results.manifest, indent=2, ensure_ascii=False, default=str)
    (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
    names = {path.name for path in folder.iterdir()} | {"README.txt"}
    (folder / "README.txt").write_text(_readme(names), encoding="utf-8")


def _write_tables(results: Results, folder: Path) -> None:
    _write_csv(results.summary, folder / "summary.csv")
    if results.differences is not None:
        _write_csv(results.differences, folder / "differences.csv")
    if results.best is not None:
        _write_csv(results.best, folder / "best.csv")
    if results.parameters is not None:
        _write_parquet(results.parameters, folder / "parameters.parquet")
    if results.variance is not None:
        _write_csv(results.variance, folder / "variance.csv")
    if results.explained is not None:
        _write_csv(results.explained, folder / "explain.csv", None)  # every digit: its rows add up
    _write_parquet(results.measures, folder / "measures.parquet")
    if results.manifest.get("controls") == "on":
        _write_parquet(referrals.frame(results.ensembles), folder / "referrals.parquet")
    _write_parquet(results.stocks, folder / "stocks.parquet")


def _write_csv(frame: pd.DataFrame, path: Path, floats: str | None = _FLOATS) -> None:
    frame.to_csv(path, index=False, float_format=floats, lineterminator="\n", encoding="utf-8")


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    if "month" in frame.columns:
        place = table.schema.get_field_index("month")
        table = table.set_column(place, "month", table["month"].cast(pa.date32()))
    pq.write_table(table.replace_schema_metadata({"note": SIMULATED}), path, compression="zstd")


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise ResultsError(f"{path} is missing")
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise ResultsError(f"{path} cannot be read: {' '.join(str(error).split())[:200]}") from None
    missing = next((name for name in columns if name not in table.column_names), None)
    if missing is not None:
        raise ResultsError(f"{path} has no column {missing}")
    if "month" in table.column_names:
        place = table.schema.get_field_index("month")
        table = table.set_column(place, "month", table["month"].cast(pa.timestamp("s")))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _read_csv(path: Path) -> pd.DataFrame | None:
    import pandas as pd

    return pd.read_csv(path, keep_default_na=True) if path.is_file() else None


def _swap(staging: Path, out: Path) -> None:
    """Put the new folder where the old one is; if that fails the old one stays."""
    if not out.exists():
        staging.rename(out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".old", dir=out.parent))
    old = aside / out.name
    out.rename(old)
    try:
        staging.rename(out)
    except OSError:
        old.rename(out)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _is_results(folder: Path) -> bool:
    try:
        said: Any = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("product") == PRODUCT


def _readme(names: set[str]) -> str:
    lines = [SIMULATED, ""]
    lines += [f"{name:<18}{what}" for name, what in FILES.items() if name in names]
    for title, file, columns in (
        ("Columns of journeys.parquet", "journeys.parquet", JOURNEY_COLUMNS),
        ("Columns of parameters.parquet", "parameters.parquet", PARAMETER_COLUMNS),
        ("Columns of referrals.parquet", "referrals.parquet", referrals.REFERRAL_COLUMNS),
        ("Columns of stocks.parquet", "stocks.parquet", STOCK_COLUMNS),
    ):
        if file in names:
            lines += ["", title, *(f"  {name:<16}{what}" for name, what in columns.items())]
    return "\n".join(lines) + "\n"


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
