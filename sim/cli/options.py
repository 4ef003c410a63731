"""Options of the command line that stand for `RunOptions`, made from their definition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from sim.experiment.running.options import COMMAND_LINE, CommandLine, RunOptions

__all__ = ["AREA", "DATA", "Destination", "known_scenario", "option_of", "run_options"]

_DEFINITIONS = {each.name: each for each in fields(RunOptions)}
_OWN_DEFAULT: dict[str, Any] = {"workers": None, "replications": None}
"""Where the command line differs from Python: a command uses every processor, and runs until answers are settled."""
_FIXED: Final = {"replications": {"default": 10, "missing": ""}}
"""Definitions of commands that always take a number of replications."""


@dataclass(frozen=True)
class Destination:
    """What the command line asks besides `RunOptions`: changes to the scenario, and where and how results appear.

    `against`: scenario that the report compares every other with; None for the one that each builds on. `exports`:
    formats to export to, such as `xlsx,docx`.
    """

    out: Path | None
    changes: tuple[str, ...]
    quiet: bool
    yes: bool
    exports: str = ""
    against: str | None = None


def option_of(name: str, **other: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The command-line option of a field of `RunOptions`; `other` replaces parts of its definition or default."""
    field = _DEFINITIONS[name]
    default = other.pop("default", _OWN_DEFAULT.get(name, field.default))
    definition: CommandLine = replace(field.metadata[COMMAND_LINE], **other)
    help_text = definition.help + (f"  [default: {definition.missing}]" if definition.missing else "")
    more: dict[str, Any] = {"help": help_text, "metavar": definition.metavar}
    if definition.kind == "count":
        more["type"] = click.IntRange(min=definition.least)
    elif definition.kind == "number":
        more["type"] = click.FloatRange(min=0, min_open=True)
    elif definition.kind == "choice":
        more["type"] = click.Choice(definition.choices)
    elif definition.kind == "on or off":
        more["type"] = click.Choice(["on", "off"])
        default = {True: "on", False: "off"}.get(default)
    elif definition.kind == "flag":
        more["is_flag"] = True
    if definition.several:
        more["multiple"] = True
    elif default is not None and definition.kind != "flag":
        more |= {"default": default, "show_default": True}
    return click.option(*definition.flags, name, **more)


def values_of(given: dict[str, Any]) -> dict[str, Any]:
    """Take the values of `RunOptions` out of what click gives, as Python has them."""
    values = {name: given.pop(name) for name in _DEFINITIONS if name in given}
    for name, value in values.items():
        if COMMAND_LINE in _DEFINITIONS[name].metadata:
            definition: CommandLine = _DEFINITIONS[name].metadata[COMMAND_LINE]
            if definition.kind == "on or off" and value is not None:
                values[name] = value == "on"
    return values


OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the results; an earlier results folder is replaced.  [default: outputs/<scenario names>]",
)
CHANGES = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of every scenario, such as demand.referrals_a_year=6000; may be given several times.",
)
YES = click.option(
    "--yes", is_flag=True, help="Begin a run that takes over ten minutes, or half the memory, without asking."
)
EXPORT = click.option(
    "--export",
    "exports",
    default="",
    metavar="FORMAT,...",
    help="Also write the results for other programs, into exports in their folder: xlsx, docx, powerbi, png "
    "(see frontdoor export).",
)
AGAINST = click.option(
    "--against",
    metavar="SCENARIO",
    help="Compare every scenario with this one on the first screen of the report.  [default: the one it builds on]",
)
DATA = click.option("--data", required=True, type=click.Path(path_type=Path), help="Folder with the DfE's files.")
AREA = click.option("--area", help="Council of the scenario: name or code.  [default: as its title begins]")
QUIET = click.option("-q", "--quiet", is_flag=True, help="No progress, no table: only where the results are.")


def known_scenario(against: str | None, names: Sequence[str]) -> None:
    """See that `against`, if it is given, is one of several scenarios.

    Raises:
        UsageError: naming the scenarios that there are, when it is not.
    """
    if against is None:
        return
    if len(names) < 2:
        raise click.UsageError("--against needs several scenarios: these results hold one.")
    if against not in names:
        from difflib import get_close_matches

        near = get_close_matches(against, names, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(names)}"
        raise click.UsageError(f"--against: there is no scenario '{against}'; {hint}")


def run_options(command_name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options to a command, which receives them as `options` and `destination`."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def gathered(**given: Any) -> Any:
            options = RunOptions(**values_of(given))
            asked = {each.name: given.pop(each.name) for each in fields(Destination) if each.name in given}
            destination = Destination(**asked)
            return command(options=options, destination=destination, **given)

        offered = [
            option_of(field.name, **(_FIXED.get(field.name, {}) if command_name == "explain" else {}))
            for field in fields(RunOptions)
            if COMMAND_LINE in field.metadata and command_name not in field.metadata[COMMAND_LINE].not_of
        ]
        own: list[Callable[..., Any]] = [OUT, CHANGES, EXPORT, *([AGAINST] if command_name == "compare" else [])]
        added: Callable[..., Any] = gathered
        for option in reversed([*offered[:3], *own, *offered[3:], YES, QUIET]):
            added = option(added)
        return added

    return decorate
