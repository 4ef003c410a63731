"""Figures that are known only as a range: drawn once for each replication, by a stream of their own.

The same replication draws the same for the same figure in every scenario of a comparison, so that scenarios still
differ by what was changed and not by what is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.problems import ScenarioError
from sim.streams import Streams

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.loader import LoadedScenario
    from sim.scenario.schema import Scenario

__all__ = ["PARAMETER_COLUMNS", "Drawn", "draw", "drawn_scenario", "frame"]

STREAM = "uncertain_figure"

PARAMETER_COLUMNS: dict[str, str] = {
    "scenario": "name of the scenario",
    "replication": "number of the replication, from 0",
    "path": "the figure, as --set takes it",
    "value": "what was drawn, as a number in the unit of the scenario file",
    "unit": "that unit, where the file writes one",
    "written": "what was drawn, as the scenario file would write it",
}


@dataclass(frozen=True)
class Drawn:
    """What one replication of one scenario drew: figure by path, as the scenario writes it, and as a number."""

    scenario: str
    replication: int
    written: Mapping[str, Any]
    numbers: Mapping[str, float]
    units: Mapping[str, str]


def draw(loaded: LoadedScenario, seed: int, replication: int, name: str = "") -> Drawn:
    """Draw every uncertain figure of a scenario for one replication; `name` stands for it in tables."""
    streams = Streams(seed, replication)
    written: dict[str, Any] = {}
    numbers: dict[str, float] = {}
    for figure in loaded.uncertain:
        u = float(streams.generator(f"{STREAM}/{figure.stream}").random())
        written[figure.path] = figure.quantile(u)
        numbers[figure.path] = figure.number(u)
    units = {figure.path: figure.unit for figure in loaded.uncertain}
    return Drawn(name or loaded.name, replication, written, numbers, units)


def drawn_scenario(loaded: LoadedScenario, drawn: Drawn) -> Scenario:
    """Return the scenario with what was drawn.

    Raises:
        ScenarioError: when figures that are each sound do not go together.
    """
    if not drawn.written:
        return loaded.scenario
    try:
        return loaded.scenario_at(drawn.written)
    except ScenarioError as error:
        said = ", ".join(f"{path} {value}" for path, value in drawn.written.items())
        error.add_note(f"figures drawn for replication {drawn.replication}: {said}")
        raise


def frame(drawn: Sequence[Drawn]) -> pd.DataFrame:
    """Return what was drawn as a table; see `PARAMETER_COLUMNS`."""
    import pandas as pd

    rows = [
        (one.scenario, one.replication, path, number, one.units[path], str(one.written[path]))
        for one in drawn
        for path, number in one.numbers.items()
    ]
    return pd.DataFrame(rows, columns=list(PARAMETER_COLUMNS))
