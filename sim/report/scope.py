"""What these scenarios simulate, and what they leave out: read from the scenarios, never assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sim.report.results_view import ResultsView
from sim.report.wording import formats

_PARTS: Final[tuple[tuple[str, Callable[[Mapping[str, Any]], bool]], ...]] = (
    ("leave and sickness", lambda resolved: _on(resolved, "people", "absence")),
    ("workers who resign", lambda resolved: _on(resolved, "people", "turnover")),
    ("recruitment to vacant posts", lambda resolved: _on(resolved, "people", "recruitment")),
    ("newly qualified workers who come up to speed", lambda resolved: _on(resolved, "people", "newly_qualified")),
    ("supervision", lambda resolved: _on(resolved, "people", "supervision")),
    ("risk that rises while a child waits", lambda resolved: _on(resolved, "risk")),
)


def scope(data: ResultsView) -> tuple[str, str]:
    """Return what is simulated and what is left out, each as a sentence."""
    known = {str(entry.get("name")): entry for entry in data.manifest.get("scenarios", ())}
    held: list[str] = []
    missing: list[str] = []
    for words, test in _PARTS:
        letters = [s.letter for s in data.scenarios if test(known.get(s.name, {}).get("resolved") or {})]
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


def _on(resolved: Mapping[str, Any], *path: str) -> bool:
    value: Any = resolved
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
    if isinstance(value, Mapping) and "value" in value:
        value = value["value"]
    return value not in ("none", "off", None, False)
