"""What a benchmark finds: figures with their runs, kept as JSON, and the targets that they are held against."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final, Literal

YARDSTICK: Final = "yardstick: a million timeouts of SimPy"
"""The figure that the page gives seconds in multiples of."""

Better = Literal["lower", "higher"]


@dataclass(frozen=True)
class Figure:
    """One thing measured. Runs of figures that are measured side by side are of the same rounds, in the same order."""

    name: str
    unit: str
    better: Better
    runs: tuple[float, ...]

    @property
    def value(self) -> float:
        """The median of the runs."""
        return median(self.runs)


def lower(name: str, unit: str, runs: Iterable[float]) -> Figure:
    """A figure of which less is better."""
    return Figure(name, unit, "lower", tuple(runs))


def higher(name: str, unit: str, runs: Iterable[float]) -> Figure:
    """A figure of which more is better."""
    return Figure(name, unit, "higher", tuple(runs))


TARGETS: dict[str, float] = {
    "peers: SimPy, times as long": 7,
    "peers: SimPy at 1.3 times demand, times as long": 45,
    "peers: SimPy at 2 times demand, times as long": 250,
    "peers: Ciw, times as long": 45,
    "peers: salabim, times as long": 65,
    "peers: ten times the volume, times as long": 13,
    "model: everything on, seconds a simulated year": 0.35,
    "model: everything on, pops for each referred child": 12,
    "model: everything on, peak of four years": 200,
    "growth: 25 Croydons, cost of a child to Croydon's": 1.3,
    "growth: +100% referrals, cost of a child to Croydon's": 1.3,
    "growth: England, seconds for a year": 60,
    "growth: England, peak": 6000,
    "parallel: two workers, times as fast as one": 1.75,
    "start: --help, imports": 0.1,
    "start: a run's own imports": 0.2,
    "answer: from command to report": 20,
}
"""What each figure should reach, at most or at least as the figure is better lower or higher."""


def met(figure: Figure) -> bool | None:
    """Whether a figure reaches its target; None where it has none."""
    target = TARGETS.get(figure.name)
    if target is None:
        return None
    return figure.value <= target if figure.better == "lower" else figure.value >= target


@dataclass(frozen=True)
class Report:
    """All that one run of the benchmarks found."""

    made: str
    machine: dict[str, Any]
    figures: tuple[Figure, ...]
    details: dict[str, Any]

    def targets_missed_out(self) -> list[str]:
        """Targets of which the report has no figure."""
        names = {figure.name for figure in self.figures}
        return [name for name in TARGETS if name not in names]

    def write(self, path: Path) -> None:
        """Keep the report."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Report:
    """A report that was kept."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    figures = tuple(
        Figure(figure["name"], figure["unit"], figure["better"], tuple(figure["runs"])) for figure in kept["figures"]
    )
    return Report(kept["made"], kept["machine"], figures, kept["details"])


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    """Round by round, one measurement over the other."""
    return [above / below for above, below in zip(over, under, strict=True)]
