"""`frontdoor explain`: what each change of a scenario does, or what each mechanism contributes to waiting."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from sim.cli.options import Destination, run_options
from sim.experiment.running.options import RunOptions


@click.command("explain", short_help="Say which of a scenario's changes or mechanisms does what.")
@click.argument("baseline", metavar="BASELINE")
@click.argument("scenario", metavar="[SCENARIO]", required=False)
@click.option("--causes", is_flag=True, help="Switch mechanisms of one scenario off instead: what makes children wait?")
@click.option("--mechanism", "mechanisms", multiple=True, metavar="NAME",
              help="With --causes, a mechanism to switch off; may be given several times.  "
              "[default: all there are]")  # fmt: skip
@click.option("--orders", type=click.IntRange(min=2), default=12, show_default=True,
              help="With --causes and more than six mechanisms, how many orders are drawn.")  # fmt: skip
@click.option("--period", default="whole", show_default=True, metavar="YEAR", help="With --causes, a reporting year.")
@run_options("explain")
def command(
    baseline: str,
    scenario: str | None,
    causes: bool,
    mechanisms: tuple[str, ...],
    orders: int,
    period: str,
    options: RunOptions,
    destination: Destination,
) -> int:
    """Turn the changes from BASELINE to SCENARIO on one by one, and together.

    A change is a lever that only one of the two has, or another part of the file that differs (a team, a stage). Each
    is run alone on the baseline, and left out of the scenario, all on the same simulated children: two runs for each
    change beside the two scenarios. --measure chooses what is shown.

    With --causes, and one scenario, its mechanisms are switched off instead: caps, vacancies, hand-offs, absence,
    decisions, slots, customary dates, load. Each gets its Shapley value: what it removes, on average over the orders in
    which mechanisms are switched off. Shares add up to 100% with what is left when all are off.
    """
    from sim.cli.run_and_save import run_and_save

    if causes:
        if scenario is not None:
            raise click.UsageError("--causes explains one scenario: leave the second out.")
        return _causes(baseline, mechanisms, orders, period, options, destination)
    if scenario is None:
        raise click.UsageError("Missing argument 'SCENARIO'; to explain one scenario by its mechanisms add --causes.")
    if mechanisms:
        raise click.UsageError("--mechanism goes with --causes.")
    return run_and_save([baseline, scenario], options, destination, explaining=True)


def _causes(
    name: str, mechanisms: tuple[str, ...], orders: int, period: str, options: RunOptions, destination: Destination
) -> int:
    from sim.cli.progress import progress_bar
    from sim.cli.signals import held_back
    from sim.cli.study_options import report_or_error, show_answer
    from sim.experiment.studies.causes import (
        FILES,
        KIND,
        contributions,
        load_contributions,
        planned,
        replications_of,
        save,
    )
    from sim.experiment.studies.study_folder import check_folder
    from sim.report.studies.reports import write_causes_report
    from sim.report.waiting.contributions import lines
    from sim.scenario import load

    loaded = load(name, destination.changes)
    plan = planned(loaded, mechanisms, orders, options.seed)
    out = destination.out or Path("outputs") / f"causes_{loaded.name.replace('/', '-')}"[:120]
    check_folder(out, KIND, FILES)
    replications = replications_of(options)
    total = len(plan.sets) * replications
    if not destination.quiet:
        click.echo(f"To run: {plan.words(replications)}", err=True)
    with progress_bar(total, shown=not destination.quiet and sys.stderr.isatty()) as progress:
        contributed, runs = contributions(plan, replace(options, progress=progress), period)
    with held_back():
        save(plan, contributed, runs, out, options)
        reported = report_or_error(lambda: write_causes_report(load_contributions(out), out / "report.html"), out)
    answer = [*lines(plan, contributed, replications), ""]
    return show_answer(answer, out, reported=reported, quiet=destination.quiet)
