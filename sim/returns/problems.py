"""What is wrong in a return, cell by cell, and what was read instead.

A problem names the place and the column, never what stands there: a cell may hold a name or a date of birth.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Problems", "ReturnsProblem"]

MOST_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class ReturnsProblem:
    """One thing that is wrong: the file, the sheet or element, the row or line, the column, and what was done."""

    file: str
    place: str
    row: int | None
    column: str
    wrong: str
    instead: str

    def sentence(self) -> str:
        """The problem in one sentence."""
        unit = "row" if self.place.startswith("List") else "line"
        at = f", {unit} {self.row}" if self.row is not None else ""
        column = f", {self.column}" if self.column else ""
        return f"{self.file}, {self.place}{at}{column}: {self.wrong}; {self.instead}."


@dataclass
class Problems:
    """All problems of a reading, in the order in which they were met."""

    kept: list[ReturnsProblem] = field(default_factory=list)
    left_off: int = 0
    _counts: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    _first: dict[tuple[str, str, str, str, str], ReturnsProblem] = field(default_factory=dict)

    def add(self, file: str, place: str, row: int | None, column: str, wrong: str, instead: str) -> None:
        """Note one problem."""
        problem = ReturnsProblem(file, place, row, column, wrong, instead)
        kind = (file, place, column, wrong, instead)
        self._counts[kind] += 1
        self._first.setdefault(kind, problem)
        if len(self.kept) < MOST_KEPT:
            self.kept.append(problem)
        else:
            self.left_off += 1

    def __len__(self) -> int:
        """Count the problems."""
        return len(self.kept) + self.left_off

    def summary(self) -> list[str]:
        """One sentence for each kind of problem: where it is met first, and how often."""
        lines = []
        for kind, count in self._counts.items():
            text = self._first[kind].sentence()
            lines.append(text if count == 1 else f"{text[:-1]} (and {count - 1:,} more like it).")
        return lines
