"""`--set path.to.key=value`: one value of a scenario changed without a file, with the same checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.errors.faults import show
from sim.scenario.errors.problems import OVERRIDE, Path, Place, Problem, ScenarioError, did_you_mean, path_text
from sim.scenario.reading.inheritance import Document
from sim.scenario.reading.sources import Unwrapper
from sim.scenario.reading.yaml_reader import read_text
from sim.scenario.values.durations import Duration

if TYPE_CHECKING:
    from pydantic import BaseModel

NAME_KEYS = ("name", "grade", "measure", "lever")
"""Keys by whose value an item of a list can be named in a path."""


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One value that an override changed; `old` is None where the file said nothing and the default held."""

    path: str
    old: Any
    new: Any


def parse_overrides(given: Mapping[str, object] | Sequence[str]) -> list[tuple[str, Any]]:
    """Read overrides: texts such as `demand.referrals=5195`, or a mapping of path to value.

    In a mapping two underscores may stand for a dot, so that a path can be a keyword of Python.

    Raises:
        ScenarioError: when a text has no `=`, or its value is not YAML.
    """
    if isinstance(given, Mapping):
        return [(path.replace("__", "."), plain(path, value)) for path, value in given.items()]
    parsed = []
    for text in [given] if isinstance(given, str) else given:
        path, equals, written = text.partition("=")
        if not equals or not path.strip():
            right = "write path.to.key=value, such as demand.referrals=5195"
            raise ScenarioError([Problem(OVERRIDE, None, "", f"{show(text)} does not set anything", right)])
        try:
            value = read_text(written, OVERRIDE).value
        except ScenarioError as error:
            wrongs = [Problem(OVERRIDE, None, path, problem.wrong, problem.right) for problem in error.problems]
            raise ScenarioError(wrongs) from None
        parsed.append((path.strip(), value))
    return parsed


def plain(path: str, value: object) -> Any:
    """Return a value from Python as a scenario file would hold it."""
    if isinstance(value, Mapping):
        return {str(key): plain(path, inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(path, inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Duration):
        return str(value)
    if hasattr(value, "item") and callable(value.item):  # a NumPy number
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    wrong = f"a {type(value).__name__} cannot stand in a scenario"
    raise ScenarioError([Problem(OVERRIDE, None, path, wrong, "give a number, text, a list or a mapping")])


def apply_overrides(
    document: Document, given: Mapping[str, object] | Sequence[str], model: type[BaseModel]
) -> tuple[OverrideRow, ...]:
    """Change a document in place, in the order given, and return what was changed.

    Raises:
        ScenarioError: holding every override whose path leads nowhere.
    """
    rows: list[OverrideRow] = []
    problems: list[Problem] = []
    for text, value in parse_overrides(given):
        try:
            rows.append(_apply(document, text, value, model))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return tuple(rows)


def _apply(document: Document, text: str, value: Any, model: type[BaseModel]) -> OverrideRow:
    return set_value(document, resolve(document.value, text, model), value)


def set_value(document: Document, path: Path, value: Any) -> OverrideRow:
    """Put a value, with its source if it has one, at a path of a document, in place."""
    place = Place(OVERRIDE, None)
    unwrapper = Unwrapper({(): place}, OVERRIDE)
    new = unwrapper.unwrap(value, path)
    document.problems += unwrapper.problems
    node: Any = document.value
    for position, step in enumerate(path[:-1]):
        if isinstance(node, dict) and not isinstance(node.get(step), (dict, list)):
            node[step] = {}
            document.places[path[: position + 1]] = place
        node = node[step]
    last = path[-1]
    old = node.get(last) if isinstance(node, dict) else node[last]
    node[last] = new
    size = len(path)
    for gone in [at for at in document.places if at[:size] == path]:
        del document.places[gone]
    for gone in [at for at in document.sources if at[:size] == path]:
        del document.sources[gone]
    document.places.update(unwrapper.places)
    document.sources.update(unwrapper.sources)
    return OverrideRow(path_text(path), old, new)


def resolve(value: Any, text: str, model: type[BaseModel]) -> Path:
    """Return the path that a dotted text names in a resolved scenario.

    A step is a key, the position of an item in a list from 0, or the name of an item. A key that itself holds
    dots is found too. A key that the file leaves out is taken if the model knows it.

    Raises:
        ScenarioError: when a step leads nowhere.
    """
    from sim.scenario.reading.known_keys import is_open, known_keys

    steps = text.split(".")
    path: list[str | int] = []
    node = value
    while steps:
        if isinstance(node, list):
            position = _item(node, steps[0], text, path)
            path.append(position)
            node = node[position]
            steps = steps[1:]
            continue
        known = known_keys(model, path)
        here = list(node) if isinstance(node, dict) else []
        if isinstance(node, dict):
            joined = next((n for n in range(len(steps), 0, -1) if ".".join(steps[:n]) in node), 0)
            if joined:
                key = ".".join(steps[:joined])
                path.append(key)
                node = node[key]
                steps = steps[joined:]
                continue
        new_name = is_open(model, path) and len(steps) == 1
        if steps[0] not in known and not new_name:
            wrong = f"there is no {show(steps[0])}{f' in {path_text(tuple(path))}' if path else ''}"
            right = did_you_mean(steps[0], [*here, *(key for key in known if key not in here)])
            raise ScenarioError([Problem(OVERRIDE, None, text, wrong, right)])
        path.append(steps[0])
        node = None
        steps = steps[1:]
    return tuple(path)


def _item(items: list[Any], step: str, text: str, path: Sequence[str | int]) -> int:
    if step.isdecimal() and int(step) < len(items):
        return int(step)
    names: list[str] = []
    for key in NAME_KEYS:
        named = [n for n, item in enumerate(items) if isinstance(item, dict) and str(item.get(key)) == step]
        if len(named) == 1:
            return named[0]
        if named:
            right = "give its position instead: " + ", ".join(str(n) for n in named)
            raise ScenarioError([Problem(OVERRIDE, None, text, f"{len(named)} items are called {step!r}", right)])
        names += [str(item[key]) for item in items if isinstance(item, dict) and key in item]
    where = path_text(tuple(path))
    wrong = f"the list {where} has no item {show(step)}" if items else f"the list {where} is empty"
    known = [*names, *(str(n) for n in range(len(items)))]
    raise ScenarioError([Problem(OVERRIDE, None, text, wrong, did_you_mean(step, known))])
