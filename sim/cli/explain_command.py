"""`frontdoor explain`: what each change of a scenario does, alone, last in, and together."""

from __future__ import annotations

import click

from sim.cli.options import Destination, run_options
from sim.experiment.running.options import RunOptions


@click.command("explain", short_help="Say which of a scenario's changes does what.")
@click.argument("baseline")
@click.argument("scenario")
@run_options("explain")
def command(baseline: str, scenario: str, options: RunOptions, destination: Destination) -> int:
    """Turn the changes from BASELINE to SCENARIO on one by one, and together.

    A change is a lever that only one of the two has, or another part of the file that differs (a team, a stage). Each
    is run alone on the baseline, and left out of the scenario, all on the same simulated children: two runs for each
    change beside the two scenarios. --measure chooses what is shown.
    """
    from sim.cli.run_and_save import run_and_save

    return run_and_save([baseline, scenario], options, destination, explaining=True)
