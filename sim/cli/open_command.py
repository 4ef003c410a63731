"""`frontdoor open`: the report of a results folder, in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.entry import FAILED
from sim.cli.report_command import make_again


@click.command("open", short_help="Open the report of a results folder in the browser.")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Open report.html of the results FOLDER in the browser of this machine.

    A report that is missing, as when the computer went off while it was made, is made first.
    """
    import webbrowser

    from sim.experiment.errors import ResultsError

    report = folder / "report.html"
    if not report.is_file():
        if not folder.is_dir():
            raise ResultsError(f"{folder} is not a folder of results")
        make_again(folder)
    if not webbrowser.open(report.absolute().as_uri()):
        click.echo(f"No browser could be opened here; open this file yourself: {report}", err=True)
        return FAILED
    click.echo(f"Opened: {report}")
    return 0
