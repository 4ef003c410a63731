"""The open caseload on the first day, with its ages. A service never starts empty."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from sim.scenario.distributions.distribution import DurationDistribution
from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, usual
from sim.scenario.values.quantities import Count, Share


class OpeningStage(Section):
    """Children open in one stage at the start."""

    children: Count = Field(0, description="children open in the stage")
    ages: DurationDistribution | None = Field(None, description="time since the stage's clock started")
    unallocated: Share = Field(0.0, description="share without a worker")

    @model_validator(mode="after")
    def _aged(self) -> Self:
        faults = Faults()
        if self.children > 0 and self.ages is None:
            faults.add(
                (),
                "open children have no ages",
                "give ages, as a distribution or the bands that the DfE prints",
            )
        faults.raise_if_any()
        return self


class Opening(Section):
    """Open caseload by stage on the morning of the first day."""

    assessment: OpeningStage = Field(usual(OpeningStage), description="open assessments")
    section_47: OpeningStage = Field(usual(OpeningStage), description="open section 47 enquiries")
    child_in_need: OpeningStage = Field(usual(OpeningStage), description="open child in need plans")
    child_protection: OpeningStage = Field(usual(OpeningStage), description="open child protection plans")
    pre_proceedings: OpeningStage = Field(usual(OpeningStage), description="open pre-proceedings")
    court: OpeningStage = Field(usual(OpeningStage), description="open care proceedings")
