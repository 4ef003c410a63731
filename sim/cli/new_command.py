"""`frontdoor new`: a scenario of one's own, from a few questions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click


@click.command("new", short_help="Write a scenario of your own.")
@click.argument("name")
@click.option("--council", help="england (an average council), croydon, rutland, surrey or wirral.")
@click.option("--size", type=click.Choice(["small", "medium", "large"]), help="Of an average council.")
@click.option("--referrals", type=click.FloatRange(min=1, max=1_000_000), help="Children referred in a year.")
@click.option("--workers", type=click.IntRange(min=1, max=20_000), help="Social workers who hold cases.")
@click.option("--newly-qualified", type=click.IntRange(min=0, max=20_000), help="How many of them are newly qualified.")
@click.option("--cap", type=click.FloatRange(min=1, max=10_000), help="Children that a worker may hold at once.")
@click.option("--surge", help="Rise of referrals after six months, such as +40%.")
@click.option("--in", "folder", type=click.Path(path_type=Path), default=Path(), help="Folder.  [default: this one]")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: what is not given stays as the council has it.")
def command(name: str, folder: Path, yes: bool, size: str | None, **given: Any) -> int:
    """Write NAME.yaml: a commented scenario that can be checked and run at once.

    In a terminal, whatever is not given as an option is asked for.
    """
    from sim.scenario.new_scenario import SIZES, Answers, new

    asking = not yes and sys.stdin.isatty()
    council = given["council"] or (_ask("Which council (england, croydon, rutland, surrey, wirral)", "england", asking))
    if size is not None and given["council"] not in (None, "england"):
        raise click.UsageError("--size is that of an average council: leave out --size or --council.")
    if size is not None and given["referrals"] is None:
        given["referrals"] = SIZES[size]
    surge = given["surge"] if given["surge"] is not None else _ask("Surge of referrals after six months", "0%", asking)
    answers = Answers(
        council=str(council).strip().lower(),
        referrals=_number(given["referrals"], "Referrals a year (empty: as the council has it)", asking, float),
        workers=_number(given["workers"], "Social workers who hold cases (empty: as it has them)", asking, int),
        newly_qualified=_number(given["newly_qualified"], "How many of them newly qualified", asking, int) or 0,
        cap=_number(given["cap"], "Children a worker may hold at once (empty: as it has it)", asking, float),
        surge=_share(surge),
    )
    path = new(name, answers, folder)
    click.echo(f"Wrote {path}. Next: frontdoor check {path}, then frontdoor run {path}")
    return 0


def _ask(question: str, usual: str, asking: bool) -> str:
    return str(click.prompt(question, default=usual)) if asking else usual


def _number(given: Any, question: str, asking: bool, kind: type) -> Any:
    if given is not None or not asking:
        return given
    text = str(click.prompt(question, default="", show_default=False)).replace(",", "").strip()
    try:
        return kind(text) if text else None
    except ValueError:
        raise click.UsageError(f"'{text}' is not a number.") from None


def _share(text: str) -> float:
    from pydantic import TypeAdapter, ValidationError

    from sim.scenario.values.quantities import Change

    try:
        return float(TypeAdapter(Change).validate_python(text))
    except ValidationError as error:
        raise click.UsageError(f"--surge: {error.errors()[0]['msg']}") from None
