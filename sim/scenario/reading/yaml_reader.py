"""Reads one scenario file safely, keeping the line that every value was written on.

Only mappings, lists and plain scalars are read. Tags, deep nesting, large files, keys written twice and
aliases that multiply are refused, each with its line.

Plain scalars follow the core rules of YAML 1.2. Only `true` and `false` are truth values: in the older rules
`pace: off` would be false, `no` a truth value and `12:30` a number of seconds. Dates stay text, so that what was read
can be written as JSON again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final

import yaml

from sim.scenario.errors.faults import is_steering, show
from sim.scenario.errors.problems import Path, Place, Problem, ScenarioError, path_text

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 40
MAX_ALIASES: Final = 50
MAX_ANCHORS: Final = 50
MAX_TEXT: Final = 20_000
MAX_VALUES: Final = 50_000

_WHOLE = re.compile(r"[-+]?[0-9]{1,3}(?:_?[0-9]{1,3}){0,10}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, object] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Read:
    """What a file says: plain mappings, lists and scalars, and where each path was written."""

    value: Any
    places: dict[Path, Place] = field(default_factory=dict)


def read_file(path: FilePath, shown: str) -> Read:
    """Read a scenario file whose top level is a mapping; `shown` is its name in messages.

    Raises:
        ScenarioError: when it cannot be read, or is not a file this reader takes.
    """

    def refuse(wrong: str, right: str) -> ScenarioError:
        return ScenarioError([Problem(shown, None, "", wrong, right)])

    try:
        if path.is_dir():
            raise refuse("it is a folder", "name a scenario file in it, such as scenario.yaml")
        if not path.exists():
            raise refuse("there is no such file", "check the name, or see frontdoor list for shipped scenarios")
        if not path.is_file():
            raise refuse("it is not a file", "name a scenario file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"it cannot be read ({reason})", "check its permissions and name") from None
    if len(raw) > MAX_BYTES:
        raise refuse("it is larger than 1 MB", "a scenario is a few hundred lines; leave bulk data out")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise refuse("it is not a text file", "write the scenario as YAML in UTF-8")
    read = read_text(text, shown)
    if read.value is None:
        raise refuse("it is empty", "write a scenario: see scenarios/tiny.yaml")
    if not isinstance(read.value, dict):
        line = read.places[()].line
        wrong = f"the top level is {show(read.value)}, not a mapping"
        raise ScenarioError([Problem(shown, line, "", wrong, "write keys such as title: and period:")])
    return read


def read_text(text: str, shown: str) -> Read:
    """Read YAML text; `shown` names its source in messages.

    Raises:
        ScenarioError: when it is not YAML, or breaks a limit.
    """
    composer = _Composer(shown)
    try:
        return composer.compose(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise ScenarioError([_syntax(error, text, shown)]) from None


def _syntax(error: yaml.YAMLError, text: str, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark is not None else None
    lines = text.splitlines()
    written = lines[line - 1] if line is not None and line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())] or (mark and written[mark.column :][:1] == "\t"):
        return Problem(shown, line, "", "a tab is used to indent", "indent with spaces")
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    if "undefined alias" in reason:
        return Problem(shown, line, "", reason, "name an anchor written above, or write the value out")
    right = "check indents, colons and quotes on this line and the one before"
    return Problem(shown, line, "", f"this is not YAML ({reason})", right)


@dataclass(slots=True)
class _Anchor:
    value: Any
    places: dict[Path, Place]  # relative to the anchored value
    size: int
    depth: int


class _Composer:
    """Builds plain values from YAML events, so that every limit holds before anything is built."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._places: dict[Path, Place] = {}
        self._anchors: dict[str, _Anchor] = {}
        self._aliases = 0
        self._values = 0
        self._deepest = 0

    def compose(self, events: Iterator[Any]) -> Read:
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refuse(event, (), "a second document begins here", "keep one scenario in a file")
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, events, (), self._line(event), 1)
        self._places.setdefault((), Place(self._shown, 1))
        return Read(value, self._places)

    def _node(self, event: Any, events: Iterator[Any], path: Path, line: int, depth: int) -> Any:
        """Read one value; `line` is where its key stands, or the value itself in a list."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path, line, depth)
        self._values += 1
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH:
            raise self._refuse(event, path[:3], f"this is nested more than {MAX_DEPTH} deep", "write it flatter")
        if self._values > MAX_VALUES:
            raise self._refuse(event, path, f"there are more than {MAX_VALUES:,} values", "leave bulk data out")
        tag = event.tag
        if tag is not None and not (isinstance(event, yaml.ScalarEvent) and tag == "!"):
            raise self._refuse(event, path, f"the tag {show(tag)} is not allowed", "write the plain value")
        before, outer_deepest = self._values, self._deepest
        self._deepest = depth
        self._places[path] = Place(self._shown, line)
        if isinstance(event, yaml.ScalarEvent):
            self._check_text(event, path)
            value: Any = read_scalar(event.value) if event.implicit[0] and not event.style else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(events, path, depth)
        else:
            value = self._mapping(events, path, depth)
        if event.anchor is not None:
            if len(self._anchors) >= MAX_ANCHORS:
                raise self._refuse(event, path, f"there are more than {MAX_ANCHORS} anchors", "write the values out")
            size = len(path)
            inside = {at[size:]: place for at, place in self._places.items() if at[:size] == path}
            self._anchors[event.anchor] = _Anchor(value, inside, self._values - before + 1, self._deepest - depth)
        self._deepest = max(self._deepest, outer_deepest)
        return value

    def _list(self, events: Iterator[Any], path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, (*path, len(items)), self._line(event), depth + 1))
        return items

    def _mapping(self, events: Iterator[Any], path: Path, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
                raise self._refuse(event, path, "this key is not a plain word", "write a word, then a colon")
            key = event.value
            self._check_text(event, path)
            place = (*path, key)
            if key == "<<" and not event.style:
                raise self._refuse(event, path, "merge keys (<<) are not read", "use extends, or write the keys out")
            if key in mapping:
                first = self._places[place].line
                wrong = f"{show(key)} is written twice (first on line {first})"
                raise self._refuse(event, place, wrong, "keep one of them")
            mapping[key] = self._node(next(events), events, place, self._line(event), depth + 1)
        return mapping

    def _alias(self, event: Any, path: Path, line: int, depth: int) -> Any:
        self._aliases += 1
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            wrong = f"the alias {show('*' + event.anchor)} stands for nothing written above"
            raise self._refuse(event, path, wrong, "write the value out")
        self._values += anchor.size
        self._deepest = max(self._deepest, depth + anchor.depth)
        if self._aliases > MAX_ALIASES or self._values > MAX_VALUES:
            raise self._refuse(event, path, "aliases repeat too much of this file", "write the values out")
        if depth + anchor.depth > MAX_DEPTH:
            raise self._refuse(event, path[:3], f"this is nested more than {MAX_DEPTH} deep", "write it flatter")
        for inner, place in anchor.places.items():
            self._places[path + inner] = place
        self._places[path] = Place(self._shown, line)
        return _copy(anchor.value)

    def _check_text(self, event: Any, path: Path) -> None:
        """Refuse text too long to be meant, and characters that steer a terminal or turn text round."""
        if len(event.value) > MAX_TEXT:
            raise self._refuse(event, path, f"this text is longer than {MAX_TEXT:,} characters", "shorten it")
        steering = next((sign for sign in event.value if is_steering(sign)), None)
        if steering is not None:
            wrong = f"this text holds the control character U+{ord(steering):04X}"
            raise self._refuse(event, path, wrong, "write plain text")

    def _line(self, event: Any) -> int:
        return int(event.start_mark.line) + 1

    def _refuse(self, event: Any, path: Path, wrong: str, right: str) -> ScenarioError:
        return ScenarioError([Problem(self._shown, self._line(event), path_text(path), wrong, right)])


def _copy(value: Any) -> Any:
    """Copy plain values, so that changing one use of an alias changes no other."""
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copy(inner) for inner in value]
    return value


def read_scalar(text: str) -> object:
    """Return what a plain (unquoted) scalar stands for: nothing, a truth value, a number or text."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
