"""From the name of a scenario to a validated one, with the register of its figures."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from sim.scenario.errors.problems import OVERRIDE, Path, Place, Problem, ScenarioError, path_text
from sim.scenario.reading.inheritance import Document, display, locate, read_chain
from sim.scenario.reading.overrides import OverrideRow, apply_overrides, plain, resolve, set_value
from sim.scenario.reading.shipped import name_of
from sim.scenario.reading.sources import RegisterRow, Source, register
from sim.scenario.uncertainty.ranges import Ranges, central_values, keep_whole, put
from sim.scenario.uncertainty.uncertain_figure import UncertainFigure

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sim.scenario.schema import Scenario

Overrides = Mapping[str, object] | Sequence[str]
"""Changes to a scenario: texts such as `demand.referrals=5195`, or a mapping of path to value."""


@dataclass(frozen=True)
class LoadedScenario:
    """A validated scenario and where it came from.

    `resolved` is what the files and overrides say together, as plain mappings, lists and scalars without
    sources; figures that were left to their defaults are not in it. `content_hash` is the SHA-256 of it.
    `register` lists the figures with a source, `unsourced` counts those without. `files` is the chain of
    files from the first base to the scenario itself; `places` says where each value was written. `ranges` holds
    the figures that are known only as a range, by path; `scenario` has their central figures, `resolved` the ranges.
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
    places: Mapping[Path, Place] = field(default_factory=dict, repr=False)
    ranges: Mapping[Path, UncertainFigure] = field(default_factory=dict, repr=False)
    sources: Mapping[Path, Source] = field(default_factory=dict, repr=False)
    model: type[BaseModel] | None = field(default=None, repr=False)

    @property
    def uncertain(self) -> tuple[UncertainFigure, ...]:
        """The figures that are known only as a range, in the order of the file."""
        return tuple(self.ranges.values())

    def at(self, values: Mapping[str, object]) -> LoadedScenario:
        """Return this scenario with other values at dotted paths, as `--set` would make it, checked again.

        A value may have its unit (`"30 minutes"`); it may replace a range, or be one. Where a share of a whole is
        given (`stages.assessment.outcomes.close`), the shares not given keep their proportions and still sum to 100%.

        Raises:
            ScenarioError: when a path leads nowhere or a value does not fit.
        """
        if self.model is None:
            raise ValueError("only a scenario that load() read can be changed")
        document = Document(copy.deepcopy(self.resolved), dict(self.places), dict(self.sources))
        before = central_values(self.resolved, self.ranges)
        after, rows, changed = before, [], []
        for text, value in values.items():
            path = resolve(document.value, text, self.model)
            row = set_value(document, path, plain(text, value))
            rows.append(row)
            changed.append(path)
            after = _also(after, path, row.new)
        for path, share in keep_whole(before, after, changed).items():
            set_value(document, path, share)
        return _loaded(self.model, document, self.name, self.path, (*self.overrides, *rows), self.files, self.ranges)

    def holding(self, resolved: dict[str, Any]) -> LoadedScenario:
        """Return a scenario of this one's name with other plain values throughout, checked again.

        Raises:
            ScenarioError: when they are not a sound scenario.
        """
        if self.model is None:
            raise ValueError("only a scenario that load() read can be changed")
        document = Document(copy.deepcopy(resolved), dict(self.places), dict(self.sources))
        return _loaded(self.model, document, self.name, self.path, self.overrides, self.files, self.ranges)

    def scenario_at(self, values: Mapping[str, object]) -> Scenario:
        """Return only the scenario that `at` would make: ten times quicker, for a draw of each replication.

        Raises:
            ScenarioError: as `at`.
        """
        if self.model is None:
            raise ValueError("only a scenario that load() read can be changed")
        before = after = central_values(self.resolved, self.ranges)
        changed = [resolve(before, text, self.model) for text in values]
        try:
            for path, (text, value) in zip(changed, values.items(), strict=True):
                after = put(after, path, plain(text, value))
        except (KeyError, TypeError, IndexError):
            return self.at(values).scenario  # what leads there is not written yet
        for path, share in keep_whole(before, after, changed).items():
            after = put(after, path, share)
        scenario, problems = _validated(self.model, after, {}, OVERRIDE)
        if problems:
            raise ScenarioError(problems)
        changed_scenario: Scenario = scenario
        return changed_scenario

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
    path = locate(str(path_or_name))
    document = read_chain(path)
    changed = apply_overrides(document, overrides, model)
    files = tuple(display(file) for file in document.files)
    return _loaded(model, document, name_of(path), display(path), changed, files)


def _loaded(
    model: type[Any],
    document: Document,
    name: str,
    file: str,
    overrides: tuple[OverrideRow, ...],
    files: tuple[str, ...],
    sound: Mapping[Path, UncertainFigure] | None = None,
) -> LoadedScenario:
    """Validate a document; the ends of ranges too, but for those that are among the `sound` ones."""
    ranges = Ranges(document.value, model, document.places, file)
    central = central_values(document.value, ranges.figures)
    scenario, problems = _validated(model, central, document.places, file)
    unreadable = [path_text(path) for path in ranges.unreadable]
    problems = [problem for problem in problems if not any(_under(problem.path, path) for path in unreadable)]
    problems = [*document.problems, *ranges.problems, *problems]
    if not problems:
        known = sound or {}
        for path, figure in ranges.figures.items():
            if known.get(path) != figure:
                problems += _ends(model, document, central, path, figure, file)
    if problems:
        raise ScenarioError(problems)
    rows, unsourced = register(document.value, document.sources, document.places, file, ranges.figures)
    return LoadedScenario(
        name=name,
        path=file,
        scenario=scenario,
        register=rows,
        unsourced=unsourced,
        overrides=overrides,
        resolved=document.value,
        content_hash=content_hash(document.value),
        files=files,
        places=document.places,
        ranges=ranges.figures,
        sources=document.sources,
        model=model,
    )


def _under(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.")


def _validated(
    model: type[Any], value: dict[str, Any], places: Mapping[Path, Place], file: str
) -> tuple[Any, list[Problem]]:
    from pydantic import ValidationError

    from sim.scenario.errors.from_pydantic import problems_of

    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, problems_of(error, model, value, places, file)


def _ends(
    model: type[Any], document: Document, central: dict[str, Any], path: Path, figure: UncertainFigure, file: str
) -> list[Problem]:
    """What is wrong with either end of a range, the other figures being at their centres."""
    problems: list[Problem] = []
    for key, end in (("low", figure.low), ("high", figure.high)):
        tried = put(central, path, end)
        for at, share in keep_whole(central, tried, [path]).items():
            tried = put(tried, at, share)
        place = document.places.get((*path, key), Place(file, None))
        problems += [
            Problem(place.file, place.line, path_text((*path, key)), problem.wrong, problem.right)
            for problem in _validated(model, tried, document.places, file)[1]
        ]
    return problems


def _also(value: dict[str, Any], path: Path, new: Any) -> dict[str, Any]:
    """Plain values with another one; as they are where what leads there is not written (a default held)."""
    try:
        changed: dict[str, Any] = put(value, path, new)
    except (KeyError, TypeError, IndexError):
        return value
    return changed


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
