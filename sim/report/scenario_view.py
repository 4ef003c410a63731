"""Scenarios as the report names and draws them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.report import palette


@dataclass(frozen=True)
class ScenarioView:
    """A scenario as the report names and draws it. `position` 0 is the baseline (or the only scenario).

    `builds_on`: name of the scenario of these results that its file extends, other than the baseline; else empty.
    `short`: a few words for the column of a table.
    """

    name: str
    title: str
    question: str
    description: str
    overrides: tuple[str, ...]
    position: int
    builds_on: str = ""
    short: str = ""

    @property
    def letter(self) -> str:
        """The letter that stands for the scenario where its title does not fit."""
        return palette.letter(self.position)


def scenario_views(
    entries: Sequence[Mapping[str, Any]], names: Sequence[str], baseline: str | None
) -> tuple[ScenarioView, ...]:
    """Return the scenarios of a manifest, the baseline first, then in their order.

    `names` is used where the manifest has no entries. A title that two scenarios share is followed by the name.
    """
    known = {str(entry.get("name")): entry for entry in entries}
    ordered = list(known) or list(names)
    if baseline in ordered:
        ordered.remove(baseline)
        ordered.insert(0, baseline)
    titles = [_text(known.get(name, {}), "title") or name for name in ordered]
    shorts = [_text(known.get(name, {}), "short_title") for name in ordered]
    return tuple(
        ScenarioView(
            name,
            title if titles.count(title) == 1 else f"{title} ({name})",
            _text(known.get(name, {}), "question"),
            _text(known.get(name, {}), "description"),
            tuple(f"{row['path']} = {row['new']}" for row in known.get(name, {}).get("overrides") or ()),
            position,
            _builds_on(known, name, baseline),
            shorts[position] if shorts[position] and shorts.count(shorts[position]) == 1 else _shortened(title),
        )
        for position, (name, title) in enumerate(zip(ordered, titles, strict=True))
    )


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if value is None and isinstance(entry.get("resolved"), Mapping):
        value = entry["resolved"].get(key)
    return "" if value is None else " ".join(str(value).split())


def _shortened(title: str) -> str:
    return textwrap.shorten(title, 40, placeholder=" …")


def _builds_on(known: Mapping[str, Mapping[str, Any]], name: str, base: str | None) -> str:
    """The nearest scenario of the results, other than the baseline, whose file a scenario extends."""
    files = list(known.get(name, {}).get("files") or ())
    by_file = {str(entry.get("file")): other for other, entry in known.items() if other not in (name, base)}
    extended = [by_file[file] for file in files[:-1] if file in by_file]
    return extended[-1] if extended else ""
