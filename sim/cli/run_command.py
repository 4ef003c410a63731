"""`frontdoor run`: replications of one scenario."""

from __future__ import annotations

import click

from sim.cli.options import Destination, run_options
from sim.experiment.running.options import RunOptions


@click.command("run", short_help="Run one scenario.")
@click.argument("scenario")
@run_options("run")
def command(scenario: str, options: RunOptions, destination: Destination) -> int:
    """Run replications of SCENARIO and write a results folder with a report.

    SCENARIO is the path of a file, or the name of a shipped scenario (frontdoor list). Ctrl-C keeps the
    replications that are complete.
    """
    from sim.cli.run_and_save import run_and_save

    return run_and_save([scenario], options, destination)
