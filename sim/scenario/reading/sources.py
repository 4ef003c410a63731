"""Where figures came from: unwraps `{value: ..., source: ...}` and keeps a register of the sources.

A figure may be written plainly or with its source, and a section may say `_source` once for all its figures.
The sections themselves are validated without any of this.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from sim.scenario.errors.faults import show
from sim.scenario.errors.problems import Path, Place, Problem, did_you_mean, find_place, path_text

BLOCK: Final = "_source"
FIGURE_KEYS: Final = ("value", "source", "date", "confidence", "note")
RANGE_KEYS: Final = ("low", "high", "distribution", "value")
"""Keys of a figure that is known only as a range (`sim.scenario.uncertainty.ranges`)."""
CONFIDENCES: Final = ("official", "local", "assumption")
NOT_STATED: Final = "not stated"

_FIGURE = re.compile(r"[-+]?£?\s*\d[\d,]*(\.\d+)?\s*(%|[a-zA-Z][a-zA-Z -]*)?")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure came from, and the place (`root`) that one row of the register speaks for."""

    root: Path
    source: str
    date: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row of the assumptions register; `value` is plain: a number, text, or a mapping or list of them."""

    path: str
    value: Any
    source: str
    date: str
    confidence: str
    note: str
    file: str
    line: int | None

    @property
    def shown(self) -> str:
        """The value in a few words: itself, or how many figures it holds and how far they reach."""
        if isinstance(self.value, dict) and {"low", "high"} <= set(self.value) <= set(RANGE_KEYS):
            central = f", central {self.value['value']}" if "value" in self.value else ""
            return f"{self.value['low']} to {self.value['high']} ({self.value.get('distribution', 'uniform')}{central})"
        if not isinstance(self.value, (dict, list)):
            return "" if self.value is None else str(self.value)
        inner = [value for _, value in leaves(self.value, ())]
        if len(inner) <= 6:
            steps = [(path_text(path), value) for path, value in leaves(self.value, ())]
            return ", ".join(f"{step} {value}" for step, value in steps)
        numbers = [value for value in inner if isinstance(value, (int, float)) and not isinstance(value, bool)]
        reach = f", {min(numbers):g} to {max(numbers):g}" if len(numbers) == len(inner) else ""
        return f"{len(inner)} figures{reach}"


def is_figure(value: object) -> bool:
    """Return whether a scalar is a figure: a number, or text that is a number with a unit. Dates are not."""
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return True
    return isinstance(value, str) and _FIGURE.fullmatch(value.strip()) is not None


def leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield every scalar in a value with its path, in order."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from leaves(inner, (*path, position))
    else:
        yield path, value


class Unwrapper:
    """Takes the sources out of what one file says."""

    def __init__(self, places: Mapping[Path, Place], file: str) -> None:
        self._before = places
        self._file = file
        self.places: dict[Path, Place] = {}
        self.sources: dict[Path, Source] = {}
        self.problems: list[Problem] = []

    def unwrap(self, value: Any, path: Path = (), written: Path = ()) -> Any:
        """Return the value without its sources; it stood at `written` in the file and goes to `path`."""
        self.places[path] = find_place(self._before, written, self._file)
        if isinstance(value, list):
            return [self.unwrap(inner, (*path, n), (*written, n)) for n, inner in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if self._is_range(value):
            rest = {key: value[key] for key in value if key not in RANGE_KEYS}
            plain = {key: self.unwrap(value[key], (*path, key), (*written, key)) for key in value if key in RANGE_KEYS}
            source = self._source(rest, path, written) if rest else None
            if source is not None:
                self._mark(plain, path, source, every=True)
            return plain
        if self._is_wrapped(value):
            plain = self.unwrap(value["value"], path, (*written, "value"))
            source = self._source({key: value[key] for key in value if key != "value"}, path, written)
            if source is not None:
                self._mark(plain, path, source, every=True)
            return plain
        plain = {key: self.unwrap(inner, (*path, key), (*written, key)) for key, inner in value.items() if key != BLOCK}
        if BLOCK in value:
            block_source = value[BLOCK]
            block = (*written, BLOCK)
            source = self._source(
                {"source": block_source} if isinstance(block_source, str) else block_source, path, block
            )
            if source is not None:
                self._mark_block(plain, path, source)
        return plain

    def _is_wrapped(self, value: dict[str, Any]) -> bool:
        return "value" in value and self._may_have_source(value, FIGURE_KEYS)

    def _is_range(self, value: dict[str, Any]) -> bool:
        return "low" in value and "high" in value and self._may_have_source(value, (*RANGE_KEYS, *FIGURE_KEYS))

    def _may_have_source(self, value: dict[str, Any], known: tuple[str, ...]) -> bool:
        """Whether every key is known, or so near to one of a source that it is a slip."""
        extra = [key for key in value if key not in known]
        near = [key for key in extra if get_close_matches(key, FIGURE_KEYS[1:], 1, 0.75)]
        return len(near) == len(extra)

    def _source(self, stated: Any, root: Path, written: Path) -> Source | None:
        """Read what is said of a source, noting what is wrong with it; None when nothing is said."""
        if not isinstance(stated, dict):
            self._refuse(written, f"{show(stated)} does not say a source", "write {source: …, confidence: official}")
            return None
        texts = dict.fromkeys(FIGURE_KEYS[1:], "")
        for key, inner in stated.items():
            if key not in texts:
                right = did_you_mean(key, FIGURE_KEYS[1:])
                self._refuse((*written, key), f"{show(key)} is not a known key of a source", right)
            elif isinstance(inner, (dict, list)):
                self._refuse((*written, key), f"{show(inner)} is not text", "write it in one line of text")
            elif inner is not None:
                texts[key] = str(inner)
        confidence = texts["confidence"]
        if confidence and confidence not in CONFIDENCES:
            right = did_you_mean(confidence, CONFIDENCES)
            self._refuse((*written, "confidence"), f"{show(confidence)} is not a known confidence", right)
        if not texts["source"] and not confidence:
            return None
        return Source(root, texts["source"], texts["date"], confidence or NOT_STATED, texts["note"])

    def _mark(self, plain: Any, path: Path, source: Source, every: bool) -> None:
        for leaf, value in leaves(plain, path):
            if leaf not in self.sources and (every or is_figure(value)):
                self.sources[leaf] = source

    def _mark_block(self, plain: dict[str, Any], path: Path, source: Source) -> None:
        """Mark a section: a table of figures (months, ages) is one row, else each key has its own."""
        if plain and all(is_figure(inner) for inner in plain.values()):
            self._mark(plain, path, source, every=False)
            return
        for key, inner in plain.items():
            root = (*path, key)
            own = Source(root, source.source, source.date, source.confidence, source.note)
            self._mark(inner, root, own, every=False)

    def _refuse(self, written: Path, wrong: str, right: str) -> None:
        place = find_place(self._before, written, self._file)
        self.problems.append(Problem(place.file, place.line, path_text(written), wrong, right))


def register(
    value: Any,
    sources: Mapping[Path, Source],
    places: Mapping[Path, Place],
    file: str,
    ranges: Collection[Path] = (),
) -> tuple[tuple[RegisterRow, ...], int]:
    """Return the register of a resolved scenario, and how many of its figures have no source.

    A row speaks for everything under its root; where a later file changed a part of that, the parts that
    still have the source get a row each. What is written at one of `ranges` is one figure.
    """
    rows: list[RegisterRow] = []
    plain = 0
    written: set[tuple[Path, Source]] = set()
    all_leaves = list(leaves(value, ()))
    for path, inner in all_leaves:
        source = sources.get(path)
        if source is None:
            plain += is_figure(inner) and not (path[:-1] in ranges and path[-1] != "low")
            continue
        if (source.root, source) in written:
            continue
        size = len(source.root)
        under = [
            leaf for leaf, other in all_leaves if leaf[:size] == source.root and (leaf in sources or is_figure(other))
        ]
        whole = all(sources.get(leaf) == source for leaf in under)
        at = source.root if whole else path
        if whole:
            written.add((source.root, source))
        place = find_place(places, at, file)
        shown = _at(value, at)
        stated = (source.source, source.date, source.confidence, source.note)
        rows.append(RegisterRow(path_text(at), shown, *stated, place.file, place.line))
    return tuple(rows), plain


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value
