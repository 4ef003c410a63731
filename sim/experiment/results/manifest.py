"""The manifest: everything that is needed to know what a result is, and to make it again.

What a manifest quotes of a scenario is held as JSON values, so it is the same in memory as when it is read.

A manifest is `manifest.json` of a results folder. `format` is the version of its layout: 1 is the layout before
versions were written, which is read as it stands; a higher version than this product's is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from sim.compiled import is_compiled
from sim.experiment.errors import ResultsError
from sim.experiment.results.files import read_json
from sim.experiment.results.journeys import SIMULATED
from sim.experiment.results.recorded_scenario import (
    Record,
    RecordedScenario,
    UncertainRange,
    changed_values,
    register_entries,
)
from sim.experiment.results.version import package_versions, product_version

if TYPE_CHECKING:
    from sim.experiment.running.options import RunOptions
    from sim.experiment.running.task import Outcome
    from sim.scenario.reading.loader import LoadedScenario

__all__ = [
    "FILE", "FORMAT", "PRODUCT", "AimOutcome", "BaseManifest", "Explained", "Failure", "ListedManifest",
    "ListedScenario", "Manifest", "NeededBy", "PrecisionOutcome", "ScenarioRecord", "SettlingOutcome", "Warning",
    "kind_of", "make_manifest",
]  # fmt: skip

FILE: Final = "manifest.json"
PRODUCT: Final = "frontdoor"
FORMAT: Final = 2
"""Version of the layout that is written."""


class ScenarioRecord(RecordedScenario):
    """A scenario that was run; `replications` lists those that are complete."""

    description: str = ""
    files: tuple[str, ...] = ()
    replications: tuple[int, ...] = ()
    uncertain: tuple[UncertainRange, ...] = ()
    unsourced: int = 0


class Failure(Record):
    """A replication that failed."""

    scenario: str
    replication: int
    error: str | None = None


class Warning(Record):
    """What a scenario's runs warned of."""

    scenario: str
    message: str


class NeededBy(Record):
    """The measure and scenario that needed the most replications."""

    measure: str
    scenario: str


class AimOutcome(Record):
    """What came of one precision in one scenario; figures are in the measure's unit, None where there is none."""

    measure: str
    asked: str
    scenario: str
    half_width: float | None = None
    target: float | None = None
    met: bool
    replications_needed: int
    skewed: bool = False
    control_reduction: float | None = None


class PrecisionOutcome(Record):
    """What came of the precision that was asked for. `confidence` is the coefficient of every interval."""

    confidence: float = Field(0.95, gt=0, lt=1)
    covers: float = 0.95
    maximum: int = 0
    looks: tuple[int, ...] = ()
    replications: int = 0
    reached: bool
    needed_by: NeededBy | None = None
    aims: tuple[AimOutcome, ...] = ()


class SettlingOutcome(Record):
    """What ended a run without a number of replications.

    `reason` is `settled`, `time` (`seconds` were over) or `most` (as many replications as such a run may take).
    `unsettled` names the measures of the first screen that the last look left open.
    """

    reason: Literal["settled", "time", "most"]
    seconds: float
    looks: tuple[int, ...] = ()
    replications: int = 0
    unsettled: tuple[str, ...] = ()


class Explained(Record):
    """Which changes were turned on one by one, and the measures that a report shows."""

    elements: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    variants: int = 0


class BaseManifest(Record):
    """What the manifests of runs and of studies share, and how they are read and written."""

    what: ClassVar[str] = "results"
    """What the folder holds, in words."""
    left_out: ClassVar[tuple[str, ...]] = ()
    """Keys that are not written where they are None."""

    format: int = 1
    product: Literal["frontdoor"]
    product_version: str = "unknown"
    note: str = SIMULATED
    started: str = ""
    seconds: float = 0.0
    seed: int = 0
    packages: dict[str, str] = Field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the manifest as JSON values."""
        values = self.model_dump(mode="json", by_alias=True)
        return {key: value for key, value in values.items() if value is not None or key not in self.left_out}

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest of a folder.

        Raises:
            ResultsError: when there is none, or it is damaged, or a newer version of the product wrote it.
        """
        path = folder / FILE
        values = read_json(path)
        if not isinstance(values, dict) or values.get("product") != PRODUCT:
            raise ResultsError(f"{folder} is not a folder of {cls.what}: it has no {FILE} of {PRODUCT}")
        written = values.get("format", 1)
        if isinstance(written, int) and written > FORMAT:
            raise ResultsError(
                f"{folder} was written by a newer version of {PRODUCT} ({values.get('product_version', 'unknown')}); "
                f"this is {product_version()}: install that version to read it"
            )
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise ResultsError(f"{path} is damaged: {where}: {first['msg']}") from None
        except RecursionError:
            raise ResultsError(f"{path} is damaged: it is nested too deeply") from None


