"""The manifests of studies: what a sweep, a search or a sensitivity analysis was asked, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from sim.experiment.results.manifest import FORMAT, PRODUCT, BaseManifest
from sim.experiment.results.recorded_scenario import (
    Plain,
    Record,
    RecordedScenario,
    changed_values,
    register_entries,
)
from sim.experiment.results.version import package_versions, product_version

if TYPE_CHECKING:
    from sim.experiment.studies.points import Point
    from sim.experiment.studies.vary import Axis
    from sim.scenario.reading.loader import LoadedScenario

__all__ = [
    "PointFailure", "SensitivityManifest", "SettingFailure", "SolutionManifest", "StudyManifest",
    "SweepManifest", "VariedAxis", "VariedFigure", "begun", "points_of", "varied",
]  # fmt: skip


class VariedAxis(Record):
    """Something that was varied: its path, how it was asked for, and its values."""

    path: str
    asked: str
    values: tuple[Any, ...] = ()


class PointFailure(Record):
    """A run of a point that failed."""

    point: int
    replication: int
    error: str | None = None


class SettingFailure(Record):
    """A run of a setting that failed."""

    setting: int
    replication: int
    error: str | None = None


class VariedFigure(Record):
    """An uncertain figure of a sensitivity analysis."""

    path: str
    low: Plain
    high: Plain
    distribution: str = "uniform"


class StudyManifest(BaseManifest):
    """What every study says of itself."""

    kind: str
    scenario: RecordedScenario
    period: str = "whole"


class SweepManifest(StudyManifest):
    """A sweep. `replications` is 0 until it has finished."""

    what: ClassVar[str] = "a sweep"
    kind: Literal["sweep"] = "sweep"
    content_hash: str
    design: str
    axes: tuple[VariedAxis, ...] = Field(min_length=1)
    points: tuple[dict[str, Any], ...]
    measures: tuple[str, ...] = ()
    replications: int = Field(0, ge=0)
    failures: tuple[PointFailure, ...] = ()

    def differs_from(self, other: SweepManifest) -> str | None:
        """What another sweep asks otherwise, in words; None where it is the same, and can go on."""
        words = {"content_hash": "scenario", "axes": "variation", "product_version": "version of frontdoor"}
        mine, theirs = self.plain(), other.plain()
        identity = ("content_hash", "design", "axes", "points", "seed", "measures", "product_version")
        different = next((key for key in identity if mine[key] != theirs[key]), None)
        return None if different is None else words.get(different, different)


class SolutionManifest(StudyManifest):
    """A search for the cheapest setting. `answer`, `possible` and `sure` are rows of the table of settings."""

    what: ClassVar[str] = "a solve"
    kind: Literal["solve"] = "solve"
    axes: tuple[VariedAxis, ...] = Field(min_length=1)
    targets: tuple[str, ...] = Field(min_length=1)
    minimise: str
    chance: float
    most: int
    answer: int | None = None
    possible: tuple[int, ...] = ()
    sure: int | None = None
    notes: tuple[str, ...] = ()
    settings: int = 0
    runs: int = 0
    failures: tuple[SettingFailure, ...] = ()


class SensitivityManifest(StudyManifest):
    """A sensitivity analysis. `chance` is the part of what differs between points that may be chance, in the measure's
    unit; None with one replication.
    """

    what: ClassVar[str] = "a sensitivity"
    kind: Literal["sensitivity"] = "sensitivity"
    method: Literal["morris", "sobol"]
    measure: str
    figures: tuple[VariedFigure, ...]
    samples: int
    points: int
    replications: int
    mean: float
    lowest: float
    highest: float
    chance: float | None = None
    failures: tuple[PointFailure, ...] = ()


def begun(scenario: LoadedScenario, seed: int, started: datetime) -> dict[str, Any]:
    """What the manifest of every study says, as keyword arguments."""
    return {
        "format": FORMAT,
        "product": PRODUCT,
        "product_version": product_version(),
        "started": started.isoformat(timespec="seconds"),
        "seed": seed,
        "scenario": RecordedScenario(
            name=scenario.name,
            title=scenario.scenario.title,
            question=scenario.scenario.question,
            file=scenario.path,
            content_hash=scenario.content_hash,
            overrides=changed_values(scenario),
            resolved=scenario.resolved,
            register=register_entries(scenario),
        ),
        "packages": package_versions(),
    }


def varied(axes: Sequence[Axis]) -> tuple[VariedAxis, ...]:
    """The axes of a study, for its manifest."""
    return tuple(VariedAxis(path=axis.path, asked=axis.asked, values=axis.values) for axis in axes)


def points_of(points: Sequence[Point]) -> tuple[dict[str, Any], ...]:
    """The points of a study, for its manifest."""
    return tuple(dict(point.values) for point in points)
