"""`frontdoor open`: the report of a results folder, in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.entry import FAILED


@click.command("open", short_help="Open the report of a results folder in the browser.")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Open report.html of the results FOLDER in the browser of this machine."""
    import webbrowser

    from sim.experiment.errors import ResultsError

    report = folder / "report.html"
    if not report.is_file():
        if folder.is_dir():
            raise ResultsError(f"{folder} has no report.html; make it with: frontdoor report {folder}")
        raise ResultsError(f"{folder} is not a folder of results")
    if not webbrowser.open(report.absolute().as_uri()):
        click.echo(f"No browser could be opened here; open this file yourself: {report}", err=True)
        return FAILED
    click.echo(f"Opened: {report}")
    return 0
