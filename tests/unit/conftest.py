"""Scenario files for tests: a small model, a good file, and a folder to write in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.scenario.distributions.distribution import DurationDistribution, Fixed
from sim.scenario.errors.problems import Faults, ScenarioError, fault
from sim.scenario.reading.loader import LoadedScenario, load_as
from sim.scenario.values.quantities import Count, Duration, MonthKey, Positive, Share


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Demand(Part):
    referrals: Count | dict[MonthKey, Count]
    over_dispersion: Positive = 1.0
    season: Literal["england", "none"] = "england"


class Workers(Part):
    grade: str
    count: int
    cap: Positive | Literal["none"] = "none"


class Team(Part):
    workers: list[Workers] = Field(min_length=1)


class Surge(Part):
    lever: Literal["surge"]
    at: date
    until: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Surge:
        if self.until is not None and self.until < self.at:
            raise fault(("until",), "the end is before the start", "write a later date")
        return self


class Cap(Part):
    lever: Literal["cap"]
    team: str
    value: Positive


class Pace(Part):
    strength: Share = 0.5


class Tiny(Part):
    title: str
    demand: Demand
    pace: Pace | Literal["off"] = Pace()
    time: DurationDistribution = Fixed(value=Duration(5))
    localities: dict[str, Share] = Field(default_factory=lambda: {"whole area": 1.0})
    teams: dict[str, Team] = Field(default_factory=dict)
    levers: list[Annotated[Surge | Cap, Field(discriminator="lever")]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _consistent(self) -> Tiny:
        faults = Faults()
        if abs(sum(self.localities.values()) - 1) > 1e-9:
            faults.add(("localities",), "the shares do not sum to 1", "make them sum to 100%")
        for number, lever in enumerate(self.levers):
            if isinstance(lever, Cap) and lever.team not in self.teams:
                faults.add(("levers", number, "team"), f"there is no team '{lever.team}'", "name a team")
        faults.raise_if_any()
        return self


GOOD = """\
title: Tiny
demand:
  referrals: 5,195
teams:
  assessment:
    workers:
      - grade: social_worker
        count: 4
        cap: 16
      - {grade: nqsw, count: 2}
levers:
  - lever: surge
    at: 2017-10-01
"""


class Files:
    """Writes scenario files into an empty current folder, and loads them as `Tiny`."""

    good = GOOD
    model = Tiny

    def write(self, text: str | bytes, name: str = "tiny.yaml") -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def load(self, path: str | Path, overrides: Any = ()) -> LoadedScenario:
        return load_as(Tiny, path, overrides)

    def lines(self, path: str | Path, overrides: Any = ()) -> list[str]:
        """Return the lines of the refusal that loading must end in."""
        with pytest.raises(ScenarioError) as caught:
            self.load(path, overrides)
        said = str(caught.value).splitlines()
        assert len(said) == len(caught.value.problems)
        return said


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.chdir(tmp_path)
    return Files()
