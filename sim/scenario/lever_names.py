"""What tells one lever of a scenario from another, wherever it stands in the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

__all__ = ["lever_names"]

_TELLING: Final = ("lever", "team", "stage", "capacity", "grade", "at")


def lever_names(levers: Sequence[Any]) -> list[str]:
    """Return a name for each lever as written (`staffing, assessment, 2018-01-02`); the second of a name gets `#2`.

    Two scenarios that list the same lever at different places call it the same.
    """
    found: list[str] = []
    for lever in levers:
        said = lever if isinstance(lever, Mapping) else {}
        name = ", ".join(str(said[key]) for key in _TELLING if said.get(key) is not None) or "lever"
        number, unique = 2, name
        while unique in found:
            unique, number = f"{name} #{number}", number + 1
        found.append(unique)
    return found
