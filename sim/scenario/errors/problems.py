"""What is wrong with a scenario: a line for each problem, with what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sim.scenario.errors.faults import Faults, Path, fault, show, visible

__all__ = [
    "Faults",
    "Path",
    "Place",
    "Problem",
    "ScenarioError",
    "did_you_mean",
    "fault",
    "find_place",
    "path_text",
    "show",
    "visible",
]

SHOWN = 20
"""Problems that a message lists one by one."""
_LONGEST_PATH = 200

OVERRIDE = "--set"
"""Stands for the file of a value that an override set."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was written: the file as the user knows it, and its line from 1, or None."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with what would be right."""

    file: str
    line: int | None
    path: str
    wrong: str
    right: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        path = self.path if len(self.path) <= _LONGEST_PATH else self.path[: _LONGEST_PATH - 1] + "…"
        text = f"{self.wrong}; {self.right}" if self.right else self.wrong
        return " ".join(visible(": ".join(part for part in (where, path, text) if part)).split())


class ScenarioError(Exception):
    """A scenario that cannot be used; holds its problems, and prints a line for each of the first 20."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        more = len(self.problems) - SHOWN
        return "\n".join([*lines, f"and {more:,} more"] if more > 0 else lines)

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return ScenarioError, (self.problems,)


def path_text(path: Path) -> str:
    """Return a path as it is written in messages and after `--set`: `teams.assessment.workers.0.cap`."""
    return ".".join(str(step) for step in path)


def find_place(places: Mapping[Path, Place], path: Path, file: str) -> Place:
    """Return where a path was written, or the nearest thing around it that was."""
    for length in range(len(path), -1, -1):
        place = places.get(path[:length])
        if place is not None:
            return place
    return Place(file, None)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "use one of") -> str:
    """Return what would be right in place of an unknown word: the nearest known ones, or all of them."""
    names = {str(name).lower(): str(name) for name in known}
    wanted = word.lower()
    longer = [name for name in names if len(wanted) > 3 and name.startswith(wanted)]
    # Short words are like one another by chance.
    close = longer or get_close_matches(wanted, names, 1, 0.6 if len(wanted) > 3 else 0.75)
    if close:
        return f"did you mean '{names[close[0]]}'?"
    if not names:
        return "take it out"
    if len(names) == 1:
        return f"write {next(iter(names.values()))}"
    shown = ", ".join(list(names.values())[:12]) + (" …" if len(names) > 12 else "")
    return f"{otherwise} {shown}"