class Manifest(BaseManifest):
    """A run, a comparison or an explanation.

    `replications` counts those that every scenario has, `replications_asked` those that were asked for. `stopped` says
    why a run ended early, other than by Ctrl-C. `restarts` says why replications were run again. `against` names the
    scenario that a report compares every other with; None where each is compared with the one that it builds on.
    """

    left_out: ClassVar[tuple[str, ...]] = ("against", "precision", "settling", "explained", "stopped")

    replications: int = Field(ge=0)
    replications_asked: int = Field(0, ge=0)
    interrupted: bool = False
    stopped: str | None = None
    restarts: tuple[str, ...] = ()
    baseline: str | None = None
    against: str | None = None
    scenarios: tuple[ScenarioRecord, ...] = Field(min_length=1)
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Warning, ...] = ()
    journeys: Literal["all", "first", "none"] = "all"
    model: str = "as written"
    uncertainty: Literal["on", "off"] = "off"
    ensemble: Literal["on", "off"] = "off"
    controls: Literal["on", "off"] = "off"
    precision: PrecisionOutcome | None = None
    settling: SettlingOutcome | None = None
    explained: Explained | None = None

    @property
    def complete(self) -> bool:
        """Whether every replication that was asked for came out."""
        return self.replications >= self.replications_asked

    @property
    def adjusting(self) -> bool:
        """Whether control variates were asked for."""
        return self.controls == "on"

    @property
    def confidence(self) -> float:
        """Coefficient of the intervals: 95%, or what covers 95% after stopping when they were narrow enough."""
        return 0.95 if self.precision is None else self.precision.confidence

    def same_run(self, other: Manifest) -> bool:
        """Whether two results are of the same scenarios, seed and settings, whatever their replications."""

        def asked(manifest: Manifest) -> tuple[object, ...]:
            scenarios = tuple((each.name, each.content_hash) for each in manifest.scenarios)
            return (
                manifest.product_version, scenarios, manifest.seed, manifest.uncertainty, manifest.ensemble,
                manifest.explained is None,
            )  # fmt: skip

        return asked(self) == asked(other)


class _Listed(Record):
    """A part of a manifest as a list of results reads it: a key without a value is as good as none."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        return {k: v for k, v in values.items() if v is not None} if isinstance(values, dict) else values


class ListedScenario(_Listed):
    """What a list of results says of a scenario."""

    name: str
    title: str = ""
    question: str = ""


class ListedManifest(_Listed):
    """What a list of results reads of a manifest, be it of a run or of a study (`kind`)."""

    kind: str = ""
    started: str = ""
    replications: int = 0
    scenario: ListedScenario | None = None
    scenarios: tuple[ListedScenario, ...] = ()

    @property
    def all_scenarios(self) -> tuple[ListedScenario, ...]:
        """The scenarios of a run, or the scenario that a study changes."""
        return self.scenarios or (() if self.scenario is None else (self.scenario,))


def make_manifest(
    *,
    scenarios: Sequence[LoadedScenario],
    names: Sequence[str],
    kept: Sequence[Sequence[Outcome]],
    failures: Sequence[Outcome],
    options: RunOptions,
    asked: int,
    interrupted: bool,
    stopped: str | None,
    restarts: Sequence[str],
    drawn: bool,
    precision: PrecisionOutcome | None,
    settling: SettlingOutcome | None,
    started: datetime,
    seconds: float,
) -> Manifest:
    """Describe a run; `kept` holds the complete replications of each scenario, `asked` is how many were wanted."""
    numbers = [[outcome.replication for outcome in outcomes] for outcomes in kept]
    shared = set(numbers[0]).intersection(*numbers[1:])
    return Manifest(
        format=FORMAT,
        product=PRODUCT,
        product_version=product_version(),
        started=started.isoformat(timespec="seconds"),
        seconds=round(seconds, 2),
        seed=options.seed,
        packages=package_versions(),
        replications=len(shared),
        replications_asked=asked,
        interrupted=interrupted,
        stopped=stopped,
        restarts=tuple(restarts),
        baseline=names[0] if len(names) > 1 else None,
        scenarios=tuple(
            _scenario(loaded, name, mine) for loaded, name, mine in zip(scenarios, names, numbers, strict=True)
        ),
        failures=tuple(
            Failure(scenario=names[each.position], replication=each.replication, error=each.error) for each in failures
        ),
        warnings=tuple(
            Warning(scenario=name, message=message)
            for name, outcomes in zip(names, kept, strict=True)
            for message in dict.fromkeys(line for outcome in outcomes for line in outcome.warnings)
        ),
        journeys=options.journeys,
        model="compiled" if is_compiled() else "as written",
        uncertainty="on" if drawn else "off",
        ensemble="on" if options.ensemble else "off",
        controls="on" if options.adjusting else "off",
        precision=precision,
        settling=settling,
    )


def kind_of(folder: Path) -> str | None:
    """Which kind of study a folder of this product holds, unchecked: `""` for a run, None for another's folder."""
    try:
        values = read_json(folder / FILE)
    except ResultsError:
        return None
    if not isinstance(values, dict) or values.get("product") != PRODUCT:
        return None
    return str(values.get("kind", ""))


def _scenario(loaded: LoadedScenario, name: str, replications: Sequence[int]) -> ScenarioRecord:
    return ScenarioRecord(
        name=name,
        title=loaded.scenario.title,
        question=loaded.scenario.question,
        description=loaded.scenario.description,
        file=loaded.path,
        files=loaded.files,
        content_hash=loaded.content_hash,
        overrides=changed_values(loaded),
        replications=tuple(replications),
        uncertain=tuple(UncertainRange(**asdict(figure)) for figure in loaded.uncertain),
        resolved=loaded.resolved,
        register=register_entries(loaded),
        unsourced=loaded.unsourced,
    )
