"""People: how newly qualified workers grow, who leaves, how posts are filled, who is away. Each part may be off."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.distributions.distribution import DurationDistribution, Fixed
from sim.scenario.sections.absence import Absence
from sim.scenario.sections.base import Section, usual
from sim.scenario.sections.supervision import Supervision
from sim.scenario.sections.workforce import Grade
from sim.scenario.values.quantities import Count, Duration, Hours, Positive, PositiveDuration, Rate, Share, Times, Whole

Off = Literal["none"]


def _weeks(amount: float) -> Duration:
    return Duration(amount=amount, unit="weeks")


def _months(amount: float) -> Duration:
    return Duration(amount=amount, unit="months")


def _leaving() -> dict[Grade, float]:
    return {"nqsw": 0.1, "social_worker": 0.16, "senior": 0.1, "agency": 1.0}


class NewlyQualified(Section):
    """The assessed and supported year: fewer children, protected time, and a colleague as mentor."""

    cap_by_month: dict[Whole, Positive] = Field(
        default_factory=lambda: {0: 8.0, 4: 12.0, 8: 15.0},
        description="children that a full-time worker may hold from each month since qualifying, up to the group's cap",
    )
    protected_time: Share = Field(0.1, description="share of hours kept for learning")
    workload: Share = Field(0.9, description="share of the remaining hours for cases")
    mentoring_hours_a_week: Hours = Field(1.0, description="hours a week of a senior colleague in the team")
    qualified_after: PositiveDuration = Field(
        _months(12), description="time since qualifying at which the worker becomes a social worker"
    )


class LongStays(Section):
    """Agency workers of two kinds: most leave soon, some stay for years."""

    share: Share = Field(
        0.4, description="share of the agency workers in post at the start who stay long (assumption, 20% to 60%)"
    )
    leaving_a_year: Positive = Field(
        0.3, description="yearly rate at which they leave (assumption, 0.15 to 0.5; not published)"
    )


class FeltLoad(Section):
    """Leaving rises with load and falls with supervision and a stable team. It is updated every month.

    `leaving_a_year` holds at usual load, with supervision, in a team that loses the expected number. No published
    figure ties leaving to caseload: over 147 councils, 2017 and 2018, there is no relation (docs/model.md).
    """

    by_load: Count = Field(
        0.8, description="exponent of load, relative to usual load, in the leaving rate (assumption, 0 to 1.6)"
    )
    unsupervised: float = Field(
        1.2, ge=1, description="factor on the leaving rate where supervision is long overdue (assumption, 1 to 1.5)"
    )
    unsettled: Count = Field(
        0.5,
        description="rise of the leaving rate with the share of the team that left in the last six months "
        "beyond the expected share (assumption, 0 to 1)",
    )
    least: Positive = Field(0.5, le=1, description="lowest factor on the leaving rate (assumption)")
    most: float = Field(2.5, ge=1, description="highest factor on the leaving rate (assumption)")


class Turnover(Section):
    """Who leaves: a yearly rate by grade, with a factor for the first years, after notice."""

    leaving_a_year: dict[Grade, Rate] = Field(
        default_factory=_leaving,
        description="resignations a year for each worker in post, by grade",
    )
    early: Duration = Field(_months(24), description="first part of a tenure, with a rate of its own")
    early_factor: Times = Field(1.0, description="factor on the rate in that first part")
    tenure_at_start: PositiveDuration = Field(
        _months(48), description="mean tenure of the workers in post at the start (exponential)"
    )
    notice: Duration = Field(_weeks(8), description="notice of permanent workers")
    agency_notice: Duration = Field(_weeks(1), description="notice of agency workers")
    long_stays: LongStays | Off = Field("none", description="agency workers who stay for years; none: all leave alike")
    felt_load: FeltLoad | Off = Field(
        "none", description="how leaving depends on load, supervision and colleagues; none: it does not"
    )


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


class Differences(Section):
    """Workers and managers differ in how much they complete in an hour. Each keeps a personal speed."""

    workers: Annotated[Share, Field(le=0.5)] = Field(
        0.15, description="coefficient of variation of what workers get done in an hour (assumption; 5% to 30%)"
    )
    managers: Annotated[Share, Field(le=0.5)] = Field(
        0.15, description="the same of managers and their decisions (assumption; 5% to 30%)"
    )
    thresholds: Annotated[Share, Field(le=0.5)] = Field(
        0.0,
        description="coefficient of variation of how readily workers recognise a rise of need and managers decide to "
        "step up; 0: all alike (assumption; up to 40%)",
    )


class People(Section):
    """Who leaves, joins, learns and is away. A part that is `none` stays as the teams state."""

    newly_qualified: NewlyQualified | Off = Field(
        "none", description="the assessed and supported year; none: beginners are ordinary workers"
    )
    turnover: Turnover | Off = Field("none", description="who leaves; none: nobody")
    recruitment: Recruitment | Off = Field("none", description="how posts are filled; none: they stay vacant")
    absence: Absence | Off = Field("none", description="leave and sickness; none: contained in the hours of `pace`")
    supervision: Supervision | Off = Field(
        "none", description="supervision of workers; none: contained in managers' oversight"
    )
    differences: Differences | Off = Field("none", description="workers and managers differ; none: all are alike")
