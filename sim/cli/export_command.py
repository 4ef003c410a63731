"""`frontdoor export`: a results folder for Excel, Word, Power BI and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.scenario_names import known_scenario

if TYPE_CHECKING:
    from sim.experiment.results.results import Results


@click.command("export", short_help="Write results for Excel, Word, Power BI, or as pictures.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "formats",
    required=True,
    metavar="FORMAT,...",
    help="xlsx: a workbook. docx: the decision on one page. powerbi: a star schema. png: each chart. "
    "events: an event log.",
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
def command(folder: Path, formats: str, out: Path | None, template: Path | None, against: str | None) -> int:
    """Write the results in FOLDER for other programs. Files appear whole, or none does."""
    from sim.export import read_formats

    asked = read_formats(formats)
    if template is not None and "docx" not in asked:
        raise click.UsageError("--template is for a Word page: add docx to --to.")
    written, notes = export_folder(folder, asked, out, template, against)
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
    from sim.experiment.results.results import load_results
    from sim.experiment.studies.study_folder import kind_of
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
