"""`frontdoor list`: the scenarios that come with the product."""

from __future__ import annotations

import json

import click


@click.command("list", short_help="List the shipped scenarios.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(as_json: bool) -> int:
    """List the scenarios that come with Front Door; each can be named in place of a file."""
    from sim.scenario import ScenarioError
    from sim.scenario.reading import shipped
    from sim.scenario.reading.inheritance import read_chain

    titles = {}
    for name in shipped.names():
        path = shipped.find(name)
        try:
            title = read_chain(path).value.get("title", "") if path is not None else ""
        except ScenarioError:
            title = "(cannot be read: frontdoor check says why)"
        titles[name] = " ".join(str(title).split())
    if as_json:
        click.echo(json.dumps(titles, indent=2, ensure_ascii=False))
        return 0
    width = max((len(name) for name in titles), default=0)
    for name, title in titles.items():
        click.echo(f"{name:<{width}}  {title}")
    return 0
