"""From the name of a scenario to a validated one, with the register of its figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from sim.scenario.inheritance import display, locate, read_chain
from sim.scenario.overrides import OverrideRow, apply_overrides
from sim.scenario.problems import Place, Problem, ScenarioError, path_text
from sim.scenario.provenance import RegisterRow, register
from sim.scenario.shipped import name_of

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Overrides = Mapping[str, object] | Sequence[str]
"""Changes to a scenario: texts such as `demand.referrals=5195`, or a mapping of path to value."""


@dataclass(frozen=True)
class LoadedScenario:
    """A validated scenario and where it came from.

    `resolved` is what the files and overrides say together, as plain mappings, lists and scalars without
    sources; figures that were left to their defaults are not in it. `content_hash` is the SHA-256 of it.
    `register` lists the figures with a source, `unsourced` counts those without. `files` is the chain of
    files from the first base to the scenario itself; `places` says where each value was written.
    """

    name: str
    path: str
    scenario: Scenario
    register: tuple[RegisterRow, ...]
    unsourced: int
    overrides: tuple[OverrideRow, ...]
    resolved: dict[str, Any]
    content_hash: str
    files: tuple[str, ...]
    places: Mapping[tuple[str | int, ...], Place] = field(default_factory=dict, repr=False)

    def problem(self, path: tuple[str | int, ...], wrong: str, right: str) -> Problem:
        """Something wrong at a path of the scenario that only a later layer can see, with its file and line."""
        place = self.places.get(path)
        file, line = (self.path, None) if place is None else (place.file, place.line)
        return Problem(file, line, path_text(path), wrong, right)


def load(path_or_name: str | FilePath, overrides: Overrides = ()) -> LoadedScenario:
    """Read, merge and validate a scenario by the path of its file or the name of a shipped one.

    Raises:
        ScenarioError: when anything is wrong with it; it holds every problem found, each with file and line.
    """
    from sim.scenario.schema import Scenario

    return load_as(Scenario, path_or_name, overrides)


def load_as(model: type[Any], path_or_name: str | FilePath, overrides: Overrides = ()) -> LoadedScenario:
    """Read a scenario as a pydantic model other than `Scenario`; otherwise as `load`."""
    from pydantic import ValidationError

    from sim.scenario.translation import problems_of

    path = locate(str(path_or_name))
    document = read_chain(path)
    changed = apply_overrides(document, overrides, model)
    file = display(path)
    problems = list(document.problems)
    try:
        scenario = model.model_validate(document.value)
    except ValidationError as error:
        problems += problems_of(error, model, document.value, document.places, file)
    if problems:
        raise ScenarioError(problems)
    rows, unsourced = register(document.value, document.sources, document.places, file)
    return LoadedScenario(
        name=name_of(path),
        path=file,
        scenario=scenario,
        register=rows,
        unsourced=unsourced,
        overrides=changed,
        resolved=document.value,
        content_hash=content_hash(document.value),
        files=tuple(display(one) for one in document.files),
        places=document.places,
    )


def content_hash(resolved: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of a resolved scenario written as canonical JSON.

    The order of keys does not matter, nor whether a whole number was written `1` or `1.0`.
    """
    text = json.dumps(_canonical(resolved), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
