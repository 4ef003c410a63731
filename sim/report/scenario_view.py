"""Scenarios as the report names and draws them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report import palette

if TYPE_CHECKING:
    from sim.experiment.results.manifest import ScenarioRecord


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


def scenario_views(records: Sequence[ScenarioRecord], baseline: str | None) -> tuple[ScenarioView, ...]:
    """Return the scenarios of a manifest, the baseline first, then in their order.

    A title that two scenarios share is followed by the name.
    """
    ordered = sorted(records, key=lambda record: record.name != baseline)
    titles = [_line(record.title or record.written("title")) or record.name for record in ordered]
    shorts = [_line(record.written("short_title")) for record in ordered]
    return tuple(
        ScenarioView(
            record.name,
            title if titles.count(title) == 1 else f"{title} ({record.name})",
            _line(record.question),
            _line(record.description),
            tuple(f"{row.path} = {row.new}" for row in record.overrides),
            position,
            _builds_on(record, ordered, baseline),
            short if short and shorts.count(short) == 1 else textwrap.shorten(title, 40, placeholder=" …"),
        )
        for position, (record, title, short) in enumerate(zip(ordered, titles, shorts, strict=True))
    )


def _line(text: Any) -> str:
    return "" if text is None else " ".join(str(text).split())


def _builds_on(record: ScenarioRecord, records: Sequence[ScenarioRecord], baseline: str | None) -> str:
    """The nearest scenario of the results, other than the baseline, whose file a scenario extends."""
    by_file = {other.file: other.name for other in records if other.name not in (record.name, baseline)}
    extended = [by_file[file] for file in record.files[:-1] if file in by_file]
    return extended[-1] if extended else ""
