"""What a control is: words, limits, the figure that holds at the start, and where that figure comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.scenario.errors.problems import Path, path_text
from sim.serve.errors import PageError

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario
    from sim.serve.asked import Value

__all__ = ["Control", "ControlGroup", "limits", "months_later", "read_value", "source_of"]

Kind = Literal["number", "percent", "date", "choice"]
UNSOURCED: Final = "No source is stated."


@dataclass(frozen=True)
class Control:
    """One figure that the page can change.

    A percentage is a number in per cent (40 is +40%). `value` holds at the start; `low`, `high` and `step` bound a
    number; `first` and `last` bound a date; `choices` are pairs of value and words. `needs` names a control that has
    to be above zero before this one matters.
    """

    id: str
    label: str
    hint: str
    kind: Kind
    value: float | str
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    first: str = ""
    last: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    source: str = UNSOURCED
    needs: str = ""

    def plain(self) -> dict[str, Any]:
        """As the page takes it."""
        return asdict(self)


@dataclass(frozen=True)
class ControlGroup:
    """Controls that belong together, under a heading."""

    id: str
    title: str
    hint: str
    controls: tuple[Control, ...]

    def plain(self) -> dict[str, Any]:
        """As the page takes it."""
        return {"id": self.id, "title": self.title, "hint": self.hint, "controls": [c.plain() for c in self.controls]}


def read_value(control: Control, value: Value) -> Value:
    """Return a value that the page sent for a control, checked.

    Raises:
        PageError: when it does not fit the control.
    """
    if control.kind in ("number", "percent"):
        if isinstance(value, str):
            raise PageError(f"{control.label}: '{value}' is not a number")
        if not control.low <= value <= control.high:
            raise PageError(
                f"{control.label}: {value:g} is not between {control.low:g} and {control.high:g}"
                + (f" {control.unit}" if control.unit else "")
            )
        return value
    if control.kind == "choice":
        if value not in {key for key, _ in control.choices}:
            raise PageError(f"{control.label}: '{value}' is not one of the choices")
        return value
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise PageError(f"{control.label}: '{value}' is not a date; write day, month and year") from None
    if not date.fromisoformat(control.first) <= day <= date.fromisoformat(control.last):
        raise PageError(f"{control.label}: {_day(value)} is not between {_day(control.first)} and {_day(control.last)}")
    return day.isoformat()


def _day(value: object) -> str:
    day = date.fromisoformat(str(value))
    return f"{day.day} {day:%B %Y}"


def source_of(loaded: LoadedScenario, path: Path) -> str:
    """Where the figure at a path comes from, as one sentence."""
    for length in range(len(path), 0, -1):
        at = path_text(path[:length])
        row = next((row for row in loaded.register if row.path == at or row.path.startswith(f"{at}.")), None)
        if row is not None and (row.source or row.confidence):
            kind = {"official": "Official statistics", "local": "Local figure", "assumption": "Assumption"}
            return f"{kind.get(row.confidence, 'Source')}: {row.source.rstrip('.') or 'no source is stated'}."
        if length == 1 or isinstance(path[length - 1], int) or length < len(path) - 1:
            break
    return UNSOURCED


def limits(model: Any, name: str) -> tuple[float | None, float | None]:
    """The least and the largest value that the schema of a section allows for a field; None where it sets none."""
    schema: Mapping[str, Any] = model.model_json_schema()["properties"][name]
    low: float | None = None
    high: float | None = None
    for part in (schema, *schema.get("anyOf", ())):
        low = part.get("minimum", part.get("exclusiveMinimum", low))
        high = part.get("maximum", high)
    return low, high


def months_later(day: date, months: int) -> date:
    """The first day of a month so many months later; the same day of the month where it is the first."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, min(day.day, 28))
