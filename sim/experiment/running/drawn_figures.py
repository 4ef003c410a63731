"""Figures that are known only as a range, and settings of a calibration: drawn once for each replication.

The same replication draws the same for the same figure, and the same setting of the same ensemble, in every scenario of
a comparison, so that scenarios still differ by what was changed and not by what is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sim.experiment.running.task import Outcome, Task
from sim.scenario.errors.problems import ScenarioError
from sim.scenario.uncertainty.free_figures import applied
from sim.streams import Streams

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.reading.loader import LoadedScenario
    from sim.scenario.schema import Scenario

__all__ = ["PARAMETER_COLUMNS", "Drawn", "draw", "drawn_scenario", "drawn_task", "frame"]

STREAM = "uncertain_figure"
SETTING_STREAM = "calibrated_setting"
ENSEMBLE = "ensemble."
"""Before the id of a free figure whose factor was drawn, where others have a path."""

PARAMETER_COLUMNS: dict[str, str] = {
    "scenario": "name of the scenario",
    "replication": "number of the replication, from 0",
    "path": "the figure, as --set takes it, or `ensemble.` and the id of a free figure of a calibration",
    "value": "what was drawn, as a number in the unit of the scenario file, or as a factor on what it says",
    "unit": "that unit, where the file writes one",
    "written": "what was drawn, as the scenario file would write it",
}


@dataclass(frozen=True)
class Drawn:
    """What one replication of one scenario drew: figure by path, as the scenario writes it, and as a number.

    `factors` is the setting of the calibration that it took, by the id of the free figure.
    """

    scenario: str
    replication: int
    written: Mapping[str, Any]
    numbers: Mapping[str, float]
    units: Mapping[str, str]
    factors: Mapping[str, float] = field(default_factory=dict)


def draw(
    loaded: LoadedScenario,
    seed: int,
    replication: int,
    name: str = "",
    settings: Sequence[Mapping[str, float]] = (),
    ranges: bool = True,
) -> Drawn:
    """Draw every uncertain figure of a scenario, and one of the settings of its ensemble, for one replication.

    `name` stands for the scenario in tables; without `ranges` their central figures hold.
    """
    streams = Streams(seed, replication)
    written: dict[str, Any] = {}
    numbers: dict[str, float] = {}
    uncertain = loaded.uncertain if ranges else ()
    for figure in uncertain:
        u = float(streams.generator(f"{STREAM}/{figure.stream}").random())
        written[figure.path] = figure.quantile(u)
        numbers[figure.path] = figure.number(u)
    units = {figure.path: figure.unit for figure in uncertain}
    factors: Mapping[str, float] = {}
    if settings:
        # By the name of the file, so that scenarios that carry the same ensemble take the same setting.
        stream = f"{SETTING_STREAM}/{loaded.scenario.ensemble}"
        factors = settings[int(streams.generator(stream).integers(len(settings)))]
    return Drawn(name or loaded.name, replication, written, numbers, units, factors)


def drawn_scenario(loaded: LoadedScenario, drawn: Drawn) -> Scenario:
    """Return the scenario with what was drawn.

    Raises:
        ScenarioError: when figures that are each sound do not go together.
    """
    if not drawn.written:
        return applied(loaded.scenario, drawn.factors)
    try:
        return applied(loaded.scenario_at(drawn.written), drawn.factors)
    except ScenarioError as error:
        shown = ", ".join(f"{path} {value}" for path, value in drawn.written.items())
        error.add_note(f"figures drawn for replication {drawn.replication}: {shown}")
        raise


def drawn_task(task: Task, loaded: LoadedScenario, drawn: Drawn) -> Task | Outcome:
    """Return a task with what was drawn, or a failed outcome if the figures do not go together."""
    try:
        return replace(task, scenario=drawn_scenario(loaded, drawn))
    except ScenarioError as error:
        return Outcome.failed(task, error)


def frame(drawn: Sequence[Drawn]) -> pd.DataFrame:
    """Return what was drawn as a table; see `PARAMETER_COLUMNS`."""
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for each in drawn:
        rows += [
            (each.scenario, each.replication, path, number, each.units[path], str(each.written[path]))
            for path, number in each.numbers.items()
        ]
        rows += [
            (each.scenario, each.replication, ENSEMBLE + name, factor, "", f"× {factor:g}")
            for name, factor in each.factors.items()
        ]
    return pd.DataFrame(rows, columns=list(PARAMETER_COLUMNS))
