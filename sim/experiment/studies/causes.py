"""What would change it: mechanisms switched off on the same children, and what each contributes to waiting."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiment.analysis.shapley import Off, Orders, Pair, Value, labelled, orders_of, pairs, sets_of, values
from sim.experiment.analysis.stopping import known_measure
from sim.experiment.errors import RunError
from sim.experiment.results.replications import Replications
from sim.experiment.results.table_files import read_table
from sim.experiment.running.runner import run_together
from sim.experiment.studies import study_folder
from sim.experiment.studies.manifests import StudyManifest, begun
from sim.experiment.studies.mechanisms import Mechanism, mechanisms_of, without

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.running.options import RunOptions
    from sim.scenario.reading.loader import LoadedScenario

__all__ = [
    "DEFAULT_MEASURES", "FILES", "KIND", "Contributions", "ContributionsStudy", "PlannedRuns", "contributions",
    "load_contributions", "planned", "replications_of", "save", "table",
]  # fmt: skip

Floats = NDArray[np.float64]

KIND: Final = "causes"
FILES: Final[dict[str, str]] = {
    "README.txt": "this list",
    "manifest.json": "what was run: scenario in full, seed, mechanisms, orders",
    "contributions.csv": "what each mechanism contributes: alone, its Shapley value, its share, with intervals",
    "contributions.parquet": "the same as Parquet",
    "runs.parquet": "each measure in every setting and replication",
    "report.html": "the report: open it in a browser; it needs no connection",
}
COLUMNS: Final = (
    "measure", "period", "mechanism", "alone", "alone_low95", "alone_high95", "value", "low95", "high95", "share",
    "share_low95", "share_high95", "replications",
)  # fmt: skip
MOST_SETS: Final = 64
"""Settings up to which all orders are looked at: six mechanisms."""
DEFAULT_MEASURES: Final = ("assessments_open_over_45wd", "delay_child_days", "cin_open_over_12m", "cpp_open_over_15m")
REPLICATIONS: Final = 10
FAINT: Final = 0.05
"""Share of a measure below which two mechanisms are not said to act together."""


@dataclass(frozen=True)
class PlannedRuns:
    """What will be run: mechanisms, the orders in which they are switched off, and the settings that these need."""

    scenario: LoadedScenario
    mechanisms: tuple[Mechanism, ...]
    orders: Orders
    sets: tuple[Off, ...]

    def words(self, replications: int) -> str:
        """How many runs there will be, and why."""
        many, sets = len(self.mechanisms), len(self.sets)
        how = (
            f"all {2**many} settings of {many} mechanisms"
            if self.orders.every
            else f"{len(self.orders.orders)} drawn orders of {many} mechanisms, which need {sets} settings of {2**many}"
        )
        return f"{how}: {sets * replications:,} runs, {replications} of each."


@dataclass(frozen=True)
class Contributions:
    """What each mechanism contributes to a measure.

    `level` is the measure's mean as things are, `rest` what is left when all are switched off. Values and rest add up
    to the level.
    """

    measure: str
    period: str
    level: float
    rest: float
    rest_low95: float
    rest_high95: float
    values: tuple[Value, ...]
    pairs: tuple[Pair, ...]
    replications: int

    def share(self, figure: float) -> float:
        """A figure as a share of the level; missing where the level is 0."""
        return figure / self.level if self.level else float("nan")

    @property
    def alone(self) -> float:
        """What all mechanisms remove, each switched off alone, added up: more than the level where they overlap."""
        return sum(value.alone for value in self.values)

    def acting_together(self) -> list[Pair]:
        """Pairs that remove clearly more together than each does alone, the largest first."""
        clear = [pair for pair in self.pairs if pair.low95 > 0 and self.share(pair.together) > FAINT]
        return sorted(clear, key=lambda pair: -pair.together)

    def only_together(self) -> list[Pair]:
        """Of these, pairs neither of which clearly removes anything alone."""
        return [
            pair
            for pair in self.acting_together()
            if all(self.values[number].alone_low95 <= 0 for number in (pair.first, pair.second))
        ]


def planned(
    scenario: LoadedScenario, names: Collection[str] = (), orders: int = 12, seed: int = 1, most_sets: int = MOST_SETS
) -> PlannedRuns:
    """Say which mechanisms will be switched off, in which settings.

    Raises:
        RunError: when a mechanism is unknown, or the scenario has not got it or does not work without it.
    """
    mechanisms = tuple(mechanisms_of(scenario, names))
    many = len(mechanisms)
    chosen = orders_of(many, most_sets, orders, seed)
    sets = tuple(sets_of(many, chosen))
    for some in sets:
        without(scenario, [mechanisms[number] for number in some])
    return PlannedRuns(scenario, mechanisms, chosen, sets)


def replications_of(options: RunOptions) -> int:
    """Runs of each setting: those asked for, or ten."""
    return options.replications or REPLICATIONS


def contributions(
    plan: PlannedRuns, options: RunOptions, period: str = "whole"
) -> tuple[list[Contributions], pd.DataFrame]:
    """Run the settings of a plan on the same children.

    Returns:
        What each mechanism contributes to each measure of the options, and the measures of all runs.

    Raises:
        RunError: when a measure or a period is not known.
    """
    import pandas as pd

    measures = [known_measure(measure) for measure in options.measures] or list(DEFAULT_MEASURES)
    options = replace(
        options, controls=False, journeys="none", measures=(), precision=(), replications=replications_of(options)
    )
    names = labelled(plan.sets, [mechanism.name for mechanism in plan.mechanisms])
    variants = [
        replace(without(plan.scenario, [plan.mechanisms[number] for number in some]), name=name)
        for some, name in zip(plan.sets, names, strict=True)
    ]
    results = run_together(variants, options)
    contributed, rows = [], []
    shared = Replications.shared(results.by_scenario)
    for measure in measures:
        runs: dict[Off, Floats] = {}
        for some, each in zip(plan.sets, results.by_scenario, strict=True):
            figures = each.runs(measure, period, shared)
            if figures is None:
                raise RunError(f"there is no period {period}, or no {measure} in it")
            runs[some] = figures
            rows += [
                (each.name, replication, measure, period, figure)
                for replication, figure in zip(shared, figures.tolist(), strict=True)
            ]
        known = np.all([np.isfinite(figures) for figures in runs.values()], axis=0)
        if known.any():
            contributed.append(
                _contributions(plan, measure, period, {some: each[known] for some, each in runs.items()})
            )
    columns = ["off", "replication", "measure", "period", "value"]
    return contributed, pd.DataFrame(rows, columns=columns)


class ContributionsManifest(StudyManifest):
    """A study of mechanisms switched off."""

    what: ClassVar[str] = "a study of causes"
    kind: Literal["causes"] = "causes"
    mechanisms: tuple[str, ...]
    orders: int
    every_order: bool
    settings: int
    replications: int
    measures: tuple[str, ...]


@dataclass(frozen=True)
class ContributionsStudy:
    """A study that is kept: what was asked, and a row for each measure and mechanism."""

    manifest: ContributionsManifest
    table: pd.DataFrame


def load_contributions(folder: Path) -> ContributionsStudy:
    """Read the folder of a study of causes.

    Raises:
        ResultsError: when it is not one, or a file in it is missing or damaged.
    """
    return ContributionsStudy(
        ContributionsManifest.read(folder),
        read_table(folder / "contributions.parquet", COLUMNS, figures=COLUMNS[3:]),
    )


def table(plan: PlannedRuns, contributed: Sequence[Contributions]) -> pd.DataFrame:
    """What each mechanism contributes, one row for each measure and mechanism; `rest` is what none of them explains."""
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for each in contributed:
        for mechanism, value in zip(plan.mechanisms, each.values, strict=True):
            figures = (value.alone, value.alone_low95, value.alone_high95, value.value, value.low95, value.high95)
            shares = tuple(each.share(figure) for figure in figures[3:])
            rows.append((each.measure, each.period, mechanism.name, *figures, *shares, each.replications))
        rest = (each.rest, each.rest_low95, each.rest_high95)
        shares = tuple(each.share(figure) for figure in rest)
        rows.append((each.measure, each.period, "rest", None, None, None, *rest, *shares, each.replications))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def save(
    plan: PlannedRuns, contributed: Sequence[Contributions], runs: pd.DataFrame, out: Path, options: RunOptions
) -> None:
    """Write the folder of the study.

    Raises:
        ResultsError: when `out` holds something else, or cannot be written.
    """
    manifest = ContributionsManifest(
        **begun(plan.scenario, options.seed, datetime.now(UTC)),
        mechanisms=tuple(mechanism.name for mechanism in plan.mechanisms),
        orders=len(plan.orders.orders),
        every_order=plan.orders.every,
        settings=len(plan.sets),
        replications=replications_of(options),
        measures=tuple(each.measure for each in contributed),
        period=contributed[0].period if contributed else "whole",
    )

    study_folder.save_study(out, KIND, FILES, manifest, {"contributions": table(plan, contributed), "runs": runs})


def _contributions(plan: PlannedRuns, measure: str, period: str, runs: dict[Off, Floats]) -> Contributions:
    many = len(plan.mechanisms)
    rest = runs[frozenset(range(many))]
    of_rest = values(1, Orders(((0,),), True), {frozenset(): rest, frozenset({0}): np.zeros_like(rest)})[0]
    return Contributions(
        measure,
        period,
        float(runs[frozenset()].mean()),
        float(rest.mean()),
        of_rest.low95,
        of_rest.high95,
        tuple(values(many, plan.orders, runs)),
        tuple(pairs(many, runs)),
        len(rest),
    )
