"""What the planner aims for and what it costs."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section
from sim.scenario.values.quantities import Money


class Target(Section):
    """A measure and the value it should reach."""

    measure: str
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        faults = Faults()
        if (self.at_least is None) == (self.at_most is None):
            faults.add((), "a target has one bound", "give either at_least or at_most")
        faults.raise_if_any()
        return self


class Costs(Section):
    """Yearly cost of a full-time worker by grade, in pounds, with on-costs."""

    nqsw: Money = 50_000
    social_worker: Money = 60_000
    senior: Money = 68_000
    agency: Money = 90_000
    manager: Money = Field(75_000, description="a team manager")
    solicitor: Money = Field(70_000, description="a local authority solicitor (assumption)")
