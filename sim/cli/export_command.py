"""`frontdoor export`: a results folder for Excel, Word, Power BI and pictures, or a run as a council's returns."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import known_scenario

if TYPE_CHECKING:
    from sim.experiment.results.results import Results


@click.command("export", short_help="Write results for Excel, Word, Power BI, as pictures, or as returns.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "formats",
    required=True,
    metavar="FORMAT,...",
    help="xlsx: a workbook. docx: the decision on one page. powerbi: a star schema. png: each chart. "
    "events: an event log. annex-a, cin-census, dfe-tables: a simulated council as its returns.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the files.  [default: FOLDER/exports]")
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="With docx: the Word document or template whose styles the page takes.",
)
@click.option(
    "--against",
    metavar="SCENARIO",
    help="Compare every scenario with this one on the Word page.  [default: the one it builds on]",
)
@click.option("--scenario", help="With returns: a scenario of the results.  [default: the first]")
@click.option("--replication", type=click.IntRange(min=0), help="With returns: which one, from 0.  [default: 0]")
@click.option(
    "--as-at", type=click.DateTime(["%Y-%m-%d"]), help="With returns: their day.  [default: the last 31 March]"
)
def command(
    folder: Path, formats: str, out: Path | None, template: Path | None, against: str | None, scenario: str | None,
    replication: int | None, as_at: datetime | None,
) -> int:  # fmt: skip
    """Write the results in FOLDER for other programs. The files of a format appear whole, or none does.

    Returns are one replication of one scenario, written so that the tools of a council open them; every file says that
    its children are simulated.
    """
    from sim.export import FORMATS, read_formats
    from sim.returns.export.write import KINDS, returns_of_run, write_returns

    asked = read_formats(formats, (*FORMATS, *KINDS))
    others, kinds = tuple(name for name in asked if name in FORMATS), [name for name in asked if name in KINDS]
    if template is not None and "docx" not in asked:
        raise click.UsageError("--template is for a Word page: add docx to --to.")
    if not kinds and (scenario, replication, as_at) != (None, None, None):
        raise click.UsageError(
            f"--scenario, --replication and --as-at are for returns: add {' or '.join(KINDS)} to --to."
        )
    day = as_at.date() if as_at is not None else None
    returns = returns_of_run(folder, kinds, scenario=scenario, replication=replication or 0, as_at=day) if kinds else {}
    written, notes = export_folder(folder, others, out, template, against) if others else ([], [])
    if returns:
        written += write_returns(returns, out or folder / "exports")
    for path in written:
        click.echo(f"Written: {path}")
    for note in notes:
        click.echo(note, err=True)
    return 0


def export_folder(
    folder: Path,
    formats: tuple[str, ...],
    out: Path | None = None,
    template: Path | None = None,
    against: str | None = None,
) -> tuple[list[Path], list[str]]:
    """Export the results in `folder`, into its own folder `exports` if `out` is None; see `export_results`.

    Raises:
        ResultsError: when `folder` does not hold results of run, compare or explain.
        ExportError: as `export_results`.
    """
    from sim.experiment.errors import ResultsError
    from sim.experiment.results.manifest import kind_of
    from sim.experiment.results.results import load_results
    from sim.export import export_results
    from sim.report.studies.reports import STUDIES

    kind = kind_of(folder) if folder.is_dir() else None
    if kind in STUDIES:
        raise ResultsError(f"{folder} holds a {kind}; export takes the results of run, compare or explain")
    results = load_results(folder)
    known_scenario(against, [scenario.name for scenario in results.manifest.scenarios])
    if out is not None:
        return export_results(results, out, formats, template, against)
    return export_beside(results, folder, formats, template, against)


def export_beside(
    results: Results,
    folder: Path,
    formats: tuple[str, ...],
    template: Path | None = None,
    against: str | None = None,
) -> tuple[list[Path], list[str]]:
    """Export results into the folder `exports` of their own `folder`; see `export_results`."""
    from sim.experiment.results.directory import writing
    from sim.export import export_results
    from sim.export.staging import describe_in_readme

    with writing(folder):
        written = export_results(results, folder / "exports", formats, template, against)
        describe_in_readme(folder)
    return written
