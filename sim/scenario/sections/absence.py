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
    """Annual leave in addition to bank holidays: whole weeks and single days, more in school holidays."""

    days_a_year: Count = Field(
        27,
        le=MOST_LEAVE,
        description="working days of leave a year (April to March); part-time workers' are part-time days",
    )
    in_weeks: Share = Field(0.7, description="share of these days taken as whole weeks (assumption)")
    in_school_holidays: Share = Field(0.45, description="share of these days in school holidays (assumption)")


class Sickness(Section):
    """Sickness: spells with a long tail, at the rate that gives the share of working days lost."""

    share: Annotated[Share, Field(le=MOST_SICK)] = Field(
        0.03, description="share of working days lost; 2.9% at the median council in 2018 (DfE)"
    )
    spell: DurationDistribution = Field(
        usual(Lognormal, mean=_days(8), cv=2.5),
        description="length of a spell; the rate of spells follows from length and share (assumption)",
    )
    by_load: Count = Field(
        0,
        description="exponent of load, relative to usual load, in sickness: 0.87 (standard error 0.17) "
        "between English councils of different caseload (DfE, workforce census, 2017 and 2018)",
    )


class ParentalLeave(Section):
    """Maternity and other long parental leave of permanent workers and trainees."""

    starting_a_year: Share = Field(0.03, description="leaves started a year for each worker at work (assumption)")
    length: DurationDistribution = Field(
        usual(Lognormal, mean=Duration(amount=9, unit="months"), cv=0.25), description="length of a leave (assumption)"
    )
    agency_cover: Share = Field(
        0.0, description="share of leaves covered by an agency worker, who arrives after the recruitment lag"
    )


class Cover(Section):
    """Duty takes over urgent work and visits of an absent worker, within its hours."""

    urgent_after: Duration = Field(
        _days(1), description="length of an unplanned absence after which duty takes over urgent work (assumption)"
    )
    visits_after: Duration = Field(
        _days(5), description="length of an absence after which duty makes the visits that fall due"
    )
    duty_hours_a_week: Hours = Field(
        2.0, description="most hours a week of duty from each full-time colleague at work (assumption)"
    )
    hours_a_visit: Hours = Field(2.0, description="hours of a visit by duty to a one-child case (assumption)")
    reallocate_after: PositiveDuration | Literal["never"] = Field(
        _days(20),
        description="length of an absence after which the cases return to the queue; a leave known to be "
        "longer returns them on its first day (assumption)",
    )


class ManagersAbsence(Section):
    """Managers' own leave and sickness, which follow the rules for workers."""

    covered: Share = Field(0.5, description="share of an absent manager's hours that other managers cover (assumption)")


class Absence(Section):
    """Leave and sickness, and what happens to the work meanwhile."""

    annual_leave: AnnualLeave | Literal["none"] = Field(usual(AnnualLeave), description="annual leave")
    sickness: Sickness | Literal["none"] = Field(usual(Sickness), description="sickness")
    parental: ParentalLeave | Literal["none"] = Field(usual(ParentalLeave), description="maternity and parental leave")
    cover: Cover | Literal["none"] = Field(usual(Cover), description="cover by the team's duty worker")
    managers: ManagersAbsence | Literal["none"] = Field(
        usual(ManagersAbsence), description="managers' own leave and sickness"
    )

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
