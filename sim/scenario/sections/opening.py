"""The open caseload on the first day, with its ages: a service never starts empty."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from sim.scenario.distributions.distribution import DurationDistribution
from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, usual
from sim.scenario.values.quantities import Count, Share


class OpeningStage(Section):
    """Children open in one stage at the start."""

    children: Count = 0
    ages: DurationDistribution | None = Field(None, description="time since the stage's clock started")
    unallocated: Share = Field(0.0, description="share still waiting for a worker")

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

    assessment: OpeningStage = usual(OpeningStage)
    section_47: OpeningStage = usual(OpeningStage)
    child_in_need: OpeningStage = usual(OpeningStage)
    child_protection: OpeningStage = usual(OpeningStage)
    pre_proceedings: OpeningStage = usual(OpeningStage)
    court: OpeningStage = usual(OpeningStage)
