"""Practice: what workers and councils do differently when more, or less, is asked of them than there are hours.

Every strength is an assumption unless a source is named: research says that the effects exist (docs/model.md), and
hardly how large they are. *Load* is the hours a week asked over the hours there are, smoothed over four weeks.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, usual
from sim.scenario.values.quantities import Count, Duration, Hours, Positive, Share

Off = Literal["none"]


class _BetweenLoads(Section):
    """Something that begins at one load and is in full force at a higher one."""

    from_load: Positive = Field(1.0, description="load at which the effect begins (assumption, 0.9 to 1.1)")
    full_at_load: Positive = Field(1.6, description="load at which the effect is full (assumption, 1.3 to 2)")

    @model_validator(mode="after")
    def _loads_in_order(self) -> Self:
        faults = Faults()
        if self.full_at_load <= self.from_load:
            faults.add(
                ("full_at_load",),
                f"{self.full_at_load:g} is not above from_load ({self.from_load:g})",
                f"write a load above {self.from_load:g}",
            )
        faults.raise_if_any()
        return self


class UnderLoad(_BetweenLoads):
    """Routine work is cut short under load. More families come back, and more risen needs are overlooked."""

    from_load: Positive = Field(1.15, description="load at which the effect begins (assumption, 1 to 1.3)")
    full_at_load: Positive = Field(1.7, description="load at which the effect is full (assumption, 1.4 to 2)")
    shortest: Positive = Field(
        0.75,
        le=1,
        description="shortest work of assessments and child in need plans, as a share of usual (assumption, "
        "0.65 to 0.9; 1: never shorter)",
    )
    closes_early: Share = Field(
        0.5,
        description="part of that cut by which a review ends a child in need plan early (assumption, 0% to 100%)",
    )
    comes_back: float = Field(
        1.25,
        ge=1,
        description="factor on re-referral after work at full load; it goes on rising beyond (assumption, 1 to 1.5)",
    )
    overlooked: Share = Field(
        0.2,
        description="share of risen needs that a worker under full load no longer notices; it goes on rising beyond "
        "(assumption, 0% to 40%)",
    )


class Juggling(_BetweenLoads):
    """Hours are lost in turning from case to case while more is asked of a worker than there are hours.

    Judges who work on more trials at once finish fewer with the same work (Coviello, Ichino and Persico 2015).
    """

    from_load: Positive = Field(1.25, description="load at which the effect begins (assumption, 1.1 to 1.5)")
    full_at_load: Positive = Field(2.0, description="load at which the effect is full (assumption, 1.6 to 2.5)")
    hours_lost: Annotated[Share, Field(le=0.5)] = Field(
        0.04, description="share of a worker's case hours that is lost at full load (assumption, 0% to 10%)"
    )


class AtEaseSection(Section):
    """Where less is asked than when the figures were made, steps come sooner, because waits inside them go."""

    sooner: Share = Field(
        0.4,
        description="share of pre-proceedings work, and of the time between meetings with a child, that would"
        " go if nothing else were asked (assumption, 10% to 60%)",
    )


class Thresholds(_BetweenLoads):
    """The front door turns more families away as children wait for a worker. Some of them come back."""

    turned_away: Share = Field(
        0.12,
        description="share of assessments that become no further action at the highest threshold (assumption,"
        " 0% to 30%); in English councils from 2014 to 2018 no further action rose by 6.6 "
        "percentage points of referrals when referrals rose by 40%",
    )
    waiting_for_each_worker: Positive = Field(
        1.0,
        description="children without a worker, for each assessment worker in post, at which the threshold is"
        " highest (assumption, 0.5 to 2)",
    )
    by_load: Share = Field(
        0.5, description="part of the highest threshold that full load alone reaches (assumption, 0% to 100%)"
    )
    comes_back: float = Field(
        1.5, ge=1, description="factor on re-referral of a family turned away (assumption, 1 to 2)"
    )


class CustomSection(Section):
    """When assessments are completed: the council's custom, and delay that comes from load."""

    late_by_load: Count = Field(
        0.9,
        description="exponent of load in the odds of a customary date beyond the standard (assumption, 0 to "
        "1.6; 0: custom alone): 0.93 in September 2017 and 0.35 in 2018 over 147 councils, "
        "together 0.66, standard error 0.36 (DfE, file c2 and workforce census)",
    )


class HandOverSection(Section):
    """The cost of every change of worker, planned or not."""

    reading_hours: Hours = Field(2.0, description="hours to read the records of a one-child case (assumption, 1 to 4)")
    first_visit_hours: Hours = Field(2.0, description="hours of the first visit (assumption, 1 to 3)")
    over: Duration = Field(
        Duration(amount=10, unit="working days"), description="time at full pace over which these hours are spread"
    )
    trust: Duration = Field(
        Duration(amount=10, unit="working days"),
        description="most work of a plan that is repeated because the family starts anew with another worker "
        "(assumption, 0 to 25 working days)",
    )


class Practice(Section):
    """What load does to practice, for better and for worse. Each part may be `none`."""

    usual_load: Positive = Field(
        0.95,
        description="load of assessment workers when the statistics behind the figures were made (assumption,"
        " 0.8 to 1.1)",
    )
    usual_load_of_plans: Positive = Field(
        0.85, description="the same for workers in teams without assessments (assumption, 0.7 to 1)"
    )
    under_load: UnderLoad | Off = Field(
        usual(UnderLoad), description="routine work is cut short under load; none: never"
    )
    juggling: Juggling | Off = Field(usual(Juggling), description="hours lost by holding too much; none: no hours")
    at_ease: AtEaseSection | Off = Field(
        usual(AtEaseSection), description="steps come sooner where less is asked than usual; none: never"
    )
    thresholds: Thresholds | Off = Field(
        usual(Thresholds), description="the front door turns more away as children wait; none: never"
    )
    custom: CustomSection | Off = Field(
        usual(CustomSection), description="how customary dates depend on load; none: custom alone"
    )
    hand_over: HandOverSection | Off = Field(
        usual(HandOverSection), description="cost of every change of worker; none: no cost"
    )
