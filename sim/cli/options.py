"""Options that `run` and `compare` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Literal

import click

__all__ = ["Asked", "controls_option", "executor_option", "run_options"]


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    replications: int
    seed: int
    workers: int | None
    out: Path | None
    changes: tuple[str, ...]
    journeys: Literal["all", "first", "none"]
    quiet: bool
    precision: tuple[str, ...]
    measures: tuple[str, ...]
    max_replications: int
    uncertainty: Literal["on", "off"]
    ensemble: bool
    executor: str
    controls: Literal["on", "off"] | None = None


executor_option = click.option(
    "--executor",
    metavar="local|dask://HOST:PORT",
    default="local",
    show_default=True,
    help="Where replications run: processes of this machine, or a Dask cluster (docs/scale.md). Results are the same.",
)

controls_option = click.option(
    "--controls",
    type=click.Choice(["on", "off"]),
    help="Take the luck of referrals out of means, differences and their intervals, from 20 replications on; fewer are "
    "then needed.  [default: on with --precision, else off]",
)

_OPTIONS = (
    click.option(
        "-n",
        "--replications",
        type=click.IntRange(min=1),
        default=10,
        show_default=True,
        help="Independent runs of each scenario.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=1,
        show_default=True,
        help="Master seed: the same seed gives the same results.",
    ),
    click.option(
        "-w",
        "--workers",
        type=click.IntRange(min=1),
        help="Processes to use; results do not depend on it.  [default: one for each processor]",
    ),
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        help="Folder for the results; an earlier results folder is replaced.  [default: outputs/<scenario names>]",
    ),
    click.option(
        "--set",
        "changes",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change a value of every scenario, such as demand.referrals_a_year=6000; may be given several times.",
    ),
    click.option(
        "--journeys",
        type=click.Choice(["all", "first", "none"]),
        default="all",
        show_default=True,
        help="Replications whose simulated children's journeys are kept.",
    ),
    click.option(
        "--precision",
        multiple=True,
        metavar="5%|MEASURE=SIZE",
        help="Run until figures are this precise, in place of a number of replications: half the width of the 95% "
        "interval (of the difference, when comparing), as a share of the (baseline's) mean or in the measure's unit; "
        "may be given several times.",
    ),
    click.option(
        "--measure",
        "measures",
        multiple=True,
        metavar="MEASURE",
        help="Measure that a plain --precision 5% is asked of; may be given several times (see frontdoor measures).",
    ),
    click.option(
        "--max-replications",
        type=click.IntRange(min=1),
        default=200,
        show_default=True,
        help="With --precision: stop here however wide the intervals are.",
    ),
    click.option(
        "--uncertainty",
        type=click.Choice(["on", "off"]),
        default="on",
        show_default=True,
        help="Draw figures that are ranges anew for each replication, or keep their central figures.",
    ),
    click.option(
        "--ensemble",
        is_flag=True,
        help="Each replication takes one of the settings that a calibration could not rule out: those of the file that "
        "the scenario names under ensemble.",
    ),
    executor_option,
    click.option("-q", "--quiet", is_flag=True, help="No progress, no table: only where the results are."),
)


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, which receives them together as `asked`."""

    @wraps(command)
    def gathered(**given: Any) -> Any:
        asked = Asked(**{name: given.pop(name) for name in Asked.__dataclass_fields__ if name in given})
        return command(asked=asked, **given)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
