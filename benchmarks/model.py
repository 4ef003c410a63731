"""The whole model at Croydon's size: seconds, pops of the event list, memory, and where the time goes."""

from __future__ import annotations

from typing import Any

from benchmarks.figures import Figure, higher, lower
from benchmarks.measure import measured_apart


def measure(rounds: int, years: int = 4, size: str = "Croydon") -> tuple[list[Figure], dict[str, Any]]:
    """Measure as the scenario says, and with everything on, in turn. Seconds are those of the processor."""
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    for label, flags in (("plain", ()), ("everything on", ("--everything-on",))):
        found = [measured_apart(size, years, 1, *flags) for _ in range(rounds)]
        a_year = [one["processor seconds"][0] / one["years"] for one in found]
        figures += [
            lower(f"model: {label}, seconds a simulated year", "s", a_year),
            higher(
                f"model: {label}, events a second",
                "a second",
                [one["events"] / one["processor seconds"][0] for one in found],
            ),
            lower(
                f"model: {label}, pops for each referred child",
                "pops",
                [found[0]["events"] / found[0]["children referred"]],
            ),
        ]
        if found[0]["megabytes"] is not None:
            figures.append(lower(f"model: {label}, peak of {in_words(years)}", "MB", [x["megabytes"] for x in found]))
        details[label] = {
            "children referred": found[0]["children referred"],
            "events": found[0]["events"],
            "seconds by the clock": [one["seconds"][0] for one in found],
            "per cent of the time": measured_apart(size, 1, 1, "--profile", *flags)["profile"],
        }
    return figures, details


def in_words(years: int) -> str:
    """`one year`, `four years`."""
    names = ("no", "one", "two", "three", "four", "five")
    return f"{names[years] if years < len(names) else years} year{'' if years == 1 else 's'}"
