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
        measured = [measured_apart(size, years, 1, *flags) for _ in range(rounds)]
        a_year = [run["processor seconds"][0] / run["years"] for run in measured]
        figures += [
            lower(f"model: {label}, seconds a simulated year", "s", a_year),
            higher(
                f"model: {label}, events a second",
                "a second",
                [run["events"] / run["processor seconds"][0] for run in measured],
            ),
            lower(
                f"model: {label}, pops for each referred child",
                "pops",
                [measured[0]["events"] / measured[0]["children referred"]],
            ),
        ]
        if measured[0]["megabytes"] is not None:
            figures.append(
                lower(f"model: {label}, peak of {in_words(years)}", "MB", [run["megabytes"] for run in measured])
            )
        details[label] = {
            "children referred": measured[0]["children referred"],
            "events": measured[0]["events"],
            "seconds by the clock": [run["seconds"][0] for run in measured],
            "per cent of the time": measured_apart(size, 1, 1, "--profile", *flags)["profile"],
        }
    return figures, details


def in_words(years: int) -> str:
    """`one year`, `four years`."""
    names = ("no", "one", "two", "three", "four", "five")
    return f"{names[years] if years < len(names) else years} year{'' if years == 1 else 's'}"
