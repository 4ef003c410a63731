"""What manifests hold of a scenario: in full, its overrides, and its register of assumptions."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import to_jsonable_python

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = [
    "ChangedValue", "Plain", "Record", "RecordedScenario", "RegisterEntry", "UncertainRange", "changed_values",
    "register_entries", "written",
]  # fmt: skip

Plain = Annotated[Any, AfterValidator(to_jsonable_python)]
"""A value that a scenario writes, as JSON: a date is its ISO text."""
PlainDocument = Annotated[dict[str, Any], AfterValidator(to_jsonable_python)]
"""A scenario in full, as JSON values."""


class Record(BaseModel):
    """A part of a manifest: frozen; keys that this version does not know are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ChangedValue(Record):
    """A value that an override changed; `old` is None where the default held."""

    path: str
    old: Plain = None
    new: Plain = None


class RegisterEntry(Record):
    """A row of the assumptions register."""

    path: str
    value: Plain = None
    source: str = ""
    date: str = ""
    confidence: str = ""
    note: str = ""
    file: str = ""
    line: int | None = None


class UncertainRange(Record):
    """A figure that is known only as a range, as the scenario writes it."""

    path: str
    central: Plain = None
    low: Plain
    high: Plain
    distribution: str = "uniform"
    whole: bool = False
    peak: float | None = None
    stream: str = ""


class RecordedScenario(Record):
    """What the manifests of runs and of studies hold of a scenario.

    `resolved` is what its files and overrides say together.
    """

    name: str
    title: str = ""
    question: str = ""
    file: str = ""
    content_hash: str = ""
    overrides: tuple[ChangedValue, ...] = ()
    resolved: PlainDocument = Field(default_factory=dict)
    assumptions: tuple[RegisterEntry, ...] = Field((), alias="register")

    def written(self, *path: str) -> Any:
        """What the scenario says at a path of keys, without its source; None where it says nothing."""
        return written(self.resolved, *path)


def written(document: Any, *path: str) -> Any:
    """The value at a path of keys of a scenario in full, without its source; None where nothing is written."""
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document["value"] if isinstance(document, dict) and "value" in document else document


def changed_values(loaded: LoadedScenario) -> tuple[ChangedValue, ...]:
    """The values of a scenario that overrides changed."""
    return tuple(ChangedValue(**asdict(row)) for row in loaded.overrides)


def register_entries(loaded: LoadedScenario) -> tuple[RegisterEntry, ...]:
    """The assumptions register of a scenario."""
    return tuple(RegisterEntry(**asdict(row)) for row in loaded.register)
