"""Folders of studies (sweep, solve, sensitivity): a manifest, tables and a report, each file whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sim.experiment.errors import ResultsError
from sim.experiment.results.journeys import SIMULATED
from sim.experiment.results.manifest import PRODUCT
from sim.experiment.results.version import package_versions, product_version

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.reading.loader import LoadedScenario

__all__ = [
    "check_folder", "close_folder", "kind_of", "manifest", "open_folder", "read_frame", "read_manifest", "remove_parts",
    "write_csv", "write_frame",
]  # fmt: skip


def manifest(kind: str, scenario: LoadedScenario, seed: int, started: datetime) -> dict[str, Any]:
    """What every study says of itself, as plain JSON values."""
    return {
        "product": PRODUCT,
        "product_version": product_version(),
        "kind": kind,
        "note": SIMULATED,
        "started": started.isoformat(timespec="seconds"),
        "seed": seed,
        "scenario": {
            "name": scenario.name,
            "title": scenario.scenario.title,
            "question": scenario.scenario.question,
            "file": scenario.path,
            "content_hash": scenario.content_hash,
            "overrides": [asdict(row) for row in scenario.overrides],
            "resolved": scenario.resolved,
            "register": [asdict(row) for row in scenario.register],
        },
        "packages": package_versions(),
    }


def check_folder(out: Path, kind: str, files: Mapping[str, str]) -> dict[str, Any] | None:
    """See that a study could be written to `out`; return the manifest of the one that is there, if any.

    Raises:
        ResultsError: when `out` holds something else or cannot be written to.
    """
    if out.is_dir() and any(out.iterdir()):
        try:
            said: Any = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = None
        mine = isinstance(said, dict) and said.get("product") == PRODUCT and said.get("kind") == kind
        strange = next((p.name for p in sorted(out.iterdir()) if p.name not in files and p.suffix != ".part"), None)
        if not mine or strange is not None:
            what = strange if mine else f"something other than a {kind}"
            raise ResultsError(f"{out} holds {what}; choose another folder with --out")
        found: dict[str, Any] = said
        return found
    if out.exists() and not out.is_dir():
        raise ResultsError(f"{out} is a file, not a folder; choose another with --out")
    parent = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise ResultsError(f"{parent} cannot be written to; choose another folder with --out")
    return None


def open_folder(
    out: Path, said: Mapping[str, Any], identity: Mapping[str, Any], kind: str, files: Mapping[str, str]
) -> None:
    """Begin a study in `out`, or go on with the one that is there.

    Raises:
        ResultsError: when `out` holds something else, or a study that asked something else.
    """
    before = check_folder(out, kind, files)
    if before is not None:
        wanted = json.loads(json.dumps(identity, default=str)) | {"product_version": said["product_version"]}
        other = next((key for key, value in wanted.items() if before.get(key) != value), None)
        if other is not None:
            what = {"content_hash": "scenario", "axes": "variation", "product_version": "version of frontdoor"}
            raise ResultsError(
                f"{out} holds a {kind} with another {what.get(other, other)}; choose another folder with --out"
            )
        return
    out.mkdir(parents=True, exist_ok=True)
    _write_text(out / "manifest.json", _json(said))


def close_folder(out: Path, said: Mapping[str, Any], files: Mapping[str, str]) -> None:
    """Write the manifest of a study that has finished, and the list of its files."""
    _write_text(out / "manifest.json", _json(said))
    lines = [SIMULATED, "", *(f"{name:<20}{what}" for name, what in files.items() if name != "parts")]
    _write_text(out / "README.txt", "\n".join(lines) + "\n")


def read_manifest(folder: Path, kind: str) -> dict[str, Any]:
    """Return the manifest of a study's folder.

    Raises:
        ResultsError: when it is not a study of this kind.
    """
    try:
        said: Any = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict) or said.get("product") != PRODUCT or said.get("kind") != kind:
        raise ResultsError(f"{folder} is not the folder of a {kind}")
    found: dict[str, Any] = said
    return found


def kind_of(folder: Path) -> str:
    """Which kind of study a folder holds; nothing for a folder of results, or of something else."""
    try:
        said: Any = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(said.get("kind", "")) if isinstance(said, dict) and said.get("product") == PRODUCT else ""


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet: the same frame gives the same bytes. Figures and words in one column are words."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    mixed = {name: frame[name].map(str) for name in frame.columns if frame[name].dtype == object}
    frame = frame.assign(**mixed)
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata({"note": SIMULATED})
    part = _beside(path)
    pq.write_table(table, part, compression="zstd")
    part.replace(path)


def read_frame(path: Path) -> pd.DataFrame:
    """Read a frame that `write_frame` wrote.

    Raises:
        ResultsError: when it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        frame: pd.DataFrame = pq.read_table(path).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise ResultsError(f"{path} cannot be read: {' '.join(str(error).split())[:200]}") from None
    return frame


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame for spreadsheets."""
    part = _beside(path)
    frame.to_csv(part, index=False, float_format="%.6g", lineterminator="\n", encoding="utf-8")
    part.replace(path)


def remove_parts(parts: Path) -> None:
    """Remove the parts of a study whose table is written."""
    shutil.rmtree(parts, ignore_errors=True)


def _beside(path: Path) -> Path:
    """A name of its own beside a file, so that two writers never share one."""
    return path.with_name(f".{path.name}.{uuid4().hex[:12]}.part")


def _json(said: Mapping[str, Any]) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False, default=str) + "\n"


def _write_text(path: Path, text: str) -> None:
    part = _beside(path)
    part.write_text(text, encoding="utf-8")
    part.replace(path)
