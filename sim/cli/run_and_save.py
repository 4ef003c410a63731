"""What `run`, `compare` and `explain` do: load, run with progress, save, and show what came out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from sim.cli.entry import FAILED, INTERRUPTED
from sim.cli.options import Destination, known_scenario
from sim.cli.results_list import list_results_beside
from sim.experiment.running.options import RunOptions

if TYPE_CHECKING:
    from sim.experiment.results.manifest import Manifest
    from sim.experiment.results.results import Results
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["run_and_save"]


def run_and_save(
    names: Sequence[str], options: RunOptions, destination: Destination, *, explaining: bool = False
) -> int:
    """Run one scenario, compare several with the first, or explain the second; return the exit code."""
    import sim
    from sim.experiment.analysis.settling import LOOKS
    from sim.experiment.results.folder import check_target

    precision = options.aims()
    if options.measures and precision is None and not explaining:
        raise click.UsageError("--measure names the measure that --precision is asked of: give --precision too.")
    exports = _formats(destination.exports)
    loaded = _load(names, destination.changes)
    by_argument = dict(zip(names, (scenario.name for scenario in loaded), strict=True))
    if destination.against in by_argument:
        destination = replace(destination, against=by_argument[destination.against])
    known_scenario(destination.against, list(by_argument.values()))
    out = destination.out or Path("outputs") / _folder_name(
        [*(["explain"] if explaining else []), *(scenario.name for scenario in loaded)]
    )
    options.runs_on()  # an executor that is none is found before a folder is made
    check_target(out)
    if not destination.yes:
        _ask_first(loaded, options)
    scratch = out.absolute().parent
    scratch.mkdir(parents=True, exist_ok=True)
    total = (precision.first if precision is not None else options.replications or LOOKS[0]) * len(loaded)
    from sim.cli.progress import progress_bar

    with progress_bar(total, shown=not destination.quiet) as progress:
        options = replace(options, progress=progress, scratch=scratch)
        if explaining:
            results = sim.explain(loaded[0], loaded[1], options)
        elif len(loaded) == 1:
            results = sim.run(loaded[0], options)
        else:
            results = sim.compare(loaded[0], *loaded[1:], options=options)
    if destination.against is not None:
        results = replace(results, manifest=results.manifest.model_copy(update={"against": destination.against}))
    return _save(results, out, destination, exports)


def _formats(text: str) -> tuple[str, ...]:
    """The formats of --export, found to be sound before a long run."""
    if not text:
        return ()
    from sim.export import check_libraries, read_formats

    formats = read_formats(text)
    check_libraries(formats)
    return formats


def _load(names: Sequence[str], changes: Sequence[str]) -> list[LoadedScenario]:
    """Load every scenario, so that the problems of all of them are shown together."""
    from sim.scenario import Problem, ScenarioError, load

    loaded: list[LoadedScenario] = []
    problems: dict[Problem, None] = {}
    for name in names:
        try:
            loaded.append(load(name, changes))
        except ScenarioError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise ScenarioError(list(problems))
    return loaded


def _ask_first(loaded: Sequence[LoadedScenario], options: RunOptions) -> None:
    """Ask before a run that takes very long or much memory; without a terminal it is refused.

    Raises:
        RunError: when nobody can be asked, or the answer is no.
    """
    from sim.experiment.analysis.settling import LEAST
    from sim.experiment.cost import cost_together
    from sim.experiment.errors import RunError
    from sim.experiment.running.executor import available_cpus

    workers = available_cpus() if options.workers is None else options.workers
    if options.executor != "local":
        return
    precision = options.aims()
    replications = options.replications if precision is None else precision.first
    cost = cost_together([each.scenario for each in loaded], replications or LEAST, workers)
    reason = cost.too_much
    if not reason:
        return
    if sys.stdin.isatty() and click.confirm(f"{reason[0].upper()}{reason[1:]}. Begin?", err=True):
        return
    raise RunError(f"{reason}: add --yes to begin it all the same, or ask for fewer replications (-n)")


def _folder_name(names: Sequence[str]) -> str:
    """The scenarios' names, as one folder name of at most 120 bytes."""
    name = "_".join(name.replace("/", "-") for name in names)
    return name.encode()[:120].decode(errors="ignore")


