"""What the page sends, read with a limit on each part: anything else is refused in one sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sim.serve.errors import PageError

__all__ = [
    "MOST_OPTIONS",
    "MOST_RUNS",
    "AskedComparison",
    "Option",
    "Start",
    "read_comparison",
    "read_option",
    "read_start",
]

MOST_OPTIONS: Final = 4
"""Columns of a comparison."""
MOST_RUNS: Final = 100
"""Replications of a comparison that the page can ask for."""
MOST_CHANGES: Final = 200
LONGEST_NAME: Final = 36
"""Letters of an option's name: a scenario's short title holds 40."""
LONGEST_TEXT: Final = 1_000_000

Value = float | str


@dataclass(frozen=True)
class Start:
    """The service that options change: a shipped scenario, one named on the command line, a file's text, or answers.

    `kind` is `shipped`, `given`, `file` or `new`; `name` is the scenario's, or that of the file.
    """

    kind: str
    name: str
    text: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells one start from another."""
        return self.kind, self.name, self.text, tuple(sorted(self.answers.items()))


@dataclass(frozen=True)
class Option:
    """A column: its name, and the new values of controls by their ids."""

    name: str
    changes: Mapping[str, Value]


@dataclass(frozen=True)
class AskedComparison:
    """Options of one start, how many runs of each, the master seed, and which column the others are compared with."""

    start: Start
    options: tuple[Option, ...]
    runs: int = 10
    seed: int = 1
    against: int | None = None


def _text(value: Any, what: str, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise PageError(f"{what} is not a text of at most {longest:,} letters")
    if any(not (sign.isprintable() or sign in "\n\r\t") for sign in value):
        raise PageError(f"{what} holds signs that cannot be shown; write plain text")
    return value


def _whole(value: Any, what: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise PageError(f"{what} is not a whole number from {low:,} to {high:,}")
    return value


def read_start(given: Any) -> Start:
    """Read a start.

    Raises:
        PageError: when it is not one.
    """
    if not isinstance(given, Mapping):
        raise PageError("choose where to start")
    kind = given.get("kind")
    if kind not in ("shipped", "given", "file", "new"):
        raise PageError("choose a scenario, a file or the questions to start from")
    name = _text(given.get("name", ""), "the name of the scenario", 120)
    text = given.get("text", "") if kind == "file" else ""
    if kind == "file" and isinstance(text, str) and len(text.encode()) > LONGEST_TEXT:
        raise PageError("the file is larger than 1 MB; a scenario is a few hundred lines, so leave bulk data out")
    answers = given.get("answers", {}) if kind == "new" else {}
    if not isinstance(answers, Mapping) or len(answers) > 10:
        raise PageError("the answers cannot be read")
    for key, value in answers.items():
        if not isinstance(value, (int, float, str, type(None))) or len(str(value)) > 40:
            raise PageError(f"the answer to '{str(key)[:40]}' cannot be read")
    # The text of a file is judged by the reader of scenarios, which names the line of what is wrong.
    return Start(kind, name, text if isinstance(text, str) else "", dict(answers))


def read_option(given: Any) -> Option:
    """Read an option.

    Raises:
        PageError: when it is not one.
    """
    if not isinstance(given, Mapping) or not isinstance(given.get("changes", {}), Mapping):
        raise PageError("an option cannot be read")
    name = " ".join(_text(given.get("name", ""), "the name of an option", LONGEST_NAME).split())
    changes = given.get("changes", {})
    if len(changes) > MOST_CHANGES:
        raise PageError(f"an option changes more than {MOST_CHANGES} figures")
    read: dict[str, Value] = {}
    for key, value in changes.items():
        if isinstance(value, bool) or not isinstance(value, (int, float, str)) or len(str(value)) > 80:
            raise PageError(f"the value of '{str(key)[:60]}' cannot be read")
        if isinstance(value, (int, float)) and not math.isfinite(value):
            raise PageError(f"the value of '{str(key)[:60]}' is not a number")
        read[str(key)] = value if isinstance(value, str) else float(value)
    return Option(name or "Option", read)


def read_comparison(given: Any) -> AskedComparison:
    """Read a comparison.

    Raises:
        PageError: when it is not one.
    """
    if not isinstance(given, Mapping):
        raise PageError("a comparison cannot be read")
    options = given.get("options")
    if not isinstance(options, list) or not 1 <= len(options) <= MOST_OPTIONS:
        raise PageError(f"compare 1 to {MOST_OPTIONS} options")
    against = given.get("against")
    return AskedComparison(
        read_start(given.get("start")),
        tuple(read_option(option) for option in options),
        _whole(given.get("runs", 10), "the number of runs", 1, MOST_RUNS),
        _whole(given.get("seed", 1), "the seed", 0, 2**31 - 1),
        None if against is None else _whole(against, "the option to compare with", 0, len(options) - 1),
    )
