"""What came of a precision that was asked for, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.measures.definitions import MEASURES

__all__ = ["said"]


def said(precision: Mapping[str, Any], labels: Mapping[str, str] | None = None, seconds: float = 0.0) -> list[str]:
    """Say in sentences what a manifest's `precision` holds.

    `labels` gives a scenario's words by its name; with the `seconds` of the run it says how long more would take.
    """
    names = labels or {}
    lines = []
    many = precision["replications"]
    slowest = precision["needed_by"]
    for_whom = ""
    if slowest is not None:
        label = MEASURES[slowest["measure"]].label
        for_whom = f"; “{label}” in {names.get(slowest['scenario'], slowest['scenario'])} needed the most"
    if precision["reached"]:
        lines.append(f"As precise as asked after {many} replications{for_whom}.")
    else:
        lines.append(f"Not as precise as asked after {many} replications, the most allowed.")
    for one in precision["aims"]:
        if not one["met"]:
            measure = MEASURES[one["measure"]]
            half, target = one["half_width"], one["target"]
            reached = "cannot be told" if half is None else f"is ±{half:.3g} {measure.unit}".rstrip()
            wanted = "" if not target else f" where ±{target:.3g} was asked ({one['asked']})"
            more = one["replications_needed"]
            about = f"; about {more:,} replications would be needed" if more < 1_000_000 else ""
            if about and seconds:
                minutes = seconds * more / max(many, 1) / 60.0
                about += f", {minutes:,.0f} minutes at this pace" if minutes >= 1.5 else ", a minute or so"
            if not target and one["asked"].endswith("%"):
                wanted = f", and {one['asked']} of nothing was asked: give it in the measure's own unit"
            scenario = names.get(one["scenario"], one["scenario"])
            lines.append(f"“{measure.label}” in {scenario} {reached}{wanted}{about}.")
    for one in precision["aims"]:
        if one.get("skewed"):
            scenario = names.get(one["scenario"], one["scenario"])
            lines.append(
                f"Caution: on “{MEASURES[one['measure']].label}” a few runs of {scenario} lie far from the others; its "
                "interval may be too narrow until there are more runs."
            )
    return lines
