"""What happens in the scenarios, with its day: levers begin and end, teams arrive and leave. Charts mark these days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sim.report.results_view import ResultsView
from sim.report.wording import formats

_NAMES: Final = {"referral_surge": "the surge", "staffing": "new staff"}
MOST: Final = 9
"""Days that a chart marks; more would hide the lines."""


@dataclass(frozen=True)
class ScenarioEvent:
    """A day that charts mark with its number, and what happens on it."""

    number: int
    day: date
    text: str


def events(data: ResultsView) -> tuple[ScenarioEvent, ...]:
    """Return the days on which scenarios change, oldest first, those of one day together."""
    happens: dict[date, dict[str, list[str]]] = {}
    for scenario in data.scenarios:
        for day, text in _of(data.record(scenario).resolved):
            happens.setdefault(day, {}).setdefault(text, []).append(scenario.letter)
    several = len(data.scenarios) > 1
    return tuple(
        ScenarioEvent(
            number, day, "; ".join(f"{t} ({', '.join(ls)})" if several else t for t, ls in happens[day].items())
        )
        for number, day in enumerate(sorted(happens)[:MOST], 1)
    )


def note(marked: tuple[ScenarioEvent, ...]) -> str:
    """The events of a chart in words, for the line below it."""
    parts = [f"{event.number}: {formats.day_name(event.day)}, {event.text}" for event in marked]
    return f"Marked days. {'. '.join(parts)}." if parts else ""


def _of(resolved: Mapping[str, Any]) -> Iterator[tuple[date, str]]:
    for lever in resolved.get("levers") or ():
        kind = str(lever.get("lever", "change"))
        name = _NAMES.get(kind, kind.replace("_", " "))
        team = f" in {lever['team']}" if kind == "staffing" and lever.get("team") else ""
        for key, word in (("at", "begins"), ("until", "begins to fall" if lever.get("decay") else "ends")):
            day = _day(lever.get(key))
            if day is not None:
                yield day, f"{name}{team} {'start' if kind == 'staffing' else word}"
    arrive: dict[date, list[str]] = {}
    leave: dict[date, list[str]] = {}
    for name, team in (resolved.get("teams") or {}).items():
        for key, days in (("start", arrive), ("end", leave)):
            day = _day(team.get(key)) if isinstance(team, Mapping) else None
            if day is not None:
                days.setdefault(day, []).append(str(name))
    for days, one_word, many_word in ((arrive, "arrives", "arrive"), (leave, "leaves", "leave")):
        for day, names in days.items():
            yield (
                day,
                f"{names[0]} {one_word}" if len(names) == 1 else f"{len(names)} teams {many_word}",
            )


def _day(value: Any) -> date | None:
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
