"""`frontdoor schema`: what a scenario file may hold, for editors and for readers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.scenario.reading.key_tables import SectionKey, SectionKeys

_COMMON_TO_LEVERS = ("at", "until", "cost_once", "cost_a_year")
_DISTRIBUTIONS = "stages.assessment.habit"
"""The path at which distributions are first used; docs/scenarios.md explains them."""
_BEGINNING = """\
# Every key of a scenario file

<!-- Made by `frontdoor schema --markdown > docs/analyst/scenario-keys.md`: change the descriptions instead. -->

Each table lists one section, in the order in which a file uses it. A key may be left out unless the table says
*required*. [Scenario files](../scenarios.md) explains how values are written. `frontdoor check FILE --defaults` prints
a scenario with every default.
"""


@click.command("schema", short_help="Print the JSON Schema of scenario files.")
@click.option("--markdown", is_flag=True, help="As the Markdown of docs/analyst/scenario-keys.md.")
def command(markdown: bool) -> int:
    """Print the JSON Schema of scenario files. Editors use it to complete and check a file while you type."""
    if markdown:
        from sim.scenario.reading.key_tables import key_tables

        click.echo(as_markdown(key_tables()), nl=False)
        return 0
    from sim.scenario import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False, default=str))
    return 0


def as_markdown(tables: Iterable[SectionKeys]) -> str:
    """Return the text of docs/analyst/scenario-keys.md."""
    lines = [_BEGINNING]
    for table in tables:
        if table.path == _DISTRIBUTIONS:
            continue
        lever = _lever(table)
        rows = [row for row in table.rows if lever is None or row.key not in ("lever", *_COMMON_TO_LEVERS)]
        if table.path == "levers" and lever == "referral_surge":
            lines += _common(table)
        level = "##" if "." not in table.path and lever is None else "###"
        heading = f"lever `{lever}`" if lever else f"`{table.path}`" if table.path else "The file"
        lines += [f"{level} {heading}", "", _flowed(table.text), "", *_rows(rows), ""]
    return "\n".join(lines)


def _lever(table: SectionKeys) -> str | None:
    """The word for a lever, if the table is a lever's."""
    return next((row.default_word for row in table.rows if row.key == "lever"), None)


def _common(table: SectionKeys) -> list[str]:
    rows = [row for row in table.rows if row.key in _COMMON_TO_LEVERS]
    text = "A list of dated changes. Each names its `lever`, takes the keys of that lever, and these:"
    return ["## `levers`", "", text, "", *_rows(rows), ""]


def _rows(rows: Iterable[SectionKey]) -> list[str]:
    lines = ["| key | meaning | write | default |", "|---|---|---|---|"]
    for row in rows:
        cells = (f"`{row.key}`", row.meaning, row.written, row.default)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines


def _flowed(text: str) -> str:
    """A docstring with each paragraph on a line of its own."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
