"""`ensemble`: the settings of a calibration that a scenario carries, so that results hold what is not known.

The file lies beside the scenario that names it (or among the shipped ones). It was made for one state of one scenario:
the one that names it, or one of those that it extends, which say what the factors are factors of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.errors.faults import show
from sim.scenario.errors.problems import Place, Problem, ScenarioError
from sim.scenario.reading import shipped
from sim.scenario.reading.inheritance import display, read_chain
from sim.scenario.reading.loader import content_hash
from sim.scenario.uncertainty.free_figures import FREE
from sim.scenario.values.numbers import to_number

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["KEY", "NONE", "Settings", "read_settings", "settings_of", "state"]

KEY: Final = "ensemble"
MAX_BYTES: Final = 5_000_000
MAX_SETTINGS: Final = 10_000
FACTORS: Final = (0.01, 100.0)
"""Smallest and largest factor of a free figure; a calibration searches 0.3 to 2."""
NONE: Final = "none"
Settings = tuple[Mapping[str, float], ...]
"""Accepted settings: the factor of each free figure by its id."""


def state(resolved: Mapping[str, Any]) -> str:
    """The content hash of what a scenario says apart from which ensemble it carries."""
    return content_hash({key: value for key, value in resolved.items() if key != KEY})


def read_settings(path: FilePath, states: Sequence[str], name: str) -> Settings:
    """Read an ensemble made for a scenario in one of these states.

    Raises:
        ValueError: in one sentence, when it cannot be read, is of another scenario, or holds no setting.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ValueError("it is larger than 5 MB")
        content: Any = json.loads(raw.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{path} cannot be read: {' '.join(str(error).split())[:120]}") from None
    settings = content.get("settings") if isinstance(content, dict) else None
    if not isinstance(settings, list) or not settings:
        raise ValueError(f"{path} holds no settings; make one with frontdoor calibrate")
    if len(settings) > MAX_SETTINGS:
        raise ValueError(f"{path} holds {len(settings):,} settings; {MAX_SETTINGS:,} are the most")
    if content.get("content_hash") not in states:
        raise ValueError(f"{path} was made for another scenario than {name}, or for an earlier state of it")
    return tuple(_setting(path, number, setting) for number, setting in enumerate(settings))


def _setting(path: FilePath, number: int, setting: Any) -> dict[str, float]:
    """Read one setting: a factor for each free figure."""
    factors: dict[str, float] = {}
    for free in FREE:
        factor = setting.get(free.id) if isinstance(setting, dict) else None
        if factor is None:
            raise ValueError(f"{path}: setting {number} lacks {free.id}")
        value = to_number(factor)
        if value is None or not FACTORS[0] <= value <= FACTORS[1]:
            limits = f"from {FACTORS[0]:g} to {FACTORS[1]:g}"
            raise ValueError(f"{path}: in setting {number}, {free.id} is {show(factor)}, not a factor {limits}")
        factors[free.id] = value
    return factors


def settings_of(loaded: LoadedScenario) -> Settings:
    """The settings of the ensemble that a scenario names.

    Raises:
        ScenarioError: when it names none, or the file is not there or was made for something else.
    """
    name = loaded.scenario.ensemble
    place = loaded.places.get((KEY,), Place(loaded.path, None))

    def refuse(wrong: str, right: str) -> ScenarioError:
        return ScenarioError([Problem(place.file, place.line, KEY, wrong, right)])

    if name == NONE:
        raise refuse(f"{loaded.name} names no ensemble", "make one with frontdoor calibrate and write ensemble: FILE")
    chain = [FilePath(file) for file in loaded.files]
    path = _find(name, place, chain)
    if path is None:
        raise refuse(f"there is no file {show(name)} beside this one", "make it with frontdoor calibrate")
    states = [state(loaded.resolved), *(state(read_chain(file).value) for file in chain)]
    try:
        return read_settings(path, states, f"{loaded.name} or what it extends")
    except ValueError as error:
        raise refuse(str(error), "make it again with frontdoor calibrate") from None


def _find(name: str, place: Place, chain: Sequence[FilePath]) -> FilePath | None:
    """The file beside the one that names it, or among the shipped ones."""
    writers = [file for file in chain if display(file) == place.file] or [chain[-1]]
    folders = [writers[0].parent, *([shipped_folder] if (shipped_folder := shipped.folder()) is not None else [])]
    return next((path for folder in folders if (path := folder / name).is_file()), None)
