"""Lists of levers: what tells one lever from another, and `more_levers`, which adds to those of the file extended.

Everything written under `more_levers` is moved to its place at the end of the inherited `levers`, with its lines and
sources, before the files are merged: nothing later knows how it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.errors.faults import show
from sim.scenario.errors.problems import Path, Problem

if TYPE_CHECKING:
    from sim.scenario.reading.inheritance import Document

KEY: Final = "more_levers"
LEVERS: Final = "levers"
_TELLING: Final = ("lever", "team", "stage", "capacity", "grade", "at")


def take_in(base: Document | None, own: Document) -> None:
    """Rewrite `own` so that its `more_levers` stand after the levers of `base` (None: it extends nothing).

    What cannot be done becomes a problem of `own`, and the key is dropped.
    """
    if KEY not in own.value:
        return
    added = own.value.pop(KEY)
    place = own.places.pop((KEY,))
    inherited = [] if base is None else base.value.get(LEVERS) or []
    wrong = ""
    if LEVERS in own.value:
        wrong, right = "a file gives either levers or more_levers", "write them in one list, under levers"
    elif not isinstance(added, list):
        wrong, right = f"{show(added)} is not a list of levers", "write a list, as under levers"
    elif not isinstance(inherited, list):
        return  # what is wrong with it is said where it stands
    if wrong:
        own.problems.append(Problem(place.file, place.line, KEY, wrong, right))
        _forget(own)
        return
    shift = len(inherited)
    own.value[LEVERS] = [*inherited, *added]
    own.places[(LEVERS,)] = place
    for path in [path for path in own.places if path[:1] == (KEY,)]:
        own.places[_moved(path, shift)] = own.places.pop(path)
    for path in [path for path in own.sources if path[:1] == (KEY,)]:
        source = own.sources.pop(path)
        own.sources[_moved(path, shift)] = replace(source, root=_moved(source.root, shift))
    if base is not None:
        # The list as a whole is replaced by this one, so what is known about the inherited part comes along.
        own.places |= {path: place for path, place in base.places.items() if path[:1] == (LEVERS,) and len(path) > 1}
        own.sources |= {
            path: source for path, source in base.sources.items() if path[:1] == (LEVERS,) and len(path) > 1
        }


def _moved(path: Path, shift: int) -> Path:
    return (LEVERS, *(step + shift if place == 0 and isinstance(step, int) else step
                      for place, step in enumerate(path[1:])))  # fmt: skip


def _forget(own: Document) -> None:
    own.places = {path: place for path, place in own.places.items() if path[:1] != (KEY,)}
    own.sources = {path: source for path, source in own.sources.items() if path[:1] != (KEY,)}


def lever_names(levers: Sequence[Any]) -> list[str]:
    """Return a name for each lever as written (`staffing, assessment, 2018-01-02`); the second of a name gets `#2`.

    Two scenarios that list the same lever at different places call it the same.
    """
    times: dict[str, int] = {}
    names: list[str] = []
    for lever in levers:
        written = lever if isinstance(lever, Mapping) else {}
        name = ", ".join(str(written[key]) for key in _TELLING if written.get(key) is not None) or "lever"
        times[name] = times.get(name, 0) + 1
        names.append(name if times[name] == 1 else f"{name} #{times[name]}")
    return names
