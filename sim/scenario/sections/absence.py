"""Absence: annual leave, sickness and parental leave, and who covers for whoever is away. Each part may be off."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.distributions.distribution import DurationDistribution, Lognormal
from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, usual
from sim.scenario.values.quantities import Count, Duration, Hours, PositiveDuration, Share

MOST_SICK = 0.5
MOST_LEAVE = 150


def _days(amount: float) -> Duration:
    return Duration(amount=amount, unit="working days")


class AnnualLeave(Section):
    """Annual leave besides bank holidays: whole weeks and single days, more of them when schools are shut."""

    days_a_year: Count = Field(
        27,
        le=MOST_LEAVE,
        description="working days a leave year (April to March); a part-time worker's are part-time days",
    )
    in_weeks: Share = Field(
        0.7, description="share of the days that is taken as whole weeks, the rest singly (assumption)"
    )
    in_school_holidays: Share = Field(0.45, description="share of the days that falls in school holidays (assumption)")


class Sickness(Section):
    """Sickness: spells with a heavy tail, as often as the percentage of working days asks."""

    share: Annotated[Share, Field(le=MOST_SICK)] = Field(
        0.03, description="share of working days lost to sickness; 2.9% at the median council in 2018 (DfE)"
    )
    spell: DurationDistribution = Field(
        usual(Lognormal, mean=_days(8), cv=2.5),
        description="length of a spell; how often one begins follows from it and the share (assumption)",
    )
    by_load: Count = Field(
        0,
        description="power of the load (over the usual load) by which sickness changes: 0.87 with a standard error of "
        "0.17 between English councils of different caseload (DfE, workforce census, 2017 and 2018; docs/model.md)",
    )


class ParentalLeave(Section):
    """Maternity and other long parental leave of permanent workers and trainees."""

    starting_a_year: Share = Field(0.03, description="leaves begun a year for each worker at work (assumption)")
    length: DurationDistribution = Field(
        usual(Lognormal, mean=Duration(amount=9, unit="months"), cv=0.25), description="length of a leave (assumption)"
    )
    agency_cover: Share = Field(
        0.0, description="share of these leaves that an agency worker covers, who comes as `recruitment` says"
    )


class Cover(Section):
    """Who does what cannot wait while a worker is away: the team's duty worker, as far as duty has hours."""

    urgent_after: Duration = Field(
        _days(1), description="urgent work is taken over once an unplanned absence has lasted this long (assumption)"
    )
    visits_after: Duration = Field(
        _days(5), description="in absences longer than this, visits that fall due by the calendar are made by duty"
    )
    duty_hours_a_week: Hours = Field(
        2.0, description="hours a week that duty may take for this from each full-time colleague at work (assumption)"
    )
    hours_a_visit: Hours = Field(2.0, description="hours of a visit by somebody else, of a one-child case (assumption)")
    reallocate_after: PositiveDuration | Literal["never"] = Field(
        _days(20),
        description="an absence this long sends the worker's cases back to the queue; a leave known to be longer does "
        "so on its first day (assumption)",
    )


class ManagersAbsence(Section):
    """Managers' own leave and sickness, by the rules for workers."""

    covered: Share = Field(
        0.5, description="share of an absent manager's decision hours that other managers stand in for (assumption)"
    )


class Absence(Section):
    """Who is away when, and what becomes of their work."""

    annual_leave: AnnualLeave | Literal["none"] = usual(AnnualLeave)
    sickness: Sickness | Literal["none"] = usual(Sickness)
    parental: ParentalLeave | Literal["none"] = usual(ParentalLeave)
    cover: Cover | Literal["none"] = usual(Cover)
    managers: ManagersAbsence | Literal["none"] = usual(ManagersAbsence)

    @model_validator(mode="after")
    def _spells_have_a_length(self) -> Self:
        faults = Faults()
        for name in ("sickness", "parental"):
            part = getattr(self, name)
            if part != "none" and (part.spell if name == "sickness" else part.length).mean_working_days <= 0:
                path = (name, "spell" if name == "sickness" else "length")
                faults.add(path, "the mean length is no time at all", "write a mean above 0, such as 8 working days")
        faults.raise_if_any()
        return self
