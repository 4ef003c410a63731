"""The ensemble beside a scenario: every setting that fits, as factors on its figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.official.errors import OfficialError
from sim.scenario.uncertainty.ensemble import read_settings, state
from sim.scenario.uncertainty.free_figures import FREE

if TYPE_CHECKING:
    from sim.official.calibrate.search import Calibration
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["ensemble_path", "ensemble_text", "read_ensemble"]


def ensemble_path(scenario: Path) -> Path:
    """Where the ensemble of a scenario file lies: beside it."""
    return scenario.with_name(f"{scenario.stem}.ensemble.json")


def ensemble_text(loaded: LoadedScenario, result: Calibration, area: str, year: int) -> str:
    """The settings that fit, the nearest first, with what they were held to."""
    document = {
        "what": f"Settings of {loaded.name} that the published figures of {area}, reporting year {year}, cannot rule "
        "out: factors on what the scenario says. Made by frontdoor calibrate.",
        "scenario": loaded.name,
        "content_hash": state(loaded.resolved),
        "area": area,
        "year": year,
        "seed": result.seed,
        "tried": len(result.tried),
        "refused_for_managers": result.refused,
        "targets": [
            {"measure": target.measure, "published": round(target.observed, 2), "tolerance": round(target.tolerance, 2)}
            for target in result.targets
        ],
        "settings": [
            {"implausibility": round(setting.implausibility, 3)}
            | {free.id: round(setting.setting[free.id], 4) for free in FREE}
            for setting in result.accepted
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def read_ensemble(path: Path, loaded: LoadedScenario) -> Sequence[Mapping[str, float]]:
    """Read the settings of an ensemble made for a scenario.

    Raises:
        OfficialError: when it cannot be read, is of another scenario, or holds no setting.
    """
    try:
        return read_settings(path, [state(loaded.resolved)], loaded.name)
    except ValueError as error:
        raise OfficialError(str(error)) from None
