"""`frontdoor report`: the report of a results folder, made again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report", short_help="Make the report of a results folder again.")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Write report.html in the results FOLDER again, from the figures that it holds."""
    from sim.experiment.results import load_results
    from sim.report import write_report

    results = load_results(folder)
    write_report(results, folder / "report.html")
    click.echo(f"Report: {folder / 'report.html'}")
    return 0
