"""What these scenarios simulate, and what they leave out: read from the scenarios, never assumed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sim.report.results_view import ResultsView
from sim.report.wording import formats

if TYPE_CHECKING:
    from sim.experiment.results.manifest import ScenarioRecord

_PARTS: Final[tuple[tuple[str, Callable[[ScenarioRecord], bool]], ...]] = (
    ("leave and sickness", lambda record: _on(record, "people", "absence")),
    ("workers who resign", lambda record: _on(record, "people", "turnover")),
    ("recruitment to vacant posts", lambda record: _on(record, "people", "recruitment")),
    ("newly qualified workers who come up to speed", lambda record: _on(record, "people", "newly_qualified")),
    ("supervision", lambda record: _on(record, "people", "supervision")),
    ("risk that rises while a child waits", lambda record: _on(record, "risk")),
)


def scope(data: ResultsView) -> tuple[str, str]:
    """Return what is simulated and what is left out, each as a sentence."""
    held: list[str] = []
    missing: list[str] = []
    for words, test in _PARTS:
        letters = [scenario.letter for scenario in data.scenarios if test(data.record(scenario))]
        if not letters:
            missing.append(words)
        elif len(letters) == len(data.scenarios):
            held.append(words)
        else:
            held.append(f"{words} (only in {formats.listed(letters)})")
    simulated = "Children from referral to the end of care proceedings, social workers, managers and their time"
    if held:
        simulated += f"; also {formats.listed(held)}"
    left_out = ["children looked after beyond the end of care proceedings", *missing]
    return f"{simulated}.", f"{formats.sentence_case(formats.listed(left_out))}."


def _on(record: ScenarioRecord, *path: str) -> bool:
    return record.written(*path) not in ("none", "off", None, False)
