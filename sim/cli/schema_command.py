"""`frontdoor schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import json

import click


@click.command("schema", short_help="Print the JSON Schema of scenario files.")
def command() -> int:
    """Print the JSON Schema of scenario files, for editors that complete and check as one types."""
    from sim.scenario import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False, default=str))
    return 0
