"""People: how newly qualified workers grow, who is away, who leaves and joins, supervision. Each part may be off."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.distributions import DurationDistribution, Fixed, Lognormal
from sim.scenario.quantities import Count, Duration, Hours, Positive, PositiveDuration, Share
from sim.scenario.sections.base import Section
from sim.scenario.sections.workforce import Grade

Off = Literal["none"]


def _wd(amount: float) -> Duration:
    return Duration(amount=amount, unit="working days")


def _weeks(amount: float) -> Duration:
    return Duration(amount=amount, unit="weeks")


def _months(amount: float) -> Duration:
    return Duration(amount=amount, unit="months")


def _leaving() -> dict[Grade, float]:
    return {"nqsw": 0.1, "social_worker": 0.16, "senior": 0.1, "agency": 1.0}


def _intervals() -> dict[Grade, Duration]:
    return {"nqsw": _weeks(2), "social_worker": _weeks(4), "senior": _weeks(4), "agency": _weeks(4)}


class NewlyQualified(Section):
    """The assessed and supported year: fewer children, protected time, a colleague who mentors, and an end to it."""

    cap_by_month: dict[int, Positive] = Field(
        default_factory=lambda: {0: 8.0, 4: 12.0, 8: 15.0},
        description="children a full-time worker may hold from each month since qualifying, up to the group's cap",
    )
    protected_time: Share = Field(0.1, description="share of the hours kept for learning")
    workload: Share = Field(0.9, description="share of the remaining hours that go to cases")
    mentoring_hours_a_week: Hours = Field(1.0, description="hours a week of one senior colleague in the team")
    qualified_after: PositiveDuration = Field(
        _months(12), description="time since qualifying after which the worker is a social worker"
    )


class Absence(Section):
    """Leave, sickness and parental leave: a worker who is away does no routine work.

    With absence simulated, `pace.hours_a_week` is the hours of a week at work, not an average over the year.
    """

    annual_leave_days: Count = Field(27, description="working days a year; bank holidays come on top")
    school_holiday_weight: Positive = Field(
        2.5, description="how much likelier a leave day is in school holidays than in term"
    )
    sickness: Share = Field(0.029, description="share of working days lost to sickness")
    sickness_spell: DurationDistribution = Field(
        Lognormal(mean=_wd(8), cv=2.5), description="length of a sickness spell"
    )
    parental_leave_a_year: float = Field(0.0, ge=0, description="parental leaves begun by a worker in a year")
    parental_leave: PositiveDuration = Field(_months(9), description="length of a parental leave")
    covered_after: Duration = Field(
        _wd(5), description="in absences longer than this the team's duty worker makes the visits that fall due"
    )
    duty_hours_a_week: Hours = Field(
        1.0, description="hours a week, for each worker present, that a team can spare for colleagues' cases"
    )
    reallocate_after: Duration | Off = Field(
        _wd(20), description="an absence longer than this: the cases go back to the queue; none: they stay uncovered"
    )
    managers: bool = Field(True, description="managers are away too, at the same rates")


class Turnover(Section):
    """Who leaves: a yearly rate by grade, higher or lower in the first years, after notice."""

    leaving_a_year: dict[Grade, float] = Field(
        default_factory=_leaving,
        description="resignations a year for each worker in post",
    )
    early: Duration = Field(_months(24), description="first part of a tenure, in which the rate differs")
    early_factor: Positive = Field(1.0, description="how many times the rate in that first part")
    tenure_at_start: PositiveDuration = Field(
        _months(48), description="mean tenure of the workers in post at the start (exponential)"
    )
    notice: Duration = Field(_weeks(8), description="notice of permanent workers")
    agency_notice: Duration = Field(_weeks(1), description="notice of agency workers")


class Recruitment(Section):
    """How posts that fall vacant are filled."""

    lag: DurationDistribution = Field(
        Fixed(value=_months(4)), description="from a permanent worker's leaving to the recruit's first day"
    )
    grade: Grade = Field("social_worker", description="grade of the recruits")
    agency_cover: Share = Field(0.5, description="share of vacancies covered by an agency worker meanwhile")
    agency_lag: DurationDistribution = Field(
        Fixed(value=_weeks(4)), description="from the vacancy to the agency worker's first day"
    )


class Supervision(Section):
    """Supervision of each worker by a team manager, which takes the manager's hours."""

    hours: Hours = Field(1.5, description="manager's hours for one supervision, notes included")
    interval: dict[Grade, Duration] = Field(
        default_factory=_intervals,
        description="between supervisions, by grade",
    )


class People(Section):
    """The dynamics of the workforce; whatever is `none` stays as the teams say."""

    newly_qualified: NewlyQualified | Off = "none"
    absence: Absence | Off = "none"
    turnover: Turnover | Off = "none"
    recruitment: Recruitment | Off = "none"
    supervision: Supervision | Off = "none"
