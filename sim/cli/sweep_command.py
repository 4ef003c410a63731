"""`frontdoor sweep`: a scenario at many settings, in one table."""

from __future__ import annotations

from typing import Literal

import click

from sim.cli.entry import FAILED, INTERRUPTED
from sim.cli.study_options import Study, report_or_error, show_answer, study_options, vary_option


@click.command("sweep", short_help="Run a scenario at many settings.")
@click.argument("scenario")
@vary_option(
    "What to vary, by the paths of --set, such as demand.referrals_a_year=4000:6000:500 or "
    "teams.assessment.social_workers=30:40"
)
@click.option("--design", type=click.Choice(["grid", "latin"]), default="grid", show_default=True,
              help="Every combination, or a Latin hypercube.")  # fmt: skip
@click.option("--points", type=click.IntRange(min=2), help="Settings of a Latin hypercube.")
@click.option("-n", "--replications", type=click.IntRange(min=1), default=10, show_default=True,
              help="Independent runs of each setting, on the same simulated children.")  # fmt: skip
@click.option("--measure", "measures", multiple=True, metavar="MEASURE",
              help="Keep only this measure; may be given several times.  [default: all]")  # fmt: skip
@study_options
def command(
    scenario: str,
    varied: tuple[str, ...],
    design: Literal["grid", "latin"],
    points: int | None,
    replications: int,
    measures: tuple[str, ...],
    asked: Study,
) -> int:
    """Run SCENARIO at many settings and write one tidy table, sweep.parquet, with a report.

    A sweep that was stopped, however, goes on where it stopped when the same command is given again. A run that fails
    is a row with its error. More replications may be asked for later.
    """
    from sim.experiment.errors import LostError
    from sim.experiment.studies.points import check_measures
    from sim.experiment.studies.sweep import sweep
    from sim.experiment.studies.vary import grid, latin, read_axes
    from sim.report.studies.reports import write_sweep_report

    if (design == "latin") != (points is not None):
        raise click.UsageError("--points N says how many settings --design latin has: give both, or neither.")
    check_measures(measures)
    loaded = asked.load(scenario)
    axes = read_axes(loaded, varied)
    chosen = grid(axes) if points is None else latin(axes, points, asked.seed)
    out = asked.folder("sweep", loaded.name)
    try:
        with asked.progress(len(chosen) * replications) as progress:
            finished = sweep(
                loaded, axes, chosen, out, asked.executor(),
                design=design, replications=replications, seed=asked.seed, measures=measures, progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        click.echo(f"Interrupted: give the same command again to go on; what is complete is kept in {out}.", err=True)
        return INTERRUPTED
    except LostError as error:
        click.echo(f"{error}: give the same command again to go on; what is complete is kept in {out}.", err=True)
        return FAILED
    reported = report_or_error(lambda: write_sweep_report(finished, out / "report.html"), out)
    runs = f"{len(chosen):,} settings, {replications} runs each; every run is in {out / 'sweep.parquet'}"
    code = show_answer([runs], out, reported=reported, quiet=asked.quiet)
    failures = finished.manifest.failures
    if failures:
        first = failures[0]
        click.echo(
            f"{len(failures)} of {len(chosen) * replications} runs failed and are rows with their error (the first: "
            f"point {first.point}, replication {first.replication}: {first.error}).",
            err=True,
        )
    return FAILED if failures else code
