"""Finding the ranges in a scenario: `{low: ..., high: ..., distribution: ..., value: ...}` in place of a figure.

The same keys mean something else where a length of time is drawn for each child: there
`{distribution: uniform, low: ..., high: ...}` is how children differ, not what is not known. What the schema
allows at a place decides which it is, and writing that could be either is refused.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from sim.scenario.errors.faults import show
from sim.scenario.errors.problems import Path, Place, Problem, did_you_mean, find_place, path_text
from sim.scenario.reading.known_keys import alternatives, is_model, is_tagged, step_into
from sim.scenario.reading.lever_lists import lever_names
from sim.scenario.reading.sources import RANGE_KEYS
from sim.scenario.uncertainty.uncertain_figure import RANGE_DISTRIBUTIONS, UncertainFigure, amount_of, same_unit
from sim.scenario.values.durations import Duration
from sim.scenario.values.numbers import to_number

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["SHARES_OF_A_WHOLE", "Ranges", "central_values", "keep_whole", "put"]

SHARES_OF_A_WHOLE: Final = ("outcomes", "conference_outcomes", "sibling_groups", "need", "localities", "sources")
"""Mappings whose shares sum to 100%: when one share is drawn, those that are not keep their proportions."""

_FIGURE, _LENGTH, _OTHER = "figure", "length", "other"


class Ranges:
    """The ranges of a scenario's plain values: the figures by path, and what is wrong with any."""

    def __init__(self, value: Any, model: type[BaseModel], places: Mapping[Path, Place], file: str) -> None:
        self.figures: dict[Path, UncertainFigure] = {}
        self.problems: list[Problem] = []
        self.unreadable: list[Path] = []
        self._places = places
        self._file = file
        levers = value.get("levers") if isinstance(value, dict) else None
        self._levers = lever_names(levers) if isinstance(levers, list) else []
        self._walk(value, (), [model])

    def _walk(self, node: Any, path: Path, kinds: list[Any]) -> None:
        if isinstance(node, list):
            for position, inner in enumerate(node):
                self._walk(inner, (*path, position), step_into(kinds, position))
            return
        if not isinstance(node, dict):
            return
        if "low" in node or "high" in node:
            role = _role(kinds)
            if role == _FIGURE:
                self._figure(node, path, kinds)
                return
            if role == _LENGTH:
                self._length(node, path)
            elif role == _OTHER and "low" in node and "high" in node:
                self._refuse(path, "only a figure can be a range", "write one value, without low and high")
                self.unreadable.append(path)
        mine = is_tagged(kinds, node)
        for key, inner in node.items():
            self._walk(inner, (*path, key), step_into(mine, key))

    def _figure(self, node: dict[str, Any], path: Path, kinds: Sequence[Any]) -> None:
        before = len(self.problems)
        for key in node:
            if key not in RANGE_KEYS:
                self._refuse((*path, key), f"{show(key)} is not a known key of a range", did_you_mean(key, RANGE_KEYS))
        for key in ("low", "high"):
            if key not in node:
                other = "high" if key == "low" else "low"
                self._refuse(path, f"{show(other)} is given without {show(key)}", f"add {key}, or write one figure")
        named = node.get("distribution", "uniform")
        if named not in RANGE_DISTRIBUTIONS:
            wrong = f"{show(named)} is not a distribution of a range"
            self._refuse((*path, "distribution"), wrong, did_you_mean(str(named), RANGE_DISTRIBUTIONS))
        for key in ("low", "high", "value"):
            if key in node and not _is_number(node[key]):
                self._refuse((*path, key), f"{show(node[key])} is not a figure", "write a figure, with its unit if any")
        if len(self.problems) == before:
            self._measured(node, path, _is_whole(kinds))
        if path not in self.figures:
            self.unreadable.append(path)

    def _measured(self, node: dict[str, Any], path: Path, whole: bool) -> None:
        low, high, value = node["low"], node["high"], node.get("value")
        for key in ("high", "value"):
            if key in node and not same_unit(low, node[key]):
                wrong = f"{show(node[key])} is not in the unit of low, {show(low)}"
                self._refuse((*path, key), wrong, "write low, high and value in the same unit")
                return
        first, last = amount_of(low), amount_of(high)
        if first >= last:
            self._refuse((*path, "high"), f"{show(high)} is not above low, {show(low)}", "write low below high")
            return
        if value is not None and not first <= amount_of(value) <= last:
            wrong = f"{show(value)} is not from low, {show(low)}, to high, {show(high)}"
            self._refuse((*path, "value"), wrong, "write a central figure inside the range")
            return
        named = node.get("distribution", "uniform")
        if named == "lognormal" and first <= 0:
            self._refuse(
                (*path, "low"), f"a lognormal range from {show(low)}", "write a low above 0, or use triangular"
            )
            return
        if whole and any(number != int(number) for number in (first, last)):
            self._refuse(path, "this figure is a whole number", "write whole numbers for low and high")
            return
        text, stream = path_text(path), self._stream(path)
        peak = None if value is None else amount_of(value)
        figure = UncertainFigure(text, value, low, high, named, whole, peak, stream)
        if value is None:
            figure = UncertainFigure(text, figure.middle(), low, high, named, whole, None, stream)
        self.figures[path] = figure

    def _stream(self, path: Path) -> str:
        """The name of a figure's random numbers: its path, with a lever by what it is and not by where it stands."""
        if path[0] == "levers" and len(path) > 1 and isinstance(path[1], int):
            return path_text(("levers", self._levers[path[1]], *path[2:]))
        return path_text(path)

    def _length(self, node: dict[str, Any], path: Path) -> None:
        """A place for a distribution of lengths: low and high belong to `uniform` there and to nothing else."""
        if node.get("distribution") == "uniform" and "value" not in node:
            return
        if node.get("distribution", "uniform") not in RANGE_DISTRIBUTIONS:
            return  # gamma with low: the schema names the key that is wrong
        fixed = "{distribution: fixed, value: {low: …, high: …}}"
        self._refuse(
            path,
            "low and high could mean how children differ or what is not known",
            f"write distribution: uniform (and no value) for lengths that differ between children, or {fixed} for one "
            "length that is not known; the mean of a distribution may be a range too",
        )
        self.unreadable.append(path)

    def _refuse(self, path: Path, wrong: str, right: str) -> None:
        place = find_place(self._places, path, self._file)
        self.problems.append(Problem(place.file, place.line, path_text(path), wrong, right))


