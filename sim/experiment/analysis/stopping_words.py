"""What came of a precision that was asked for, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiment.results.manifest import AimOutcome, PrecisionOutcome
from sim.measures.definitions import MEASURES

__all__ = ["outcome_in_words"]


def outcome_in_words(
    precision: PrecisionOutcome | Mapping[str, Any], labels: Mapping[str, str] | None = None, seconds: float = 0.0
) -> list[str]:
    """Say in sentences what came of a precision (`manifest.precision`, or its plain values).

    `labels` gives a scenario's words by its name; with the `seconds` of the run it says how long more would take.
    """
    outcome = PrecisionOutcome.model_validate(precision)
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
