"""What `sweep`, `solve` and `sensitivity` share: options, the executor, and a progress bar that grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.entry import FAILED
from sim.cli.options import OUT, QUIET, option_of, values_of
from sim.cli.results_list import list_results_beside
from sim.experiment.running.options import RunOptions

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["PERIOD", "Study", "report_or_error", "show_answer", "study_options", "vary_option"]


@dataclass(frozen=True)
class Study:
    """What was asked for on the command line of any study."""

    options: RunOptions
    out: Path | None
    changes: tuple[str, ...]
    quiet: bool

    @property
    def seed(self) -> int:
        """Master seed."""
        return self.options.seed

    def load(self, scenario: str) -> LoadedScenario:
        """The scenario with the changes."""
        from sim.scenario import load

        return load(scenario, self.changes)

    def folder(self, kind: str, name: str) -> Path:
        """Where the results go."""
        return self.out or Path("outputs") / f"{kind}_{name.replace('/', '-')}"[:120]

    def executor(self) -> Executor:
        """Where the runs are made."""
        return self.options.runs_on()

    @contextmanager
    def progress(self, total: int) -> Iterator[Callable[[int, int], None] | None]:
        """Show progress."""
        from sim.cli.progress import progress_bar

        with progress_bar(total, shown=not self.quiet) as progress:
            yield progress


def report_or_error(write: Callable[[], None], out: Path) -> bool:
    """Write a study's report, whose tables are saved; if it fails, say so in a sentence and return False."""
    try:
        write()
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        click.echo(f"report.html could not be made ({why}); every table is saved in {out}", err=True)
        return False
    return True


def show_answer(lines: Iterable[str], out: Path, *, reported: bool, quiet: bool) -> int:
    """Print what a study answers, unless `quiet`, and where it lies; return the exit code."""
    if not quiet:
        for line in lines:
            click.echo(line)
    list_results_beside(out)
    click.echo(f"Results: {out}")
    if reported:
        click.echo(f"Report:  {out / 'report.html'}")
    return 0 if reported else FAILED


def vary_option(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--vary`; `words` say what it is for, with an example."""
    return click.option(
        "--vary",
        "varied",
        multiple=True,
        required=True,
        metavar="PATH=LOW:HIGH[:STEP]|A,B,C",
        help=f"{words}; may be given several times.",
    )


PERIOD = click.option("--period", help="Reporting year, such as 2018-19, or whole.  [default: the last full year]")
_CHANGES = click.option(
    "--set", "changes", multiple=True, metavar="PATH=VALUE", help="Change a value of the scenario first."
)


def study_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, which receives them together as `asked`."""

    @wraps(command)
    def gathered(**given: Any) -> Any:
        own = {name: given.pop(name) for name in ("seed", "workers", "executor")}
        asked = Study(RunOptions(**values_of(own)), given.pop("out"), given.pop("changes"), given.pop("quiet"))
        return command(asked=asked, **given)

    for option in reversed((option_of("seed"), option_of("workers"), OUT, _CHANGES, option_of("executor"), QUIET)):
        gathered = option(gathered)
    return gathered
