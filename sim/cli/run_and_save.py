"""What `run` and `compare` do: load, run with progress, save, and say what came out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.entry import FAILED, INTERRUPTED
from sim.cli.options import Asked

if TYPE_CHECKING:
    from sim.experiment.results.results import Results
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["conduct"]


def conduct(names: Sequence[str], asked: Asked, *, explaining: bool = False) -> int:
    """Run one scenario, compare several with the first, or explain the second; return the exit code."""
    from sim.experiment.analysis.stopping import read_precision
    from sim.experiment.results.folder import check_target
    from sim.experiment.running.executor import available_cpus, choose
    from sim.experiment.running.runner import compare, run
    from sim.experiment.studies.explain import explain

    precision = read_precision(asked.precision, asked.measures, asked.max_replications) if asked.precision else None
    if asked.measures and precision is None and not explaining:
        raise click.UsageError("--measure says which measure --precision is asked of: give --precision too.")
    loaded = _load(names, asked.changes)
    out = asked.out or Path("outputs") / _folder_name(
        [*(["explain"] if explaining else []), *(scenario.name for scenario in loaded)]
    )
    check_target(out)
    scratch = out.absolute().parent
    scratch.mkdir(parents=True, exist_ok=True)
    total = (asked.replications if precision is None else precision.first) * len(loaded)
    workers = min(asked.workers or available_cpus(), total)
    executor = choose(workers, asked.executor)
    from sim.cli.progress import progress_bar

    uncertainty = asked.uncertainty == "on"
    controls = None if asked.controls is None else asked.controls == "on"
    with progress_bar(total, shown=not asked.quiet and sys.stderr.isatty()) as progress:
        if explaining:
            results = explain(
                loaded[0], loaded[1], asked.replications, asked.seed, asked.workers or available_cpus(), progress,
                None if asked.executor == "local" else executor, measures=asked.measures, journeys=asked.journeys,
                scratch=scratch, precision=precision, uncertainty=uncertainty,
                ensemble=asked.ensemble,
            )  # fmt: skip
        elif len(loaded) == 1:
            results = run(
                loaded[0], asked.replications, asked.seed, workers, progress, executor,
                journeys=asked.journeys, scratch=scratch, precision=precision, uncertainty=uncertainty,
                ensemble=asked.ensemble, controls=controls,
            )  # fmt: skip
        else:
            results = compare(
                loaded[0], loaded[1:], asked.replications, asked.seed, workers, progress, executor,
                journeys=asked.journeys, scratch=scratch, precision=precision, uncertainty=uncertainty,
                ensemble=asked.ensemble, controls=controls,
            )  # fmt: skip
    saved = results.save(out)
    return _say(results, saved, asked.quiet)


def _load(names: Sequence[str], changes: Sequence[str]) -> list[LoadedScenario]:
    """Load every scenario, so that the problems of all of them are said together."""
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


def _folder_name(names: Sequence[str]) -> str:
    """The scenarios' names, as one folder name."""
    return "_".join(name.replace("/", "-") for name in names)[:120]


def _say(results: Results, saved: Path, quiet: bool) -> int:
    manifest = results.manifest
    if not quiet:
        from sim.cli.summary import headline, waterfall
        from sim.experiment.analysis.control_variate_words import controlled

        click.echo(headline(results) if results.explained is None else waterfall(results))
        click.echo("")
        for line in (*_precision(manifest), *controlled(results)):
            click.echo(line)
    click.echo(f"Results: {_shown(saved)}")
    click.echo(f"Report:  {_shown(saved / 'report.html')}")
    failures = manifest["failures"]
    for trace in results.traces if _debugging() else ():
        click.echo(trace, err=True)
    if failures:
        first = failures[0]
        click.echo(
            f"{len(failures)} of {manifest['replications_asked'] * len(manifest['scenarios'])} replications "
            f"failed "
            f"and are left out (the first: {first['scenario']}, replication {first['replication']}: "
            f"{first['error']}).",
            err=True,
        )
    if manifest["interrupted"]:
        click.echo(
            f"Interrupted: the {manifest['replications']} of {manifest['replications_asked']} replications "
            f"that "
            "were complete for every scenario are kept.",
            err=True,
        )
        return INTERRUPTED
    return FAILED if failures else 0


def _precision(manifest: Mapping[str, Any]) -> list[str]:
    if "precision" not in manifest:
        return []
    from sim.experiment.analysis.stopping_words import said

    return said(manifest["precision"], seconds=float(manifest["seconds"]))


def _debugging() -> bool:
    context = click.get_current_context().find_root()
    return bool(context.params.get("debug"))


def _shown(path: Path) -> str:
    """A path from the current folder if it is inside, else as it is."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
