"""`frontdoor run`: replications of one scenario."""

from __future__ import annotations

import click

from sim.cli.options import Asked, controls_option, run_options


@click.command("run", short_help="Run one scenario.")
@click.argument("scenario")
@run_options
@controls_option
def command(scenario: str, asked: Asked) -> int:
    """Run replications of SCENARIO and write a results folder with a report.

    SCENARIO is the path of a file, or the name of a shipped scenario (frontdoor list). Ctrl-C keeps the
    replications that are complete.
    """
    from sim.cli.run_and_save import conduct

    return conduct([scenario], asked)
