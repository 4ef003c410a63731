"""Learned weights as a small file: what each predictor is worth, how wide the ranges are, and where this comes from."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

from sim.official.errors import OfficialError

__all__ = ["LEVELS", "MeasureWeights", "Spread", "WeightSet", "Weights", "read_weights", "shipped_weights"]

LEVELS = tuple(round(0.025 * step, 3) for step in range(1, 40))
"""Quantiles that a spread holds: 2.5% to 97.5%, every 2.5%."""
LOW95, LOW80, MIDDLE, HIGH80, HIGH95 = (LEVELS.index(level) for level in (0.025, 0.1, 0.5, 0.9, 0.975))


@dataclass(frozen=True)
class Spread:
    """How far published figures fell from a forecast, on the scale of changes.

    The scale of a council with `n` children behind the figure is the root of `level` + `per_child` / n. `quantiles`
    hold errors over that scale at `LEVELS`, of councils on which nothing was learned.
    """

    level: float
    per_child: float
    quantiles: tuple[float, ...]

    def scale(self, children: float) -> float:
        """The size of an error that is usual for a count of children."""
        return math.sqrt(self.level + self.per_child / max(children, 1.0))


@dataclass(frozen=True)
class MeasureWeights:
    """How one measure's change is foretold: `weights` of predictors, then part of the simulated change, then shrunk.

    `informed` is False when the combination was no better than last year's figure over the years it was learned from.
    `gain_median` and `gain_mean` are its error over that of last year's figure, in councils held out.
    """

    weights: Mapping[str, float]
    simulated: float
    shrink: float
    informed: bool
    gain_median: float
    gain_mean: float
    councils: int
    spreads: Mapping[str, Spread]

    def change(self, predictors: Mapping[str, float], simulated: float | None) -> float:
        """The change that is foretold, as a logarithm; zero when the measure is not informed."""
        if not self.informed:
            return 0.0
        moved = sum(weight * predictors.get(name, 0.0) for name, weight in self.weights.items())
        if simulated is not None and math.isfinite(simulated):
            moved += self.simulated * (simulated - moved)
        return self.shrink * moved


@dataclass(frozen=True)
class WeightSet:
    """Weights learned from changes up to the year `until`."""

    until: int
    years: tuple[int, ...]
    measures: Mapping[str, MeasureWeights]


@dataclass(frozen=True)
class Weights:
    """Several sets, so that a back-test can use one that knows nothing of the year foretold."""

    provenance: Mapping[str, object]
    sets: Mapping[int, WeightSet]

    def knows(self, fit_to: int) -> bool:
        """Whether a set was learned from years up to `fit_to` alone."""
        return any(until <= fit_to for until in self.sets)

    def for_year(self, fit_to: int) -> WeightSet:
        """The latest set learned from years up to `fit_to`.

        Raises:
            OfficialError: when every set knows later years.
        """
        known = [until for until in self.sets if until <= fit_to]
        if not known:
            raise OfficialError(
                f"the weights were learned from {min(self.sets)} and later; none can foretell from {fit_to} without "
                "having seen the year foretold"
            )
        return self.sets[max(known)]

    def text(self) -> str:
        """The file."""
        sets = {str(until): asdict(learned) for until, learned in sorted(self.sets.items())}
        return json.dumps({"provenance": self.provenance, "sets": sets}, separators=(",", ":")) + "\n"


def shipped_weights() -> Weights:
    """The weights that come with the product."""
    return _weights(json.loads(files("sim.official").joinpath("forecast/weights.json").read_text(encoding="utf-8")))


def read_weights(path: Path) -> Weights:
    """Weights from a file.

    Raises:
        OfficialError: when it cannot be read or is not such a file.
    """
    try:
        return _weights(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OfficialError(f"{path} holds no weights that frontdoor forecast-weights wrote: {error}") from None


def _weights(raw: Mapping[str, dict[str, object]]) -> Weights:
    sets = {int(until): _weight_set(learned) for until, learned in raw["sets"].items()}
    return Weights(raw["provenance"], sets)


def _weight_set(raw: object) -> WeightSet:
    assert isinstance(raw, dict)
    measures = {}
    for name, fields in raw["measures"].items():
        spreads = {
            kind: Spread(spread["level"], spread["per_child"], tuple(spread["quantiles"]))
            for kind, spread in fields["spreads"].items()
        }
        measures[name] = MeasureWeights(**(fields | {"spreads": spreads}))
    return WeightSet(raw["until"], tuple(raw["years"]), measures)
