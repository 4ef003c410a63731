"""What came of a precision that was asked for, and what ended a run without a number of replications, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from sim.experiment.results.manifest import AimOutcome, PrecisionOutcome, SettlingOutcome
from sim.measures.definitions import MEASURES

__all__ = ["how_it_ended", "outcome_in_words"]


def outcome_in_words(
    outcome: PrecisionOutcome, labels: Mapping[str, str] | None = None, seconds: float = 0.0
) -> list[str]:
    """Say in sentences what came of a precision (`manifest.precision`).

    `labels` gives a scenario's words by its name; with the `seconds` of the run it says how long more would take.
    """
    names = labels or {}
    lines = []
    many = outcome.replications
    for_whom = ""
    if outcome.needed_by is not None:
        label = MEASURES[outcome.needed_by.measure].label
        for_whom = f"; “{label}” in {names.get(outcome.needed_by.scenario, outcome.needed_by.scenario)} needed the most"
    if outcome.reached:
        lines.append(f"As precise as asked after {many} replications{for_whom}.")
    else:
        lines.append(f"Not as precise as asked after {many} replications, the most allowed.")
    lines += [_missed(aim, names, many, seconds) for aim in outcome.aims if not aim.met]
    lines += [
        f"Caution: on “{MEASURES[aim.measure].label}” a few runs of {names.get(aim.scenario, aim.scenario)} lie far "
        "from the others; its interval may be too narrow until there are more runs."
        for aim in outcome.aims
        if aim.skewed
    ]
    return lines


def _missed(aim: AimOutcome, names: Mapping[str, str], many: int, seconds: float) -> str:
    measure = MEASURES[aim.measure]
    reached = "cannot be told" if aim.half_width is None else f"is ±{aim.half_width:.3g} {measure.unit}".rstrip()
    wanted = f" where ±{aim.target:.3g} was asked ({aim.asked})" if aim.target else ""
    more = aim.replications_needed
    about = f"; about {more:,} replications would be needed" if more < 1_000_000 else ""
    if about and seconds:
        minutes = seconds * more / max(many, 1) / 60.0
        about += f", {minutes:,.0f} minutes at this pace" if minutes >= 1.5 else ", a minute or so"
    if not aim.target and aim.asked.endswith("%"):
        wanted = f", and {aim.asked} of zero was asked: give it in the measure's own unit"
    return f"“{measure.label}” in {names.get(aim.scenario, aim.scenario)} {reached}{wanted}{about}."


def how_it_ended(outcome: SettlingOutcome) -> list[str]:
    """Say why a run without a number of replications stopped, and what it left open (`manifest.settling`)."""
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
