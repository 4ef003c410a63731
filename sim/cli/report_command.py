"""`frontdoor report`: the report of a results folder, made again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report", short_help="Make the report of a results folder again.")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Write report.html in the results FOLDER again, from the figures that it holds."""
    from sim.experiment.results.results import load_results
    from sim.experiment.studies.study_folder import kind_of
    from sim.report import write_report
    from sim.report.studies.reports import STUDIES, write_again

    kind = kind_of(folder)
    if kind in STUDIES:
        write_again(folder, kind)
        click.echo(f"Report: {folder / 'report.html'}")
        return 0
    results = load_results(folder)
    write_report(results, folder / "report.html")
    click.echo(f"Report: {folder / 'report.html'}")
    return 0
