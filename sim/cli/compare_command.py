"""`frontdoor compare`: scenarios against a baseline, on the same simulated children."""

from __future__ import annotations

import click

from sim.cli.options import Destination, run_options
from sim.experiment.running.options import RunOptions


@click.command("compare", short_help="Compare scenarios with a baseline.")
@click.argument("baseline")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@run_options("compare")
def command(baseline: str, scenarios: tuple[str, ...], options: RunOptions, destination: Destination) -> int:
    """Run BASELINE and each SCENARIO on the same simulated children, and compare them.

    Each is the path of a file, or the name of a shipped scenario (frontdoor list). Ctrl-C keeps the
    replications that are complete for every scenario.
    """
    from sim.cli.run_and_save import run_and_save

    return run_and_save([baseline, *scenarios], options, destination)
