"""`frontdoor sensitivity`: which uncertain figure moves a measure most."""

from __future__ import annotations

from typing import Literal

import click

from sim.cli.signals import held_back
from sim.cli.study_options import PERIOD, Study, report_or_error, show_answer, study_options


@click.command("sensitivity", short_help="Say which uncertain figure matters most.")
@click.argument("scenario")
@click.option("--measure", required=True, metavar="MEASURE", help="The measure that is looked at (frontdoor measures).")
@click.option("--range", "ranges", multiple=True, metavar="PATH=LOW:HIGH",
              help="A figure that is uncertain, besides those that the scenario writes as ranges; may be given several "
              "times.")  # fmt: skip
@click.option("--method", type=click.Choice(["morris", "sobol"]), default="morris", show_default=True,
              help="Screening with few runs, or shares of variance with many.")  # fmt: skip
@click.option("--samples", type=click.IntRange(min=2),
              help="Morris: trajectories  [default: 10]; Sobol: base number, power of two  [default: 64].")  # fmt: skip
@PERIOD
@click.option("-n", "--replications", type=click.IntRange(min=1), default=5, show_default=True,
              help="Runs of each point, on the same simulated children; their mean is analysed.")  # fmt: skip
@study_options
def command(
    scenario: str,
    measure: str,
    ranges: tuple[str, ...],
    method: Literal["morris", "sobol"],
    samples: int | None,
    period: str | None,
    replications: int,
    asked: Study,
) -> int:
    """Say which of SCENARIO's uncertain figures moves a measure most, with a chart and a table.

    The figures are those that the scenario writes as {low: …, high: …}, and those of --range.
    """
    from sim.experiment.studies.points import check_measures, check_period, last_full_year
    from sim.experiment.studies.sensitivity import (
        FILES,
        KIND,
        default_samples,
        read_ranges,
        save_sensitivity,
        sensitivity,
    )
    from sim.experiment.studies.study_folder import check_folder
    from sim.report.studies.reports import write_sensitivity_report
    from sim.report.studies.sensitivity import sensitivity_lines

    check_measures([measure])
    loaded = asked.load(scenario)
    when = period or last_full_year(loaded.scenario)
    check_period(loaded.scenario, when)
    figures = read_ranges(loaded, ranges)
    out = asked.folder("sensitivity", loaded.name)
    check_folder(out, KIND, FILES)
    many = samples or default_samples(method)
    with asked.progress(many * (len(figures) + (1 if method == "morris" else 2)) * replications) as progress:
        analysis = sensitivity(
            loaded, figures, measure, when, asked.executor(),
            method=method, samples=many, replications=replications, seed=asked.seed, progress=progress,
        )  # fmt: skip
    with held_back():
        save_sensitivity(analysis, out)
        reported = report_or_error(lambda: write_sensitivity_report(analysis, out / "report.html"), out)
    return show_answer([*sensitivity_lines(analysis), ""], out, reported=reported, quiet=asked.quiet)
