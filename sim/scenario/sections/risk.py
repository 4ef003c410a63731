"""Risk that does not wait: how often need rises, who notices, and what is done. Every figure here is an assumption."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.sections.base import Section
from sim.scenario.sections.stages import StageWithWorkers
from sim.scenario.values.quantities import Duration, Interval, Rate, Share, Times

NeedLevel = Literal["low", "moderate", "high", "severe"]
Off = Literal["none"]


def _days(amount: float) -> Duration:
    return Duration(amount=amount, unit="working days")


def _rises() -> dict[StageWithWorkers, float]:
    return {
        "assessment": 0.2,
        "section_47": 0.2,
        "child_in_need": 0.2,
        "child_protection": 0.2,
        "pre_proceedings": 0.2,
        "court": 0.2,
    }


def _levels() -> dict[NeedLevel, float]:
    return {"low": 0.5, "moderate": 1.0, "high": 1.5, "severe": 1.5}


class WithoutContact(Section):
    """Need rises faster where nobody has seen the child for some time."""

    after: Duration = Field(
        _days(20), description="time since the child was last seen (assumption, 10 to 40 working days)"
    )
    times: Times = Field(1.5, ge=1, description="factor on the rate from then on (assumption, 1 to 3)")


class Risk(Section):
    """A child's need can rise on any day on which the case is open beyond the front door, with or without a worker.

    No figure here is published. All are assumptions; vary them over their ranges.
    """

    rises_a_year: dict[StageWithWorkers, Rate] = Field(
        default_factory=_rises,
        description="yearly rate of rises of need, by stage; 0 for a stage that is not named (assumption, 0.1 to 0.6)",
    )
    times_by_level: dict[NeedLevel, Times] = Field(
        default_factory=_levels,
        description="factor on that rate at each level of need; 1 for a level that is not named (assumption, 0.5 to 2)",
    )
    times_once_work_is_done: Times = Field(
        0.5, description="factor on the rate once a plan's work is finished (assumption, 0.25 to 1)"
    )
    without_contact: WithoutContact | Off = Field(
        "none", description="faster rises where nobody has seen the child for some time; none: no difference"
    )
    straight_to_severe: Share = Field(
        0.25, description="share of rises that go to severe need; the others go up one level (assumption, 10% to 40%)"
    )
    falls_a_year: Rate = Field(1.0, description="yearly rate at which a risen need falls back (assumption, 0.5 to 2)")
    new_referrals_a_year: Rate = Field(
        1.0,
        description="yearly rate of new referrals about a risen need that nobody noticed (assumption, 0.3 to 3)",
    )
    noticed_at_visit: Share = Field(
        0.6, description="chance that a visit notices a risen need (assumption, 40% to 80%)"
    )
    noticed_at_allocation: Share = Field(
        0.7, description="chance that the first meeting with a new worker notices it (assumption, 40% to 90%)"
    )
    noticed_at_review: Share = Field(
        0.7, description="chance that a review or conference notices it (assumption, 50% to 90%)"
    )
    seen_every: Interval | Off = Field(
        _days(10),
        description="time at full pace between meetings with a child who has no plan visits, as in an "
        "assessment (assumption, 5 to 20 working days); each counts as a visit; none: no meetings",
    )
    strategy_discussion_at: NeedLevel = Field(
        "severe", description="level from which a noticed rise leads to a strategy discussion (assumption)"
    )
    legal_planning: Share = Field(
        0.1,
        description="share of noticed rises under a child protection plan that lead to legal planning "
        "(assumption, 5% to 25%)",
    )
