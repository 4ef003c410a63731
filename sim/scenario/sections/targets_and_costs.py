"""What the planner aims for and what it costs."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section
from sim.scenario.values.quantities import Money


class Target(Section):
    """A measure and the value it should reach."""

    measure: str = Field(description="a measure's id (`frontdoor measures`)")
    at_least: float | None = Field(None, description="lowest value that meets the target")
    at_most: float | None = Field(None, description="highest value that meets the target")

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        faults = Faults()
        if (self.at_least is None) == (self.at_most is None):
            faults.add((), "a target has one bound", "give either at_least or at_most")
        faults.raise_if_any()
        return self


class Costs(Section):
    """Yearly cost of a full-time worker by grade, in pounds, with on-costs."""

    nqsw: Money = Field(50_000, description="a newly qualified social worker")
    social_worker: Money = Field(60_000, description="a social worker")
    senior: Money = Field(68_000, description="a senior social worker")
    agency: Money = Field(90_000, description="an agency social worker")
    manager: Money = Field(75_000, description="a team manager")
    solicitor: Money = Field(70_000, description="a local authority solicitor (assumption)")
