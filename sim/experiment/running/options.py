"""What may be asked of a run: one definition for each option, read by the command line and by keyword arguments.

To add an option, add a field here and use it. A field made with `_option` also becomes an option of `frontdoor run`,
`compare` and `explain`; the others are for Python alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from sim.experiment.analysis.stopping import Precision
    from sim.experiment.results.journeys import Kept
    from sim.experiment.running.executor import Executor
    from sim.experiment.running.task import Simulate

__all__ = ["COMMAND_LINE", "CommandLine", "Progress", "RunOptions"]

Progress = Callable[[int, int], None]
"""Called with (replications done, replications in all)."""

COMMAND_LINE: Final = "command line"
START_OF_PROCESSES: Final = 1.2
"""Seconds of work from which worker processes pay: two take 0.6 to 0.7 s to start, in which one could have worked."""


@dataclass(frozen=True)
class CommandLine:
    """How the command line takes an option: its flags, help text, and what it may be.

    `kind` is `count` (a whole number, `least` or more), `number` (above 0), `text`, `choice` (one of `choices`),
    `flag`, or `on or off` (a choice that stands for True or False). `missing` says what holds where the option is not
    given.
    """

    flags: tuple[str, ...]
    help: str
    kind: Literal["count", "number", "text", "choice", "flag", "on or off"]
    least: int = 0
    choices: tuple[str, ...] = ()
    metavar: str | None = None
    several: bool = False
    missing: str = ""
    not_of: tuple[str, ...] = ()
    """Commands that do not have the option."""


# ruff: noqa: RUF009 - each default is a field that carries its definition for the command line
def _option(default: Any, *flags: str, help: str, kind: Any, **more: Any) -> Any:
    return field(default=default, metadata={COMMAND_LINE: CommandLine(flags, help, kind, **more)})


@dataclass(frozen=True)
class RunOptions:
    """How scenarios are run.

    In Python, give any field as a keyword argument: `sim.run("tiny", replications=2, precision="5%")`.
    """

    replications: int | None = _option(
        10, "-n", "--replications", help="Independent runs of each scenario.", kind="count", least=1,
        missing="until the answers of the report's first screen are settled, or --minutes are over",
    )  # fmt: skip
    """Independent runs; replication i of a seed is the same whatever their number. If None, runs go on until the
    verdicts of the report's first screen are settled or `minutes` are over."""
    seed: int = _option(1, "--seed", help="Master seed: the same seed gives the same results.", kind="count")
    """Master seed of every random stream."""
    workers: int | None = _option(
        1, "-w", "--workers", kind="count", least=1, missing="one for each processor",
        help="Processes to use; results do not depend on it.",
    )  # fmt: skip
    """Processes; None for one for each processor. Results do not depend on it. With several, call from the part of a
    script below `if __name__ == "__main__":`."""
    journeys: Kept = _option(
        "all", "--journeys", kind="choice", choices=("all", "first", "none"),
        help="Replications whose simulated children's journeys are kept.",
    )  # fmt: skip
    """Whose journeys to keep: `all`, `first` (replication 0) or `none`."""
    precision: Sequence[str] | str | Precision = _option(
        (), "--precision", kind="text", several=True, metavar="5%|MEASURE=SIZE",
        help="Run until figures are this precise, in place of a number of replications: half the width of the 95% "
        "interval (of the difference, when comparing), as a share of the (baseline's) mean or in the measure's unit; "
        "may be given several times.",
    )  # fmt: skip
    """Run until figures are this precise, such as `"5%"` or `"unallocated=20"`; `replications` is then not used."""
    measures: Sequence[str] = _option(
        (), "--measure", kind="text", several=True, metavar="MEASURE",
        help="Measure that a plain --precision 5% is asked of; may be given several times (see frontdoor measures).",
    )  # fmt: skip
    """Measures that a plain precision is asked of. For `explain`, the measures that a report shows."""
    max_replications: int = _option(
        200, "--max-replications", kind="count", least=1,
        help="With --precision: stop here however wide the intervals are.",
    )  # fmt: skip
    """The most replications that a precision may take."""
    minutes: float = _option(
        2.0, "--minutes", kind="number", not_of=("explain",),
        help="Without -n and --precision: stop here, however unsettled the answers are.",
    )  # fmt: skip
    """The time after which runs without a number of replications stop, in minutes."""
    uncertainty: bool = _option(
        True, "--uncertainty", kind="on or off",
        help="Draw figures that are ranges anew for each replication, or keep their central figures.",
    )  # fmt: skip
    """Draw figures that are ranges for each replication; otherwise their central figures hold."""
    ensemble: bool = _option(
        False, "--ensemble", kind="flag",
        help="Each replication takes one of the settings that a calibration could not rule out: those of the file "
        "that the scenario names under ensemble.",
    )  # fmt: skip
    """Each replication takes a setting of the ensemble that the scenario names."""
    executor: str | Executor = _option(
        "local", "--executor", kind="text", metavar="local|dask://HOST:PORT",
        help="Where replications run: processes of this machine, or a Dask cluster (docs/scale.md). Results are the "
        "same.",
    )  # fmt: skip
    """Where replications run: `local`, `dask://HOST:PORT`, or an executor of one's own."""
    controls: bool | None = _option(
        None, "--controls", kind="on or off", missing="on with --precision, else off", not_of=("explain",),
        help="Take the chance variation of referrals out of means, differences and their intervals, from 20 "
        "replications on; fewer are then needed.",
    )  # fmt: skip
    """Control variates: take the chance variation of referrals out of means and differences; if None, with
    `precision` only."""
    progress: Progress | None = None
    """Called after each replication with (done, in all)."""
    scratch: Path | None = None
    """Folder for journeys until they are saved; if None, the system's own."""
    simulate: Simulate | None = None
    """A model in place of `sim.model.simulate`."""

    @classmethod
    def of(cls, options: RunOptions | None, keywords: Mapping[str, Any]) -> RunOptions:
        """Return the options with what keyword arguments change.

        Raises:
            TypeError: when a keyword is no option; it names the nearest one.
        """
        known = {each.name for each in fields(cls)}
        unknown = next((name for name in keywords if name not in known), None)
        if unknown is not None:
            from difflib import get_close_matches

            near = get_close_matches(unknown, sorted(known), 1)
            hint = f"did you mean '{near[0]}'?" if near else f"options are {', '.join(sorted(known))}"
            raise TypeError(f"there is no option '{unknown}'; {hint}")
        return replace(options or cls(), **keywords)

    def aims(self) -> Precision | None:
        """The precision that is asked for, read; None where a number of replications is asked for.

        Raises:
            RunError: when a precision cannot be read.
        """
        from sim.experiment.analysis.stopping import Precision, read_precision

        if isinstance(self.precision, Precision):
            return self.precision
        texts = [self.precision] if isinstance(self.precision, str) else list(self.precision)
        return read_precision(texts, self.measures, self.max_replications) if texts else None

    @property
    def adjusting(self) -> bool:
        """Whether control variates are used."""
        return bool(self.precision) if self.controls is None else self.controls

    def runs_on(self, runs: int | None = None, seconds: float = math.inf) -> Executor:
        """The executor: no more processes than `runs`, and this one alone where `workers` is None and all runs
        together take only `seconds` of work, fewer than it takes to start others.

        Raises:
            RunError: when `executor` is neither `local` nor the address of a cluster, or Dask is not installed.
        """
        from sim.experiment.running.executor import available_cpus, choose

        if not isinstance(self.executor, str):
            return self.executor
        workers = self.workers or (1 if seconds < START_OF_PROCESSES else available_cpus())
        return choose(workers if runs is None else min(workers, runs), self.executor)
