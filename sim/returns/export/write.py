"""A run's journeys written as returns: `frontdoor export DIR --to annex-a,cin-census,dfe-tables`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sim.returns.errors import ReturnsError
from sim.returns.export.episodes import Run, read_run

__all__ = ["KINDS", "export_returns", "returns_of_run", "write_returns"]

KINDS = {
    "annex-a": "an Annex A workbook",
    "cin-census": "a children in need census",
    "dfe-tables": "tables in the DfE's column names",
}
"""What a simulated council can be written as."""


def export_returns(
    folder: str | Path,
    kinds: Sequence[str] = tuple(KINDS),
    *,
    scenario: str | None = None,
    replication: int = 0,
    as_at: date | None = None,
    out: str | Path | None = None,
) -> list[Path]:
    """Write a simulated council's returns as at a day, and return their paths.

    `folder` is the folder of a run; `out` the folder to write to, by default `exports` in it. Each file says in its
    name and, where its form allows, inside that its children are simulated; their numbers begin with SIM.

    Raises:
        ReturnsError: for a kind, scenario, replication or day that there is not.
        ResultsError: when the folder has no journeys.
        ExportError: when `out` cannot be written.
    """
    contents = returns_of_run(folder, kinds, scenario=scenario, replication=replication, as_at=as_at)
    return write_returns(contents, Path(out) if out is not None else Path(folder) / "exports")


def returns_of_run(
    folder: str | Path,
    kinds: Sequence[str],
    *,
    scenario: str | None = None,
    replication: int = 0,
    as_at: date | None = None,
) -> dict[str, bytes]:
    """Return the contents of each file by its name; arguments and errors as for `export_returns`."""
    for kind in kinds:
        if kind not in KINDS:
            raise ReturnsError(f"'{kind}' is no return that can be written; choose from {', '.join(KINDS)}")
    run = read_run(Path(folder), scenario, replication, as_at)
    contents: dict[str, bytes] = {}
    for kind in dict.fromkeys(kinds):
        contents |= _WRITERS[kind](run)
    return contents


def write_returns(contents: dict[str, bytes], out: Path) -> list[Path]:
    """Write files into a folder, all of them or none, and return what was written there.

    Raises:
        ExportError: when the folder cannot be written.
    """
    from sim.export.staging import staged

    with staged(out) as new:
        for name, content in contents.items():
            (new / name).parent.mkdir(exist_ok=True)
            (new / name).write_bytes(content)
    return [out / name for name in dict.fromkeys(name.partition("/")[0] for name in contents)]


def _annex_a(run: Run) -> dict[str, bytes]:
    from sim.returns.export.annex_a import annex_a_bytes

    return {f"simulated-annex-a-{run.as_at}.xlsx": annex_a_bytes(run.episodes, run.as_at)}


def _census(run: Run) -> dict[str, bytes]:
    from sim.returns.export.cin_census import census_text

    return {f"simulated-cin-census-{run.as_at}.xml": census_text(run.episodes, run.as_at).encode("utf-8")}


def _tables(run: Run) -> dict[str, bytes]:
    from sim.returns.export.dfe_tables import dfe_tables

    if (run.as_at.month, run.as_at.day) != (3, 31) or run.year_begins < run.first:
        raise ReturnsError(
            f"the DfE's tables are of years from April to March: give a 31 March with --as-at that ends a year of the "
            f"run, which goes from {run.first} to {run.last}"
        )
    tables = dfe_tables(run.episodes, run.as_at, run.scenario, run.first)
    return {f"simulated-dfe-tables-{run.as_at.year}/{name}": text.encode("utf-8") for name, text in tables.items()}


_WRITERS = {"annex-a": _annex_a, "cin-census": _census, "dfe-tables": _tables}
