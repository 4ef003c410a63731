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
    times: dict[str, int] = {}
    names: list[str] = []
    for lever in levers:
        written = lever if isinstance(lever, Mapping) else {}
        name = ", ".join(str(written[key]) for key in _TELLING if written.get(key) is not None) or "lever"
        times[name] = times.get(name, 0) + 1
        names.append(name if times[name] == 1 else f"{name} #{times[name]}")
    return names
