"""`--vary`: which values of a scenario are tried, and the grids and Latin hypercubes made of them.

`path=5000:7000:500` is a range with its step, `path=30:70` one of whole numbers, `path=20%:40%:5%` one with a unit, and
`path=need_first,oldest_first` a list. Paths are those of `--set`, and `teams.TEAM.social_workers` (or `nqsws`,
`seniors`, `agency_workers`) stands for the heads of that grade in a team.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import RunError
from sim.experiment.studies.points import Point
from sim.scenario.errors.problems import Problem, ScenarioError, path_text
from sim.scenario.reading.overrides import parse_overrides, resolve
from sim.scenario.uncertainty.uncertain_figure import UncertainFigure, amount_of, same_unit

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["Axis", "grid", "latin", "read_axes", "read_path"]

MOST_POINTS = 100_000
_GRADES = {"nqsws": "nqsw", "social_workers": "social_worker", "seniors": "senior", "agency_workers": "agency"}
_SUGAR = re.compile(rf"teams\.(?P<team>.+)\.(?P<grade>{'|'.join(_GRADES)})")


@dataclass(frozen=True)
class Axis:
    """One thing that is varied: its path, and the values it takes, or the range that they lie in.

    `asked` is how the path was written on the command line. `values` is empty for a range without a step that is not
    of whole numbers: a Latin hypercube can use it, a grid cannot.
    """

    path: str
    asked: str
    values: tuple[Any, ...]
    range: UncertainFigure | None = field(default=None)

    @property
    def numbers(self) -> tuple[float, ...] | None:
        """The values as numbers in the unit that they are written in; None when they are not numbers."""
        try:
            return tuple(amount_of(value) for value in self.values)
        except ValueError:
            return None

    def quantile(self, u: float) -> Any:
        """The value at a share u of the axis, 0 to 1; every listed value has an equal part of it."""
        if self.range is not None and not self.values:
            return self.range.quantile(u)
        return self.values[min(int(u * len(self.values)), len(self.values) - 1)]


def read_axes(loaded: LoadedScenario, given: Sequence[str], option: str = "--vary") -> tuple[Axis, ...]:
    """Read the texts of `--vary` or another `option` and check every value with the checks of a scenario file.

    Raises:
        ScenarioError: with a line for each value that does not fit.
        RunError: when a text is not a variation, or a path comes twice.
    """
    if not given:
        raise RunError(
            "nothing is varied; give --vary PATH=LOW:HIGH, such as --vary demand.referrals_a_year=4000:6000:500"
        )
    axes = tuple(_axis(loaded, text, option) for text in given)
    paths = [axis.path for axis in axes]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise RunError(f"{option}: {twice} is varied twice; give it once")
    problems: dict[Problem, None] = {}
    for axis in axes:
        for value in axis.values if len(axis.values) <= 200 else (axis.values[0], axis.values[-1]):
            problems |= dict.fromkeys(_problems(loaded, axis.path, value, option))
        if axis.range is not None and not axis.values:
            for value in (axis.range.low, axis.range.high):
                problems |= dict.fromkeys(_problems(loaded, axis.path, value, option))
    if problems:
        raise ScenarioError(list(problems))
    return axes


def read_path(loaded: LoadedScenario, text: str, option: str = "--vary") -> str:
    """Return the path that a text names in a scenario, with positions for names.

    Raises:
        ScenarioError: when it leads nowhere, or a team has no group of a grade, or several.
    """
    match = _SUGAR.fullmatch(text)
    if match is not None and match["team"] in loaded.scenario.teams:
        team, grade = match["team"], _GRADES[match["grade"]]
        groups = [n for n, group in enumerate(loaded.scenario.teams[team].workers) if group.grade == grade]
        if len(groups) == 1:
            return f"teams.{team}.workers.{groups[0]}.count"
        if not groups:
            wrong, right = f"the team '{team}' has no group of {grade}", "add one to the scenario, with count: 0"
        else:
            wrong = f"the team '{team}' has {len(groups)} groups of {grade}"
            right = "name one: " + " or ".join(f"teams.{team}.workers.{n}.count" for n in groups)
        raise ScenarioError([Problem(option, None, text, wrong, right)])
    assert loaded.model is not None
    try:
        return path_text(resolve(loaded.resolved, text, loaded.model))
    except ScenarioError as error:
        raise ScenarioError(
            Problem(option, None, problem.path, problem.wrong, problem.right) for problem in error.problems
        ) from None


def grid(axes: Sequence[Axis]) -> list[Point]:
    """Every combination of values, the last axis changing fastest.

    Raises:
        RunError: when a range has no step, or there are too many points.
    """
    for axis in axes:
        if not axis.values:
            raise RunError(
                f"--vary: a grid needs a step for {axis.asked}; write LOW:HIGH:STEP, or use --design latin --points N"
            )
    many = math.prod(len(axis.values) for axis in axes)
    if many > MOST_POINTS:
        raise RunError(f"a grid of {many:,} points is too many; give steps, or use --design latin --points N")
    paths = [axis.path for axis in axes]
    combined = itertools.product(*(axis.values for axis in axes))
    return [Point(number, dict(zip(paths, values, strict=True))) for number, values in enumerate(combined)]


def latin(axes: Sequence[Axis], points: int, seed: int) -> list[Point]:
    """A Latin hypercube: each axis is cut into as many parts as there are points, and each part is used once.

    McKay, Beckman and Conover, "A comparison of three methods for selecting values of input variables", 1979. The same
    seed gives the same points, and an axis keeps its values when others are added.
    """
    import numpy as np
    from scipy.stats import qmc

    from sim.streams import Streams

    streams = Streams(seed, 0)
    columns = []
    for axis in axes:
        # One axis at a time, each from its own stream: the parts of several axes are paired by chance all the same.
        own = int(streams.generator(f"latin hypercube {axis.path}").integers(2**63))
        design = qmc.LatinHypercube(1, rng=np.random.default_rng(own))
        columns.append([axis.quantile(float(place)) for place in design.random(points).ravel()])
    paths = [axis.path for axis in axes]
    return [Point(n, dict(zip(paths, row, strict=True))) for n, row in enumerate(zip(*columns, strict=True))]


def _axis(loaded: LoadedScenario, text: str, option: str) -> Axis:
    asked, equals, written = text.partition("=")
    asked, written = asked.strip(), written.strip()
    if not equals or not asked or not written:
        raise RunError(f"{option} '{text}' varies nothing; write PATH=LOW:HIGH, PATH=LOW:HIGH:STEP or PATH=A,B,C")
    path = read_path(loaded, asked, option)
    ends = [part.strip() for part in written.split(":")]
    if len(ends) in (2, 3) and "," not in written and all(_is_figure(end) for end in ends):
        return _range(path, asked, f"{option} '{text}'", [parse_overrides([f"{asked}={end}"])[0][1] for end in ends])
    parts = [part.strip() for part in written.split(",")]
    if not all(parts):
        raise RunError(f"{option} '{text}' has an empty value; write PATH=A,B,C")
    return Axis(path, asked, tuple(dict.fromkeys(parse_overrides([f"{asked}={part}"])[0][1] for part in parts)))


def _range(path: str, asked: str, shown: str, ends: list[Any]) -> Axis:
    low, high = ends[0], ends[1]
    if not all(same_unit(low, end) for end in ends[1:]):
        raise RunError(f"{shown} mixes units; write low, high and step in the same one")
    first, last = amount_of(low), amount_of(high)
    if first >= last:
        raise RunError(f"{shown}: {low} is not below {high}; write LOW:HIGH with the lower figure first")
    whole = all(isinstance(end, int) for end in ends)
    figure = UncertainFigure(path, low, low, high, whole=whole)
    if len(ends) == 2 and not whole:
        return Axis(path, asked, (), figure)
    step = amount_of(ends[2]) if len(ends) == 3 else 1.0
    if step <= 0:
        raise RunError(f"{shown}: the step {ends[2]} is not above 0")
    many = math.floor((last - first) / step + 1e-9) + 1
    if many > MOST_POINTS:
        raise RunError(f"{shown} has {many:,} values; give a longer step: LOW:HIGH:STEP")
    values = tuple(figure.written(round(first + n * step, 10)) for n in range(many))
    return Axis(path, asked, values, figure)


def _is_figure(text: str) -> bool:
    try:
        amount_of(text)
    except ValueError:
        return False
    return True


def _problems(loaded: LoadedScenario, path: str, value: Any, option: str) -> list[Problem]:
    try:
        loaded.at({path: value})
    except ScenarioError as error:
        # Where it was written: on the command line, whichever part of the scenario it does not go with.
        return [Problem(option, None, f"{path}={value}", problem.wrong, problem.right) for problem in error.problems]
    return []
