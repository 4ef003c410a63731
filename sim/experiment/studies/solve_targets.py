"""What a search for the cheapest setting must meet: targets as `assessments_45wd_pct>=85`, and a chance as `80%`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiment.analysis.targets import met
from sim.experiment.errors import RunError
from sim.experiment.studies.points import check_measures

__all__ = ["SolveTarget", "read_chance", "read_targets"]

_TARGET = re.compile(r"\s*(?P<measure>[A-Za-z0-9_]+)\s*(?P<sign>>=|<=)\s*(?P<figure>.+?)\s*")


@dataclass(frozen=True)
class SolveTarget:
    """A target: a measure at least or at most a figure, in the measure's unit, in one run."""

    measure: str
    at_least: float | None
    at_most: float | None

    def met(self, value: float) -> bool:
        """Whether a run meets it; a missing figure does not."""
        return met(value, self.at_least, self.at_most)

    def margin(self, value: float) -> float:
        """By how much a run meets it (below 0: misses it), as a share of the target; 0 when there is no figure."""
        if math.isnan(value):
            return 0.0
        if self.at_least is not None:
            return (value - self.at_least) / max(abs(self.at_least), 1.0)
        assert self.at_most is not None
        return (self.at_most - value) / max(abs(self.at_most), 1.0)

    @property
    def figure(self) -> float:
        """The figure that is to be reached."""
        number = self.at_most if self.at_least is None else self.at_least
        assert number is not None
        return number

    def __str__(self) -> str:
        return f"{self.measure}{'<=' if self.at_least is None else '>='}{self.figure:g}"


def read_targets(texts: Sequence[str]) -> tuple[SolveTarget, ...]:
    """Read targets.

    Raises:
        RunError: when there is none, or one is not a measure, a sign and a figure.
        ScenarioError: when there is no such measure.
    """
    if not texts:
        raise RunError(
            "no target is given; write --target MEASURE>=FIGURE, such as --target 'assessments_45wd_pct>=85'"
        )
    targets = []
    for text in texts:
        match = _TARGET.fullmatch(text)
        figure = _figure(match["figure"]) if match else None
        if match is None or figure is None:
            raise RunError(
                f"--target '{text}' is not a target; write MEASURE>=FIGURE or MEASURE<=FIGURE in quotes, such as "
                "'assessments_45wd_pct>=85'"
            )
        least = match["sign"] == ">="
        targets.append(SolveTarget(match["measure"], figure if least else None, None if least else figure))
    check_measures([target.measure for target in targets], "--target")
    return tuple(targets)


def read_chance(text: str) -> float:
    """Read a chance such as `80%` or `0.8`.

    Raises:
        RunError: when it is not above 0 and below 1.
    """
    stripped = text.strip()
    figure = _figure(stripped.removesuffix("%"))
    share = None if figure is None else figure / 100.0 if stripped.endswith("%") else figure
    if share is None or not 0.0 < share < 1.0:
        raise RunError(f"--chance '{text}' is not a chance; write a share of runs above 0% and below 100%, such as 80%")
    return share


def _figure(text: str) -> float | None:
    try:
        number = float(text.replace(",", "").removeprefix("£").removesuffix("%"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
