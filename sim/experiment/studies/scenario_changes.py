"""How a scenario differs from a baseline, as changes that can be made one by one.

A lever that only one of the two has is a change, and so is each other part of the file that differs: a team, a stage, a
capacity, a figure of demand. Levers that both list are common to both, wherever they stand in the list. Changes that
only make sense together (a new team and a lever on it) are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.errors import RunError
from sim.scenario.errors.problems import ScenarioError
from sim.scenario.reading.lever_lists import lever_names

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["ScenarioChange", "ScenarioChanges"]

_WORDS: Final = frozenset({"title", "description", "question", "targets", "theory", "period"})
"""Keys that change nothing of what happens."""
_BY_PART: Final = frozenset({"teams", "stages", "capacities", "demand", "people", "opening", "sign_off", "pace"})
"""Sections whose parts are changes of their own; any other section is one change."""
_ABSENT: Final = object()


@dataclass(frozen=True)
class _Change:
    """One difference: a part of the file by path, or a lever by name, with what either side says."""

    path: tuple[str, ...]
    before: Any
    after: Any

    @property
    def is_lever(self) -> bool:
        return self.path[0] == "levers"

    @property
    def label(self) -> str:
        if self.is_lever:
            words = _lever_words(self.before if self.after is _ABSENT else self.after, self.path[1])
        else:
            kind = {"teams": "team ", "stages": "stage "}.get(self.path[0], "")
            name = self.path[-1] if kind or self.path[0] in ("capacities", "demand") else ": ".join(self.path)
            words = kind + name.replace("_", " ") if kind != "team " or "team" not in name.lower() else name
        if self.after is _ABSENT:
            return f"without {words}"
        return words if self.before is _ABSENT else f"{words}, changed"


@dataclass(frozen=True, eq=False)
class ScenarioChange:
    """What is turned on together; `label` says it in words. Each is itself and equal to no other."""

    label: str
    changes: tuple[_Change, ...]


class ScenarioChanges:
    """The changes from a baseline to a scenario, and the scenarios with some of them."""

    def __init__(self, base: LoadedScenario, scenario: LoadedScenario) -> None:
        """Compare two scenarios.

        Raises:
            RunError: when nothing differs, or the periods do.
        """
        self.base, self.scenario = base, scenario
        if base.scenario.period != scenario.scenario.period:
            raise RunError(f"{scenario.name} and {base.name} cover different periods: they cannot be compared")
        changes = _changes(base.resolved, scenario.resolved)
        if not changes:
            raise RunError(f"{scenario.name} differs from {base.name} in nothing that changes what happens")
        self.elements = tuple(self._that_work([ScenarioChange(element.label, (element,)) for element in changes]))

    def having(self, some: Iterable[ScenarioChange]) -> LoadedScenario:
        """Return the baseline with some of the changes made, in the scenario's order whatever that of `some`.

        Raises:
            ScenarioError: when that is not a sound scenario.
        """
        wanted = set(some)
        chosen = [change for element in self.elements if element in wanted for change in element.changes]
        if len(chosen) == sum(len(element.changes) for element in self.elements):
            return self.scenario
        if not chosen:
            return self.base
        document = dict(self.base.resolved)
        for change in chosen:
            if not change.is_lever:
                document = _changed(document, change.path, change.after)
        levers = self._levers([change for change in chosen if change.is_lever])
        if levers or "levers" in document:
            document["levers"] = levers
        return self.scenario.holding(document)

    def _levers(self, changes: Sequence[_Change]) -> list[Any]:
        """The baseline's levers with changes made, in the order of the scenario; those of the baseline alone last."""
        theirs = self.base.resolved.get("levers") or []
        chosen = dict(zip(lever_names(theirs), theirs, strict=True))
        for change in changes:
            name = change.path[1]
            if change.after is _ABSENT:
                del chosen[name]
            else:
                chosen[name] = change.after
        order = lever_names(self.scenario.resolved.get("levers") or [])
        return [chosen[name] for name in sorted(chosen, key=lambda n: order.index(n) if n in order else len(order))]

    def _that_work(self, elements: list[ScenarioChange]) -> list[ScenarioChange]:
        """Join elements until each can be made alone and each can be left out alone."""
        while len(elements) > 1:
            unsound = next((element for element in elements if not self._sound(elements, [element])), None)
            if unsound is None:
                return elements
            others = [element for element in elements if element is not unsound]
            some = (chosen for many in (1, 2) for chosen in combinations(others, many))
            chosen = next((few for few in some if self._sound(elements, [unsound, *few])), tuple(others))
            joined = [element for element in elements if element is unsound or element in chosen]
            whole = ScenarioChange(
                " and ".join(element.label for element in joined),
                tuple(change for element in joined for change in element.changes),
            )
            place = elements.index(joined[0])
            elements = [element for element in elements if element not in joined]
            elements.insert(place, whole)
        return elements

    def _sound(self, elements: Sequence[ScenarioChange], some: Sequence[ScenarioChange]) -> bool:
        self.elements = tuple(elements)
        try:
            self.having(some)
            self.having([element for element in elements if element not in some])
        except ScenarioError:
            return False
        return True


def _lever_words(lever: Any, name: str) -> str:
    """Say a lever as written: `staffing in assessment from 2 January 2018`; its name where it is not as expected."""
    if not isinstance(lever, dict) or "lever" not in lever:
        return name
    words = str(lever["lever"]).replace("_", " ")
    if lever.get("capacity"):
        words = str(lever["capacity"]).replace("_", " ")
    where = [str(lever[key]).replace("_", " ") for key in ("team", "stage", "grade") if lever.get(key)]
    try:
        day = date.fromisoformat(str(lever.get("at")))
    except ValueError:
        return f"{words}{' in ' + ', '.join(where) if where else ''}"
    return f"{words}{' in ' + ', '.join(where) if where else ''} from {day.day} {day:%B} {day.year}"


def _changes(base: dict[str, Any], other: dict[str, Any]) -> list[_Change]:
    chosen: list[_Change] = []
    for key in dict.fromkeys((*base, *other)):
        mine, theirs = base.get(key, _ABSENT), other.get(key, _ABSENT)
        if key in _WORDS or key == "levers" or mine == theirs:
            continue
        inner = {} if mine is _ABSENT else mine
        if key not in _BY_PART or not isinstance(theirs, dict) or not isinstance(inner, dict):
            chosen.append(_Change((key,), mine, theirs))
            continue
        for part in dict.fromkeys((*inner, *theirs)):
            before, after = inner.get(part, _ABSENT), theirs.get(part, _ABSENT)
            if before != after:
                chosen.append(_Change((key, part), before, after))
    return chosen + _lever_changes(base.get("levers") or [], other.get("levers") or [])


def _lever_changes(base: Sequence[Any], other: Sequence[Any]) -> list[_Change]:
    mine = dict(zip(lever_names(base), base, strict=True))
    theirs = dict(zip(lever_names(other), other, strict=True))
    return [
        _Change(("levers", name), mine.get(name, _ABSENT), theirs.get(name, _ABSENT))
        for name in dict.fromkeys((*theirs, *mine))
        if mine.get(name, _ABSENT) != theirs.get(name, _ABSENT)
    ]


def _changed(value: dict[str, Any], path: Sequence[str], new: Any) -> dict[str, Any]:
    document = dict(value)
    if len(path) > 1:
        inner = document.get(path[0])
        document[path[0]] = _changed(inner if isinstance(inner, dict) else {}, path[1:], new)
    elif new is _ABSENT:
        document.pop(path[0], None)
    else:
        document[path[0]] = new
    return document
