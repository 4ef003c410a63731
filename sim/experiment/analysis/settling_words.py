"""What ended a run without a number of replications, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiment.results.manifest import SettlingOutcome
from sim.measures.definitions import MEASURES

__all__ = ["how_it_ended"]


def how_it_ended(settling: SettlingOutcome | Mapping[str, Any]) -> list[str]:
    """Say why a run stopped and what it left open (`manifest.settling`, or its plain values)."""
    outcome = SettlingOutcome.model_validate(settling)
    runs = "1 replication" if outcome.replications == 1 else f"{outcome.replications} replications"
    if outcome.reason == "settled":
        return [f"The answers of the first screen were settled after {runs}, so the run stopped."]
    if outcome.reason == "most":
        lines = [f"Stopped after {runs}, the most that a run without -n takes."]
    else:
        lines = [f"Stopped after {_time(outcome.seconds)} with {runs}."]
    if not outcome.looks:
        lines.append("That is too few to judge whether answers are settled: -n 10 or more, or --minutes, runs longer.")
    elif outcome.unsettled:
        labels = [MEASURES[part].short for measure in outcome.unsettled for part in measure.split("+")]
        lines.append(f"Not settled at the last look: {', '.join(labels)}. More replications (-n) may settle them.")
    return lines


def _time(seconds: float) -> str:
    if seconds >= 60 and seconds % 60 == 0:
        minutes = round(seconds / 60)
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{seconds:g} seconds"