def _save(results: Results, out: Path, destination: Destination, exports: tuple[str, ...]) -> int:
    """Save, unless better results of the same run are there; export, and show what came out."""
    from sim.cli.signals import held_back
    from sim.experiment.errors import ExperimentError, ReportError
    from sim.experiment.results.folder import earlier

    manifest = results.manifest
    kept = earlier(out) if not manifest.complete else None
    if kept is not None and kept.replications > manifest.replications:
        if kept.same_run(manifest):
            _explain_end(manifest, saved=False)
            click.echo(
                f"{_shown(out)} is left as it was: it holds {kept.replications} complete replications of the same run.",
                err=True,
            )
            return INTERRUPTED if manifest.interrupted else FAILED
        out = out.with_name(f"{out.name}-interrupted")
    errors: list[ExperimentError] = []
    exported: list[Path] = []
    with held_back() as signals:
        try:
            saved = results.save(out)
        except ReportError as error:
            errors.append(error)
            saved = out
        with_report = not errors
        try:
            exported, notes = _export(results, saved, exports)
        except ExperimentError as error:
            errors.append(error)
            notes = []
        list_results_beside(saved)
    if saved.name != out.resolve().name:
        click.echo(
            f"{_shown(out)} is left as it was: another program, such as Excel, holds one of its files open. The new "
            f"results are in {_shown(saved)}.",
            err=True,
        )
    _show(results, saved, destination.quiet, with_report=with_report)
    for path in exported:
        click.echo(f"Export:  {_shown(path)}")
    _explain_end(manifest, saved=True)
    for line in (*notes, *map(str, errors)):
        click.echo(line, err=True)
    if signals.times and not manifest.interrupted:
        click.echo("Interrupted while saving: everything is saved.", err=True)
    if manifest.interrupted or signals.times:
        return INTERRUPTED
    return FAILED if manifest.failures or manifest.stopped or errors else 0


def _export(results: Results, saved: Path, formats: tuple[str, ...]) -> tuple[list[Path], list[str]]:
    if not formats:
        return [], []
    from sim.cli.export_command import export_beside

    return export_beside(results, saved, formats)


def _show(results: Results, saved: Path, quiet: bool, *, with_report: bool) -> None:
    from sim.experiment.results.table_files import WITHOUT_PARQUET, parquet_installed

    manifest = results.manifest
    if not quiet:
        from sim.cli.summary import WIDTH, changes, headline
        from sim.experiment.analysis.control_variate_words import controlled

        width = get_terminal_size((WIDTH, 24)).columns
        click.echo(headline(results, max(WIDTH, width)) if results.explained is None else changes(results))
        click.echo("")
        for line in (*_how_it_ended(manifest), *controlled(results)):
            click.echo(line)
    click.echo(f"Results: {_shown(saved)}")
    if with_report:
        click.echo(f"Report:  {_shown(saved / 'report.html')}")
    if not (quiet or parquet_installed()):
        click.echo(WITHOUT_PARQUET)
    for trace in results.traces if _debugging() else ():
        click.echo(trace, err=True)


def _explain_end(manifest: Manifest, *, saved: bool) -> None:
    """Say what failed, what was run again, and why the run ended early."""
    failures = manifest.failures
    if failures:
        first = failures[0]
        click.echo(
            f"{len(failures)} of {manifest.replications_asked * len(manifest.scenarios)} replications failed and are "
            f"left out (the first: {first.scenario}, replication {first.replication}: {first.error}).",
            err=True,
        )
    for reason in manifest.restarts:
        click.echo(reason, err=True)
    ended = "Interrupted" if manifest.interrupted else manifest.stopped
    if ended:
        kept = "are kept" if saved else "are not saved"
        click.echo(
            f"{ended}: the {manifest.replications} of {manifest.replications_asked} replications that "
            f"were complete for every scenario {kept}.",
            err=True,
        )


def _how_it_ended(manifest: Manifest) -> list[str]:
    """Why a run without a number of replications stopped where it did."""
    if manifest.precision is not None:
        from sim.experiment.analysis.stopping_words import outcome_in_words

        return outcome_in_words(manifest.precision, seconds=manifest.seconds)
    if manifest.settling is not None and not manifest.interrupted and manifest.stopped is None:
        from sim.experiment.analysis.stopping_words import how_it_ended

        return how_it_ended(manifest.settling)
    return []


def _debugging() -> bool:
    context = click.get_current_context().find_root()
    return bool(context.params.get("debug"))


def _shown(path: Path) -> str:
    """A path from the current folder if it is inside, else as it is."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
