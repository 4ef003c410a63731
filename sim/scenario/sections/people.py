"""People: how newly qualified workers grow, who leaves, how posts are filled, who is away. Each part may be off."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.distributions.distribution import DurationDistribution, Fixed
from sim.scenario.sections.absence import Absence
from sim.scenario.sections.base import Section, usual
from sim.scenario.sections.supervision import Supervision
from sim.scenario.sections.workforce import Grade
from sim.scenario.values.quantities import Duration, Hours, Positive, PositiveDuration, Rate, Share, Times, Whole

Off = Literal["none"]


def _weeks(amount: float) -> Duration:
    return Duration(amount=amount, unit="weeks")


def _months(amount: float) -> Duration:
    return Duration(amount=amount, unit="months")


def _leaving() -> dict[Grade, float]:
    return {"nqsw": 0.1, "social_worker": 0.16, "senior": 0.1, "agency": 1.0}


class NewlyQualified(Section):
    """The assessed and supported year: fewer children, protected time, a colleague who mentors, and an end to it."""

    cap_by_month: dict[Whole, Positive] = Field(
        default_factory=lambda: {0: 8.0, 4: 12.0, 8: 15.0},
        description="children a full-time worker may hold from each month since qualifying, up to the group's cap",
    )
    protected_time: Share = Field(0.1, description="share of the hours kept for learning")
    workload: Share = Field(0.9, description="share of the remaining hours that go to cases")
    mentoring_hours_a_week: Hours = Field(1.0, description="hours a week of one senior colleague in the team")
    qualified_after: PositiveDuration = Field(
        _months(12), description="time since qualifying after which the worker is a social worker"
    )


class Turnover(Section):
    """Who leaves: a yearly rate by grade, higher or lower in the first years, after notice."""

    leaving_a_year: dict[Grade, Rate] = Field(
        default_factory=_leaving,
        description="resignations a year for each worker in post",
    )
    early: Duration = Field(_months(24), description="first part of a tenure, in which the rate differs")
    early_factor: Times = Field(1.0, description="how many times the rate in that first part")
    tenure_at_start: PositiveDuration = Field(
        _months(48), description="mean tenure of the workers in post at the start (exponential)"
    )
    notice: Duration = Field(_weeks(8), description="notice of permanent workers")
    agency_notice: Duration = Field(_weeks(1), description="notice of agency workers")


class Recruitment(Section):
    """How posts that fall vacant are filled."""

    lag: DurationDistribution = Field(
        usual(Fixed, value=_months(4)), description="from a permanent worker's leaving to the recruit's first day"
    )
    grade: Grade = Field("social_worker", description="grade of the recruits")
    agency_cover: Share = Field(
        0.5, description="share of vacancies that an agency worker covers meanwhile; agency posts are filled again"
    )
    agency_lag: DurationDistribution = Field(
        usual(Fixed, value=_weeks(4)), description="from the vacancy to the agency worker's first day"
    )


class People(Section):
    """The dynamics of the workforce; whatever is `none` stays as the teams say."""

    newly_qualified: NewlyQualified | Off = "none"
    turnover: Turnover | Off = "none"
    recruitment: Recruitment | Off = "none"
    absence: Absence | Off = "none"
    supervision: Supervision | Off = "none"
