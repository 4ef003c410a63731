"""Sweeps: many points, every replication of each, in one tidy table; one that was killed goes on where it stopped.

Each run is written as a part of its own, whole or not at all, and when all are there the parts become `sweep.parquet`,
in the order of points and replications. So a sweep that was stopped, by Ctrl-C, a power cut or the loss of a cluster,
and is started again, ends with the table of one that was never stopped.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.analysis.statistics import spread
from sim.experiment.errors import ReplicationsFailedError, ResultsError
from sim.experiment.results import files
from sim.experiment.results.manifest import FILE
from sim.experiment.results.table_files import PARQUET, on_disk, read_table
from sim.experiment.running.executor import Executor
from sim.experiment.studies import study_folder
from sim.experiment.studies.manifests import PointFailure, SweepManifest, begun, points_of, varied
from sim.experiment.studies.points import Point, PointRun, Points, last_full_year

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.running.task import Simulate
    from sim.experiment.studies.vary import Axis
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["Sweep", "load_sweep", "sweep"]

KIND = "sweep"
TABLE = "sweep.parquet"
PARTS = "parts"
_FIGURES = ("point", "replication", "value")
_TEXTS = ("measure", "period", "error")
FILES = {
    "README.txt": "this list",
    "manifest.json": "what was run: version, scenario in full, what was varied, seed, failures",
    TABLE: "one row for each point, replication, measure and period; a run that failed is a row with its error",
    "summary.csv": "each measure at each point: mean, range of runs, interval of the mean",
    "report.html": "the report: open it in a browser; it needs no connection",
    PARTS: "runs of a sweep that has not finished; start it again to go on",
}


@dataclass(frozen=True)
class Sweep:
    """A sweep's table and what was run. `table` has one column for each path that was varied."""

    manifest: SweepManifest
    table: pd.DataFrame

    @property
    def paths(self) -> list[str]:
        """What was varied."""
        return [axis.path for axis in self.manifest.axes]

    def summary(self) -> pd.DataFrame:
        """Mean, range of runs and interval of each measure and period at each point."""
        return summary(self.table, self.paths)