def central_values(value: dict[str, Any], figures: Mapping[Path, UncertainFigure]) -> dict[str, Any]:
    """Return plain values with the central figure in place of each range; the rest is shared, not copied."""
    values = value
    for path, figure in figures.items():
        values = put(values, path, figure.central)
    return values


def put(value: Any, path: Path, new: Any) -> Any:
    """Return plain values with another one at a path, copying only what leads there."""
    if not path:
        return new
    copied = copy.copy(value)
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


def keep_whole(before: Any, after: Any, changed: Sequence[Path]) -> dict[Path, float]:
    """Return the shares that must change so that shares of a whole still sum to 100%.

    `before` and `after` are plain values without and with the changes; a set of shares that did not sum to 100%
    before is left alone. Shares that were changed are kept, the others keep their proportions; where nothing is left
    to give, the changed ones are scaled.
    """
    kept: dict[Path, float] = {}
    for parent, inner in dict.fromkeys(_set_of_shares(path) for path in changed):
        if not parent:
            continue
        old, new = _shares(before, parent, inner), _shares(after, parent, inner)
        if old is None or new is None or abs(math.fsum(old.values()) - 1.0) > 1e-6:
            continue
        mine = {path: share for path, share in new.items() if path in changed}
        others = {path: share for path, share in new.items() if path not in changed}
        rest, weight = 1.0 - math.fsum(mine.values()), math.fsum(others.values())
        if abs(rest - weight) <= 1e-9 or any(share > 1 for share in mine.values()):
            continue  # nothing to do, or nothing that would help: the schema refuses a share above 100%
        if weight > 0 and rest >= 0:
            kept |= {path: share * rest / weight for path, share in others.items()}
        else:
            total = math.fsum(mine.values())
            kept |= {path: share / total for path, share in mine.items()} if total > 0 else {}
            kept |= dict.fromkeys(others, 0.0)
    return kept


def _set_of_shares(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The set that a share belongs to, and what leads from one of its entries to the share; ((), ()) for none."""
    if len(path) > 1 and path[-2] in SHARES_OF_A_WHOLE:
        return path[:-1], ()
    if len(path) > 2 and path[-3] == "sources" and path[-1] == "share":
        return path[:-2], ("share",)
    return (), ()


def _shares(value: Any, parent: Path, inner: tuple[str, ...]) -> dict[Path, float] | None:
    for step in parent:
        value = value[step]
    shares: dict[Path, float] = {}
    for key, entry in value.items():
        share: Any = entry
        for step in inner:
            share = share.get(step) if isinstance(share, dict) else None
        if not _is_number(share):
            return None
        part = amount_of(share)
        shares[*parent, key, *inner] = part / 100.0 if isinstance(share, str) and share.strip().endswith("%") else part
    return shares


def _role(kinds: Sequence[Any]) -> str:
    """What low and high would mean: a figure's range, a distribution of lengths, something else, or keys ('')."""
    if any(is_model(kind) and "distribution" in kind.model_fields for kind in kinds):
        return _LENGTH
    if any(kind in (int, float) or kind is Duration for kind in kinds):
        return _FIGURE
    mappings = [kind for kind in kinds if isinstance(get_origin(kind), type) and issubclass(get_origin(kind), Mapping)]
    if mappings:
        dated = all(date in alternatives(get_args(kind)[0]) for kind in mappings)
        return _FIGURE if dated else ""
    return "" if not kinds or any(is_model(kind) for kind in kinds) else _OTHER


def _is_whole(kinds: Sequence[Any]) -> bool:
    return int in kinds and float not in kinds


def _is_number(value: Any) -> bool:
    if to_number(value) is not None:
        return True
    try:
        amount_of(value)
    except ValueError:
        return False
    return True
