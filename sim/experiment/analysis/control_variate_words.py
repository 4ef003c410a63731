"""What taking out the chance variation of referrals gained, in one sentence for planners."""

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
    """Say whether means are adjusted for the chance variation of referrals, and what that gained.

    Nothing where it was not asked. The gain is that of the measures that a precision was asked of, or else of the
    middle key measure, over the whole run. A run that was precise enough after fewer than `LEAST` replications says
    nothing: nobody asked it to adjust.
    """
    manifest = results.manifest
    if not manifest.adjusting:
        return []
    if manifest.replications < LEAST:
        if manifest.precision is not None:
            return []
        return [
            f"Means are not adjusted for the chance variation of referrals: that takes {LEAST} replications or more."
        ]
    variation = results.referral_chance
    if variation is None or not (variation.children.std(axis=0) > 0).any():
        return ["Means are not adjusted for the chance variation of referrals: every run has as many as expected."]
    gains = _gains(results)
    told = [(f"“{MEASURES[measure].label}”", gains[measure]) for measure in _asked(results) if measure in gains]
    if not told and gains:
        told = [("the middle key measure", sorted(gains.values())[len(gains) // 2])]
    more = [f"{gain:.1f} times as many runs would be needed for {words}" for words, gain in told if gain >= _NOTHING]
    none = [words for words, gain in told if gain < _NOTHING]
    opening = (
        "Means, differences and intervals are adjusted for the chance variation of referrals (how many children "
        "happened to be referred above or below the number expected)"
    )
    parts = [opening, *(["without that, " + ", ".join(more)] if more else [])]
    parts += ["it gains nothing for " + ", ".join(none)] if none else []
    return ["; ".join(parts) + "."]


def _asked(results: Results) -> list[str]:
    """Measures that a precision was asked of, each once."""
    precision = results.manifest.precision
    return [] if precision is None else list(dict.fromkeys(aim.measure for aim in precision.aims))


def _gains(results: Results) -> Mapping[str, float]:
    """What was gained by key measure and those asked about, over the whole run: the least of all scenarios."""
    least: dict[str, float] = {}
    for measure, gain in _rows(results):
        if math.isfinite(gain) and measure in MEASURES:
            least[measure] = min(gain, least.get(measure, math.inf))
    return least


def _rows(results: Results) -> list[tuple[str, float]]:
    table: Any = results.differences
    if table is not None:
        table = table[table["period"] == "whole"]
        pairs = [(str(m), float(g)) for m, g in zip(table["measure"], table["control_reduction"], strict=True)]
    else:
        (run,) = results.by_scenario
        gained = levels(run.values, run.replications, run.rows.periods, results.referral_chance).gained
        pairs = [(m, float(gained[place])) for (m, period), place in run.columns.items() if period == "whole"]
    asked = _asked(results)
    return [(m, gain) for m, gain in pairs if m in asked or (m in MEASURES and MEASURES[m].headline)]
