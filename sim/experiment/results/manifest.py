"""The manifest: everything that is needed to know what a result is, and to make it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sim.compiled import is_compiled
from sim.experiment.results.journeys import SIMULATED
from sim.experiment.results.version import package_versions, product_version

if TYPE_CHECKING:
    from sim.experiment.running.task import Outcome
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["PRODUCT", "make_manifest"]

PRODUCT = "frontdoor"


def make_manifest(
    *,
    scenarios: Sequence[LoadedScenario],
    names: Sequence[str],
    kept: Sequence[Sequence[Outcome]],
    failures: Sequence[Outcome],
    seed: int,
    asked: int,
    interrupted: bool,
    started: datetime,
    seconds: float,
    journeys: str,
) -> dict[str, Any]:
    """Describe a run as plain JSON values.

    `replications` counts those that every scenario has, `replications_asked` those that were asked for; each
    scenario lists its own. `failures` and `warnings` name the scenario that they belong to.
    """
    numbers = [[outcome.replication for outcome in outcomes] for outcomes in kept]
    shared = set(numbers[0]).intersection(*numbers[1:])
    return {
        "product": PRODUCT,
        "product_version": product_version(),
        "note": SIMULATED,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 2),
        "seed": seed,
        "replications": len(shared),
        "replications_asked": asked,
        "interrupted": interrupted,
        "baseline": names[0] if len(names) > 1 else None,
        "scenarios": [
            _scenario(loaded, name, mine) for loaded, name, mine in zip(scenarios, names, numbers, strict=True)
        ],
        "failures": [
            {"scenario": names[one.position], "replication": one.replication, "error": one.error} for one in failures
        ],
        "warnings": [
            {"scenario": name, "message": message}
            for name, outcomes in zip(names, kept, strict=True)
            for message in dict.fromkeys(line for outcome in outcomes for line in outcome.warnings)
        ],
        "journeys": journeys,
        "model": "compiled" if is_compiled() else "as written",
        "packages": package_versions(),
    }


def _scenario(loaded: LoadedScenario, name: str, replications: list[int]) -> dict[str, Any]:
    return {
        "name": name,
        "title": loaded.scenario.title,
        "question": loaded.scenario.question,
        "description": loaded.scenario.description,
        "file": loaded.path,
        "files": list(loaded.files),
        "content_hash": loaded.content_hash,
        "overrides": [asdict(row) for row in loaded.overrides],
        "replications": replications,
        "uncertain": [asdict(figure) for figure in loaded.uncertain],
        "resolved": loaded.resolved,
        "register": [asdict(row) for row in loaded.register],
        "unsourced": loaded.unsourced,
    }
