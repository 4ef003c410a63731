"""A run's journeys written as returns: `frontdoor to-returns`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sim.experiment.results.files import write_document
from sim.returns.errors import ReturnsError
from sim.returns.export.annex_a import annex_a_bytes
from sim.returns.export.cin_census import census_text
from sim.returns.export.episodes import read_episodes

__all__ = ["KINDS", "export_returns"]

KINDS = ("annex-a", "cin-census")


def export_returns(
    folder: str | Path,
    kinds: Sequence[str] = KINDS,
    *,
    scenario: str | None = None,
    replication: int = 0,
    as_at: date | None = None,
    out: str | Path | None = None,
) -> list[Path]:
    """Write a simulated council's returns as at a day, and return their paths.

    `folder` is the folder of a run; `out` the folder to write to, by default the same. Each file says in its name and
    inside that its children are simulated; their numbers begin with SIM.

    Raises:
        ReturnsError: for a kind, scenario, replication or day that there is not.
        ResultsError: when the folder has no journeys.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise ReturnsError(f"'{kind}' is no return that can be written; choose from {', '.join(KINDS)}")
    episodes, day = read_episodes(Path(folder), scenario, replication, as_at)
    target = Path(out) if out is not None else Path(folder)
    contents: dict[Path, bytes] = {}
    if "annex-a" in kinds:
        contents[target / f"simulated-annex-a-{day}.xlsx"] = annex_a_bytes(episodes, day)
    if "cin-census" in kinds:
        contents[target / f"simulated-cin-census-{day}.xml"] = census_text(episodes, day).encode("utf-8")
    try:
        for path, content in contents.items():
            write_document(path, content)
    except OSError as error:
        raise ReturnsError(f"{target} cannot be written: {error.strerror or error}") from None
    return list(contents)
