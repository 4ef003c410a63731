"""A scenario written out in full, with every default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = ["written_out"]

_FROM_THE_START = "0001-01-01"


def written_out(scenario: Scenario) -> dict[str, Any]:
    """Return everything that a scenario holds as plain values, as a file would write it; reading it gives it again."""
    plain: dict[str, Any] = _without_nothing(scenario.model_dump(mode="json"))
    return plain


def _without_nothing(value: Any) -> Any:
    """Leave out what is not given, and write a figure that holds from the start plainly."""
    if isinstance(value, dict):
        if set(value) == {_FROM_THE_START}:
            return value[_FROM_THE_START]
        return {key: _without_nothing(inner) for key, inner in value.items() if inner is not None}
    return [_without_nothing(inner) for inner in value] if isinstance(value, list) else value
