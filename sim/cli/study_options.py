"""What `sweep`, `solve` and `sensitivity` share: options, the executor, and a progress bar that grows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import executor_option

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["Study", "study_options"]


@dataclass(frozen=True)
class Study:
    """What was asked for on the command line of any study."""

    seed: int
    workers: int | None
    out: Path | None
    changes: tuple[str, ...]
    quiet: bool
    executor: str

    def load(self, scenario: str) -> LoadedScenario:
        """The scenario with the changes."""
        from sim.scenario import load

        return load(scenario, self.changes)

    def folder(self, kind: str, name: str) -> Path:
        """Where the results go."""
        return self.out or Path("outputs") / f"{kind}_{name.replace('/', '-')}"[:120]

    def chosen(self) -> Executor:
        """Where the runs are made."""
        from sim.experiment.running.executor import available_cpus, choose

        return choose(self.workers or available_cpus(), self.executor)

    @contextmanager
    def progress(self, total: int) -> Iterator[Callable[[int, int], None] | None]:
        """Show progress on a terminal."""
        from sim.cli.progress import progress_bar

        with progress_bar(total, shown=not self.quiet and sys.stderr.isatty()) as progress:
            yield progress


_OPTIONS = (
    click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Master seed."),
    click.option(
        "-w",
        "--workers",
        type=click.IntRange(min=1),
        help="Processes to use; results do not depend on it.  [default: one for each processor]",
    ),
    click.option("--out", type=click.Path(path_type=Path), help="Folder for the results."),
    click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="Change a value of the scenario first."),
    executor_option,
    click.option("-q", "--quiet", is_flag=True, help="No progress, no table: only where the results are."),
)


def study_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, which receives them together as `asked`."""

    @wraps(command)
    def gathered(**given: Any) -> Any:
        asked = Study(**{name: given.pop(name) for name in Study.__dataclass_fields__})
        return command(asked=asked, **given)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
