"""`extends`: a scenario that says only how it differs from another.

Mappings are merged key by key, lists and figures are replaced; so is a
range (`low` and `high` together). Two mappings that name different kinds
(`distribution: gamma` over `distribution: bands`) are not merged: the later one replaces the earlier.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final

from sim.scenario.errors.faults import show
from sim.scenario.errors.problems import Path, Place, Problem, ScenarioError, did_you_mean
from sim.scenario.reading import shipped
from sim.scenario.reading.lever_lists import take_in
from sim.scenario.reading.sources import RANGE_KEYS, Source, Unwrapper
from sim.scenario.reading.yaml_reader import read_file

MAX_CHAIN: Final = 20
KINDS: Final = ("distribution", "lever")
"""Keys that say which kind of thing a mapping is."""


@dataclass(slots=True)
class Document:
    """What one file, or a chain of files, says: plain values, where each was written, and its source."""

    value: dict[str, Any]
    places: dict[Path, Place] = field(default_factory=dict)
    sources: dict[Path, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: tuple[FilePath, ...] = ()


def locate(name: str) -> FilePath:
    """Return the file that a path or the name of a shipped scenario stands for.

    Raises:
        ScenarioError: when there is neither such a file nor such a shipped scenario.
    """
    path = FilePath(name)
    if "\0" in name or not name.strip():
        raise ScenarioError([Problem("", None, "", f"{show(name)} is not a file name", "name a file")])
    try:
        if path.exists() and not (path.is_dir() and shipped.find(name)):
            return path
    except (OSError, ValueError):
        raise ScenarioError([Problem(name[:80], None, "", "this is not a file name", "name a file")]) from None
    shipped_file = shipped.find(name)
    if shipped_file is not None:
        return shipped_file
    known = shipped.names()
    if path.suffix in shipped.SUFFIXES:
        other = next(
            (known_name for known_name in known if known_name == path.stem or known_name.endswith("/" + path.stem)),
            None,
        )
        right = f"the shipped scenario of that name is '{other}'" if other else "check the name and the folder"
        raise ScenarioError([Problem(name, None, "", "there is no such file", right)])
    wrong = "there is no such file, and no shipped scenario of that name"
    right = did_you_mean(name, known) if known else "name a scenario file"
    raise ScenarioError([Problem(name, None, "", wrong, right)])


def display(path: FilePath) -> str:
    """Return a file's name for messages: from the current folder if it is inside, else as it is."""
    try:
        return path.resolve().relative_to(FilePath.cwd()).as_posix()
    except (ValueError, OSError):
        return str(path)


def read_chain(path: FilePath, chain: tuple[FilePath, ...] = ()) -> Document:
    """Read a file and everything it extends into one document.

    Raises:
        ScenarioError: when a file cannot be read, or extends itself by any way round.
    """
    shown = display(path)
    read = read_file(path, shown)
    unwrapper = Unwrapper(read.places, shown)
    value = unwrapper.unwrap(read.value)
    chain = (*chain, path.resolve())
    own = Document(value, unwrapper.places, unwrapper.sources, unwrapper.problems, (path,))
    if "extends" not in value:
        take_in(None, own)
        return own
    place = own.places.pop(("extends",))
    base_path = _base_of(path, value.pop("extends"), place)
    if base_path.resolve() in chain or len(chain) >= MAX_CHAIN:
        links = " -> ".join(display(link) for link in (*chain, base_path))
        wrong = f"it extends itself: {links}" if base_path.resolve() in chain else f"the chain is too long: {links}"
        raise ScenarioError([Problem(place.file, place.line, "extends", wrong, "take one extends out")])
    base = read_chain(base_path, chain)
    take_in(base, own)
    if "title" in value:  # another title: the base's short one would be wrong
        base.value.pop("short_title", None)
        base.places.pop(("short_title",), None)
    return merge(base, own)


def _base_of(path: FilePath, written: object, place: Place) -> FilePath:
    def refuse(wrong: str, right: str) -> ScenarioError:
        return ScenarioError([Problem(place.file, place.line, "extends", wrong, right)])

    if not isinstance(written, str) or not written.strip() or "\0" in written:
        raise refuse(f"{show(written)} is not a file name", "write one file, such as extends: base.yaml")
    name = written.strip()
    beside = path.parent / name
    try:
        if beside.is_file():
            return beside
    except OSError:
        raise refuse(f"{show(name)} is not a file name", "write a shorter one") from None
    shipped_file = shipped.find(name)
    if shipped_file is not None:
        return shipped_file
    folder = path.parent
    files = [file.name for file in sorted(folder.glob("*.y*ml")) if file.name != path.name]
    right = did_you_mean(name, [*files, *shipped.names()])
    raise refuse(f"there is no file {show(name)} beside this one, and no shipped scenario of that name", right)


def merge(base: Document, own: Document) -> Document:
    """Return the base with everything that the later document says laid over it."""
    replaced: list[Path] = []
    value = _merge(base.value, own.value, (), replaced)
    gone = set(replaced)

    def survives(path: Path) -> bool:
        return not any(path[:length] in gone for length in range(1, len(path) + 1))

    places = {path: place for path, place in base.places.items() if survives(path)}
    for path, place in own.places.items():
        # A section that both files write keeps the line of the later one: that is where to look first.
        places[path] = place
    sources = {path: source for path, source in base.sources.items() if survives(path)} | own.sources
    return Document(value, places, sources, base.problems + own.problems, base.files + own.files)


def _merge(base: Any, own: Any, path: Path, replaced: list[Path]) -> Any:
    if _is_range(base) and _is_range(own):
        # Another range for the same figure, or for the same uniform lengths: nothing of the old one is left.
        own = {key: base[key] for key in ("distribution",) if key in base} | own
    elif isinstance(base, dict) and isinstance(own, dict) and not _other_kind(base, own):
        merged = dict(base)
        for key, inner in own.items():
            merged[key] = _merge(base[key], inner, (*path, key), replaced) if key in base else inner
        return merged
    replaced.append(path)
    return own


def _is_range(value: Any) -> bool:
    return isinstance(value, dict) and {"low", "high"} <= set(value) <= set(RANGE_KEYS)


def _other_kind(base: dict[str, Any], own: dict[str, Any]) -> bool:
    if _is_range(base) and not set(own) <= set(RANGE_KEYS):
        return True
    return any(key in base and key in own and base[key] != own[key] for key in KINDS)
