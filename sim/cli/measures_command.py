"""`frontdoor measures`: what every measure is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.measures.definitions import Measure

_WAY = {"higher": "higher is better", "lower": "lower is better", "neither": "neither way is better"}
_KIND = {"flow": "what happened in the period", "stock": "on the last working day of the period"}


@click.command("measures", short_help="List the measures and what they mean.")
@click.argument("measure_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--markdown", is_flag=True, help="As the Markdown of docs/measures.md.")
def command(measure_id: str | None, as_json: bool, markdown: bool) -> int:
    """List every measure: its id, label, unit, and which way is good. With ID, explain that measure."""
    from sim.measures.definitions import MEASURES

    measures = list(MEASURES.values()) if measure_id is None else [_named(measure_id)]
    if as_json:
        click.echo(json.dumps([asdict(measure) for measure in measures], indent=2, ensure_ascii=False))
    elif markdown:
        click.echo(as_markdown(measures), nl=False)
    elif measure_id is not None:
        click.echo(explained(measures[0]))
    elif sys.stdout.isatty():
        _table(measures)
    else:
        for measure in measures:
            click.echo(f"{measure.id}\t{measure.label}\t{measure.unit}\t{measure.better}")
    return 0


def _named(measure_id: str) -> Measure:
    """The measure with an id; a UsageError names the nearest when there is none."""
    from difflib import get_close_matches

    from sim.measures.definitions import MEASURES

    if measure_id in MEASURES:
        return MEASURES[measure_id]
    close = get_close_matches(measure_id, MEASURES, 1)
    hint = f"did you mean {close[0]}?" if close else "see frontdoor measures"
    raise click.UsageError(f"there is no measure '{measure_id}'; {hint}")


def explained(measure: Measure) -> str:
    """Return what a measure is, as lines of at most 80 letters."""
    from textwrap import fill

    lines = [f"{measure.label} ({measure.id})", "", fill(measure.meaning, 80), ""]
    for name, value in _facts(measure):
        lines.append(fill(f"{name + ':':<18}{value}", 80, subsequent_indent=" " * 18))
    return "\n".join(lines)


def _facts(measure: Measure) -> list[tuple[str, str]]:
    """What defines a measure, by name; what does not apply is left out."""
    rows = [
        ("Unit", f"{measure.unit}; {_WAY[measure.better]}"),
        ("Counted", _KIND[measure.kind]),
        ("Numerator" if measure.denominator != "–" else "What is counted", measure.numerator),
        ("Denominator", measure.denominator),
        ("Clock", measure.clock),
        ("By", ", ".join(measure.breakdowns) or "all only"),
        ("Source", measure.source),
    ]
    return [(name, value) for name, value in rows if value != "–"]


def as_markdown(measures: Iterable[Measure]) -> str:
    """Return the text of docs/measures.md."""
    lines = [
        "# Measures",
        "",
        "<!-- Made by `frontdoor measures --markdown > docs/measures.md`: change the definitions instead. -->",
        "",
        "Ids are a public contract. Everything counts simulated children unless the unit says otherwise; medians are "
        "weighted by children. Each measure is given for every reporting year (April to March), every quarter and the "
        "whole run, for all and by the breakdowns named. A percentage, median or mean with nothing to divide by is "
        "missing; a count of nothing is 0. A team's stock is of the children whom it holds on that day, its flows are "
        "of those whom it had last in that stage; those who wait for a social worker are in no team. A team or "
        "locality that a measure never concerns has no rows for it.",
    ]
    for measure in measures:
        lines += [
            "",
            f"## `{measure.id}`",
            "",
            f"**{measure.label}.** {measure.meaning}",
            "",
            "| | |",
            "|---|---|",
        ]
        lines += [f"| {name} | {value} |" for name, value in _facts(measure)]
    return "\n".join(lines) + "\n"


def _table(measures: Iterable[Measure]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Measures", title_justify="left")
    table.add_column("Id", no_wrap=True)  # ids are copied
    for heading in ("Label", "Unit", "Better", "Meaning"):
        table.add_column(heading)
    for measure in measures:
        table.add_row(measure.id, measure.label, measure.unit, measure.better, measure.meaning)
    Console().print(table)
