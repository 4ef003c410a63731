"""What every section of a scenario shares: frozen, and no key that is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from sim.scenario.errors.faults import fault
from sim.scenario.errors.problems import Faults
from sim.scenario.values.quantities import Count, Day

SHARES_TOLERANCE = 1e-6
Part = TypeVar("Part", bound=BaseModel)


class Section(BaseModel):
    """A part of a scenario: immutable once read, unknown keys refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", defer_build=True, arbitrary_types_allowed=True, allow_inf_nan=False
    )


def usual(part: type[Part], **fields: Any) -> Part:
    """A part of a scenario as it is when no more is said of it, for a default.

    Nothing is checked (a test does that): otherwise the checks of every part would be built when it is imported, and
    again when a scenario is read.
    """
    return part.model_construct(**fields)


def check_shares(faults: Faults, path: tuple[str | int, ...], shares: Mapping[str, float]) -> None:
    """Add a fault at `path` unless the shares sum to one."""
    total = math.fsum(shares.values())
    if abs(total - 1.0) > SHARES_TOLERANCE:
        faults.add(
            path,
            f"the shares sum to {total * 100:g}%",
            f"make them sum to 100% (change one of them by {(1 - total) * 100:+g} points)",
        )


def _dated(value: Any) -> Any:
    """A plain figure holds from the start of the run: the same as a mapping with one, open date."""
    if not isinstance(value, Mapping):
        return {date.min: value}
    if not value:
        raise fault((), "there is no figure in it", "write a number, or dates with the number from each on")
    return value


#: A figure that changes on dates: a plain number, or a mapping of ISO date to the number from that day on.
DatedCount = Annotated[
    dict[Day, Count],
    BeforeValidator(_dated),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
            ]
        }
    ),
]
