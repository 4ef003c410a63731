"""What taking out the luck of referrals gained, in one sentence for planners."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.analysis.control_variates import LEAST, levels
from sim.measures.definitions import MEASURES

if TYPE_CHECKING:
    from sim.experiment.results.results import Results

__all__ = ["controlled"]

_NOTHING: Final = 1.05
"""Gains below this are not worth a figure."""


def controlled(results: Results) -> list[str]:
    """Say whether means are adjusted for the luck of referrals, and what that gained; nothing where it was not asked.

    Of the measures that a precision was asked of, or else of the middle key measure, over the whole run. A run that
    was precise enough after fewer than `LEAST` replications says nothing: nobody asked it to adjust.
    """
    manifest = results.manifest
    if manifest.get("controls") != "on":
        return []
    if int(manifest.get("replications") or 0) < LEAST:
        if "precision" in manifest:
            return []
        return [f"Means are not adjusted for the luck of referrals: that takes {LEAST} replications or more."]
    if results.luck is None or not (results.luck.children.std(axis=0) > 0).any():
        return ["Means are not adjusted for the luck of referrals: every run has as many as expected."]
    gains = _gains(results)
    asked = [one["measure"] for one in (manifest.get("precision") or {}).get("aims", ())]
    said = [(f"“{MEASURES[measure].label}”", gains[measure]) for measure in dict.fromkeys(asked) if measure in gains]
    if not said and gains:
        said = [("the middle key measure", sorted(gains.values())[len(gains) // 2])]
    more = [f"{gain:.1f} times as many runs would be needed for {words}" for words, gain in said if gain >= _NOTHING]
    none = [words for words, gain in said if gain < _NOTHING]
    opening = (
        "Means, differences and intervals are adjusted for the luck of referrals (how many children happened to be "
        "referred above or below the number expected)"
    )
    parts = [opening, *(["without that, " + ", ".join(more)] if more else [])]
    parts += ["it gains nothing for " + ", ".join(none)] if none else []
    return ["; ".join(parts) + "."]


def _gains(results: Results) -> Mapping[str, float]:
    """What was gained by key measure and those asked about, over the whole run: the least of all scenarios."""
    found: dict[str, float] = {}
    for measure, gain in _rows(results):
        if math.isfinite(gain) and measure in MEASURES:
            found[measure] = min(gain, found.get(measure, math.inf))
    return found


def _rows(results: Results) -> list[tuple[str, float]]:
    table: Any = results.differences
    if table is not None:
        table = table[table["period"] == "whole"]
        pairs = [(str(m), float(g)) for m, g in zip(table["measure"], table["control_reduction"], strict=True)]
    else:
        (one,) = results.ensembles
        gained = levels(one.values, one.replications, one.rows.periods, results.luck).gained
        rows = zip(one.rows.measures, one.rows.periods, one.rows.breakdowns, gained, strict=True)
        pairs = [(m, float(gain)) for m, period, breakdown, gain in rows if (period, breakdown) == ("whole", "all")]
    asked = {one["measure"] for one in (results.manifest.get("precision") or {}).get("aims", ())}
    return [(m, gain) for m, gain in pairs if m in asked or (m in MEASURES and MEASURES[m].headline)]
