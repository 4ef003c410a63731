"""A scenario's figure in words: what its key means, where it stands, and its value.

The meaning is that of the key in the scenario's own format, so that report, `frontdoor schema` and documentation agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sim.report.wording import formats

__all__ = ["figure_in_words", "meaning"]

_OWN_WORDS: Final = {"takes_held_cases.children": "the most children who move to the team on its first day"}
"""Words for keys whose meaning is not clear without the section around it."""
_LONGEST: Final = 40
"""Letters of a value that a sentence can carry."""
_RANGE: Final = re.compile(
    r"low: (?P<low>[^,]+), high: (?P<high>[^,]+)(, value: (?P<value>[^,]+))?(, distribution: \w+)?"
)


def figure_in_words(path: str, value: str, resolved: Mapping[str, Any]) -> str:
    """Return a figure for a sentence: `share of time that is overtime: 15%`; a long value is left out.

    `path` is that of the register (`pace.overtime`), `resolved` the scenario in full, which names levers.
    """
    words = meaning(path)
    place = _place(path, resolved)
    shown = _shown(value)
    return f"{words}{f' ({place})' if place else ''}{f': {shown}' if shown else ''}"


def meaning(path: str) -> str:
    """Return what the key at a path means, its first clause; the key itself in words where nothing is known of it."""
    from sim.scenario.reading.known_keys import is_model, step_into
    from sim.scenario.schema import Scenario

    steps: list[str | int] = [int(step) if step.isdecimal() else step for step in path.split(".")]
    named = ".".join(str(step) for step in steps[-2:])
    if named in _OWN_WORDS:
        return _OWN_WORDS[named]
    kinds: list[Any] = [Scenario]
    description = ""
    for step in steps:
        holders = [kind for kind in kinds if is_model(kind) and step in kind.model_fields]
        if holders:
            description = holders[0].model_fields[step].description or ""
        kinds = step_into(kinds, step)
        if not kinds:  # neither a key, nor a name or place within one
            description = ""
    clause = re.split(r"[;:,(]| (?:with|from) `", description, maxsplit=1)[0].strip()
    keys = [str(step) for step in steps if not isinstance(step, int)]
    return clause or keys[-1].replace("_", " ")


def _place(path: str, resolved: Mapping[str, Any]) -> str:
    """The team, stage, lever or section that a figure belongs to; empty for one at the top of its section."""
    head, *steps = path.split(".")
    if not steps:
        return ""
    if head == "teams":
        return f"“{steps[0]}”"
    if head in ("stages", "opening"):
        return steps[0].replace("_", " ")
    if head == "levers" and steps[0].isdecimal():
        levers = resolved.get("levers") or ()
        number = int(steps[0])
        return str(levers[number].get("lever", "")).replace("_", " ") if number < len(levers) else ""
    return steps[-2].replace("_", " ") if len(steps) > 1 else ""


def _shown(value: str) -> str:
    ranged = _RANGE.fullmatch(value)
    if ranged:
        span = f"{ranged['low']} to {ranged['high']}"
        return f"{ranged['value']} ({span})" if ranged["value"] else span
    return formats.day_name(value) if len(value) <= _LONGEST else ""