def sweep(
    scenario: LoadedScenario,
    axes: Sequence[Axis],
    points: Sequence[Point],
    out: Path,
    executor: Executor,
    *,
    design: str = "grid",
    replications: int = 10,
    seed: int = 1,
    measures: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    simulate: Simulate | None = None,
) -> Sweep:
    """Run every point, or what is missing of it in `out`, and write the folder.

    Runs that failed before are tried again: a lost machine may be back, and what fails always fails alike.

    Raises:
        ResultsError: when `out` holds something else, or another sweep.
        ReplicationsFailedError: when no run came out.
        KeyboardInterrupt: on Ctrl-C; what is complete stays in `out` for the next time.
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    manifest = SweepManifest(
        **begun(scenario, seed, started),
        content_hash=scenario.content_hash,
        design=design,
        axes=varied(axes),
        points=points_of(points),
        measures=tuple(measures),
        period=last_full_year(scenario.scenario),
    )
    study_folder.check_folder(out, KIND, FILES)
    with study_folder.study_lock(out, KIND):
        _begin(out, manifest)
        parts = out / PARTS
        parts.mkdir(exist_ok=True)
        done = _done(out)
        wanted = [
            (point, replication)
            # Replications outermost: a sweep that is stopped has something of every point.
            for replication in range(replications)
            for point in points
            if (point.number, replication) not in done
        ]
        runner = Points(scenario, seed, executor, measures, simulate, progress)
        runner.asked = runner.done = len(points) * replications - len(wanted)
        for run in runner.run(wanted):
            study_folder.write_frame(
                _rows(run, points[run.point]), parts / f"{run.point:06d}-{run.replication:06d}.parquet"
            )
        table = _gathered(out, replications)
        failed = table[table["error"] != ""]
        if len(failed) == len(table):
            raise ReplicationsFailedError(
                f"no run of the sweep came out; the first error is: {failed['error'].iloc[0]}"
            )
        manifest = manifest.model_copy(
            update={
                "replications": replications,
                "seconds": round(time.perf_counter() - began, 2),
                "failures": tuple(
                    PointFailure(point=int(row.point), replication=int(row.replication), error=row.error)
                    for row in failed.itertuples()
                ),
            }
        )
        finished = Sweep(manifest, table)
        study_folder.write_frame(table, out / TABLE)
        files.write_csv(finished.summary(), out / "summary.csv")
        study_folder.finish(out, manifest, FILES)
        shutil.rmtree(parts, ignore_errors=True)
    return finished


def load_sweep(folder: Path) -> Sweep:
    """Read the folder of a sweep that has finished.

    Raises:
        ResultsError: when it is not one, has not finished, or is damaged.
    """
    manifest = SweepManifest.read(folder)
    if not files.is_file(on_disk(folder / TABLE)):
        raise ResultsError(f"{folder} holds a sweep that has not finished; run it again to go on")
    table = read_table(folder / TABLE, _columns(manifest), figures=_FIGURES, texts=_TEXTS)
    return Sweep(manifest, table)


def _columns(manifest: SweepManifest) -> tuple[str, ...]:
    return (*_FIGURES, *_TEXTS, *(axis.path for axis in manifest.axes))


def _begin(out: Path, manifest: SweepManifest) -> None:
    """Write the manifest of a new sweep, or see that the sweep that is there asks the same.

    Raises:
        ResultsError: when it asks something else.
    """
    if not (out / FILE).exists():
        files.write_json(out / FILE, manifest.plain())
        return
    other = SweepManifest.read(out).differs_from(
        SweepManifest.model_validate(json.loads(files.as_json(manifest.plain())))
    )
    if other is not None:
        raise ResultsError(f"{out} holds a sweep with another {other}; choose another folder with --out")


def summary(table: pd.DataFrame, paths: Sequence[str]) -> pd.DataFrame:
    """Mean, range of runs and interval of the mean, by point, measure and period."""
    import pandas as pd

    sound = table[table["error"] == ""]
    wide = sound.pivot_table(
        index="replication", columns=["point", "measure", "period"], values="value", dropna=False, sort=False,
        observed=True,
    )  # fmt: skip
    wide = wide.loc[:, ~wide.columns.duplicated()]
    figures = spread(wide.to_numpy(dtype="float64"))
    keys = wide.columns.to_frame(index=False)
    values = table.drop_duplicates("point").set_index("point")[list(paths)]
    rows = pd.concat([keys[["point"]], values.loc[keys["point"]].reset_index(drop=True)], axis=1)
    rows[["measure", "period"]] = keys[["measure", "period"]]
    return rows.assign(**{field.name: getattr(figures, field.name) for field in fields(figures)})


def _rows(run: PointRun, point: Point) -> pd.DataFrame:
    """A run as rows; a run that failed is one row without a measure."""
    import pandas as pd

    keys = run.keys if run.error is None else (("", ""),)
    columns: dict[str, Any] = {"point": run.point}
    columns |= dict(point.values)
    columns |= {
        "replication": run.replication,
        "measure": [measure for measure, _ in keys],
        "period": [period for _, period in keys],
        "value": run.figures if run.error is None else [float("nan")],
        "error": run.error or "",
    }
    return pd.DataFrame(columns)


def _done(out: Path) -> set[tuple[int, int]]:
    """Runs that are there and did not fail. A damaged part, or a damaged table, is removed: its runs are made again."""
    done: set[tuple[int, int]] = set()
    for file in [on_disk(out / TABLE), *_parts(out)]:
        if not file.exists():
            continue
        try:
            frame = read_table(file, (*_FIGURES, *_TEXTS), figures=_FIGURES, texts=_TEXTS)
            kept = frame[frame["error"] == ""][["point", "replication"]].drop_duplicates()
            done |= {(int(p), int(r)) for p, r in zip(kept["point"], kept["replication"], strict=True)}
        except (ResultsError, ValueError):
            if file.is_dir():
                shutil.rmtree(file)
            else:
                file.unlink()
    return done


def _parts(out: Path) -> list[Path]:
    """Runs that are in parts yet, in order."""
    return sorted(path for path in (out / PARTS).glob("*") if path.suffix in (PARQUET, ".csv"))


def _gathered(out: Path, replications: int) -> pd.DataFrame:
    """All runs of the folder, the latest of each, in order."""
    import pandas as pd

    table = on_disk(out / TABLE)
    tables = [table] if table.is_file() else []
    frames = [read_table(file, texts=_TEXTS) for file in [*tables, *_parts(out)]]
    keyed = pd.concat(frames, ignore_index=True)
    keyed["_from"] = [n for n, frame in enumerate(frames) for _ in range(len(frame))]
    latest = keyed.groupby(["point", "replication"])["_from"].transform("max")
    kept = keyed[(keyed["_from"] == latest) & (keyed["replication"] < replications)]
    kept = kept.sort_values(["point", "replication"], kind="stable").drop(columns="_from").reset_index(drop=True)
    return kept.astype({"measure": "category", "period": "category"})
