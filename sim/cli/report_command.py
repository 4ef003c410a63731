"""`frontdoor report`: the report of a results folder, made again."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.options import known_scenario
from sim.cli.results_list import list_results_beside


@click.command("report", short_help="Make the report of a results folder again.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--against",
    metavar="SCENARIO",
    help="Compare every scenario with this one on the first screen.  [default: the one it builds on]",
)
def command(folder: Path, against: str | None) -> int:
    """Write report.html in the results FOLDER again, from the figures that it holds."""
    make_again(folder, against)
    list_results_beside(folder)
    click.echo(f"Report: {folder / 'report.html'}")
    return 0


def make_again(folder: Path, against: str | None = None) -> None:
    """Make the report of a folder of results or of a study again.

    Raises:
        ExperimentError: in one sentence, when it cannot be made.
    """
    from sim.experiment.errors import ExperimentError, ResultsError
    from sim.experiment.results.directory import writing
    from sim.experiment.results.manifest import kind_of
    from sim.experiment.results.results import load_results
    from sim.report import write_report
    from sim.report.studies.reports import STUDIES, write_again

    try:
        kind = kind_of(folder)
        if kind in STUDIES:
            if against is not None:
                raise click.UsageError(f"--against is for the results of compare; {folder} holds a {kind}.")
            write_again(folder, kind)
        else:
            results = load_results(folder)
            known_scenario(against, [scenario.name for scenario in results.manifest.scenarios])
            with writing(folder):
                write_report(results, folder / "report.html", against=against)
    except (ExperimentError, click.UsageError):
        raise
    except OSError as error:
        raise ResultsError(f"{folder / 'report.html'} cannot be written: {error.strerror or error}") from error
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ResultsError(f"no report can be made of {folder}, whose files may be damaged ({why})") from error
