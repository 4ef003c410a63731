"""How a validator says what is wrong at one place of a scenario and what would be right there.

Pydantic's own errors carry a place and a message. A planner needs two messages, what is wrong and what would
be right, and a check across fields needs to name a place deeper than the model it runs on. `fault` and
`Faults` put both into one pydantic error, and `sim.scenario.errors.problems` turns it back into lines.
"""

from __future__ import annotations

import unicodedata

from pydantic_core import PydanticCustomError

Path = tuple[str | int, ...]
"""Where a value stands in a scenario: mapping keys as text, list positions as whole numbers from 0."""

FAULT = "fault"
FAULTS = "faults"
_JOINERS = "\u00ad\u200c\u200d\ufeff"
"""Invisible, but parts of ordinary writing: soft hyphen, joiners, byte order mark."""


def is_steering(sign: str) -> bool:
    """Whether a character acts on a terminal or on the direction of text in place of being shown."""
    return sign not in "\t\n" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in _JOINERS


def visible(text: str) -> str:
    r"""Return text on one line in which every character shows: a control character as its number, such as \x1b."""
    line = " ".join(text.split(" ")).replace("\t", " ").replace("\n", " ")
    if line.isascii() and line.isprintable():
        return line
    return "".join(sign.encode("unicode_escape").decode() if is_steering(sign) else sign for sign in line)


def show(value: object, limit: int = 60) -> str:
    """Return a value as it is quoted in a message: text in single quotes, long values cut short."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return f"'{text}'" if isinstance(value, str) else text


def fault(path: Path, wrong: str, right: str) -> PydanticCustomError:
    """Return the error that a validator raises: what is wrong at a place, and what would be right.

    `path` is relative to the model or field whose validator raises it; `()` is that place itself.
    """
    return PydanticCustomError(FAULT, "{wrong}; {right}", {"path": tuple(path), "wrong": wrong, "right": right})


class Faults:
    """Gathers several faults found by one validator, so that all of them are reported at once."""

    def __init__(self) -> None:
        self._rows: list[tuple[Path, str, str]] = []

    def add(self, path: Path, wrong: str, right: str) -> None:
        """Note one fault; `path` is relative to the model whose validator runs."""
        self._rows.append((tuple(path), wrong, right))

    def __bool__(self) -> bool:
        return bool(self._rows)

    def raise_if_any(self) -> None:
        """Raise one pydantic error that holds every fault noted, or do nothing.

        Raises:
            PydanticCustomError: when any fault was added; call it inside a pydantic validator.
        """
        if self._rows:
            text = " | ".join(f"{wrong}; {right}" for _, wrong, right in self._rows)
            raise PydanticCustomError(FAULTS, "{text}", {"text": text, "rows": tuple(self._rows)})
