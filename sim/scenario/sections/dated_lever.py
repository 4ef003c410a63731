"""What every lever shares, and the rule for writing one."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section
from sim.scenario.values.quantities import Day, Money


class DatedLever(Section):
    """A change from one date, permanent or until another date.

    `module` names the module of the model that applies it, `touches` what it changes, and `applies` when. Phases of the
    day are those of `sim/model/engine/event.py`.
    """

    module: ClassVar[str]
    touches: ClassVar[str]
    applies: ClassVar[str]

    at: Day = Field(description="first day of the change")
    until: Day | None = Field(None, description="first day without it; by default the change is permanent")
    cost_once: Money = Field(0, description="pounds spent on its first day")
    cost_a_year: Money = Field(0, description="pounds a year while it holds")

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        faults = Faults()
        if self.until is not None and self.until <= self.at:
            faults.add(("until",), f"{self.until} is not after {self.at}", f"give a date after {self.at}")
        faults.raise_if_any()
        return self
