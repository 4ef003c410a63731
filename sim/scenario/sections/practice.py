"""Practice: what workers and councils do differently when more, or less, is asked of them than there are hours.

Every strength is an assumption unless a source is named: research says that the effects exist (docs/model.md), and
hardly how large they are. *Load* is the hours a week asked over the hours there are, smoothed over four weeks.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, usual
from sim.scenario.values.quantities import Count, Duration, Hours, Positive, Share

Off = Literal["none"]


class _BetweenLoads(Section):
    """Something that begins at one load and is in full force at a higher one."""

    from_load: Positive = Field(1.0, description="load at which it begins (assumption; 0.9 to 1.1)")
    full_at_load: Positive = Field(1.6, description="load from which it is in full force (assumption; 1.3 to 2)")

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
    """Routine work is cut short under load, and paid for: families come back, risen needs are overlooked."""

    from_load: Positive = Field(1.15, description="load at which it begins (assumption; 1 to 1.3)")
    full_at_load: Positive = Field(1.7, description="load from which it is in full force (assumption; 1.4 to 2)")
    shortest: Positive = Field(
        0.8,
        le=1,
        description="share of its usual length that the work of assessments and child in need plans is cut to under "
        "full load (assumption; 0.65 to 0.95); 1: never cut",
    )
    closes_early: Share = Field(
        0.5,
        description="how much of that cut a review of a child in need plan makes too: it ends a plan with so much of "
        "its work left (assumption; 0% to 100%)",
    )
    comes_back: float = Field(
        1.3,
        ge=1,
        description="times as likely that a family comes back whose work was cut to the shortest (assumption: 1-1.6)",
    )
    overlooked: Share = Field(
        0.2,
        description="share by which looking at a child notices less when the worker is under full load (assumption; "
        "0% to 40%)",
    )


class AtEase(Section):
    """With fewer hours asked than when the figures were made, what waited inside them goes: steps come sooner."""

    sooner: Share = Field(
        0.4,
        description="share of pre-proceedings work, and of the time between meetings with a child, that would go if "
        "nothing else were asked (assumption; 10% to 60%)",
    )


class Thresholds(_BetweenLoads):
    """The front door turns more away as children wait for a worker; some of them come back."""

    turned_away: Share = Field(
        0.12,
        description="share of those who would have been assessed who get no further action at the highest threshold "
        "(assumption; 0% to 30%). In English councils, 2014 to 2018, no further action rose by 6.6 points of referrals "
        "as referrals rose by 40% (docs/model.md)",
    )
    waiting_for_each_worker: Positive = Field(
        1.0,
        description="children without a worker, for each assessment worker in post, at which the threshold is highest "
        "(assumption; 0.5 to 2)",
    )
    by_load: Share = Field(
        0.5, description="part of the way to the highest threshold that full load alone goes (assumption; 0% to 100%)"
    )
    comes_back: float = Field(
        1.5, ge=1, description="times as likely that a family turned away comes back (assumption; 1 to 2)"
    )


class Custom(Section):
    """When assessments are handed in: the council's custom, and delay inherited from the load of the time."""

    late_by_load: Count = Field(
        0.9,
        description="power of the load by which the odds of a customary date beyond the standard change (assumption; 0 "
        "to 1.6): over 147 councils 0.93 in September 2017 and 0.35 in 2018, together 0.66, standard error 0.36 "
        "(DfE, file c2 and workforce census; docs/model.md); 0: custom alone",
    )


class HandOver(Section):
    """What every change of worker costs, planned or not."""

    reading_hours: Hours = Field(2.0, description="hours to read the records of a one-child case (assumption; 1 to 4)")
    first_visit_hours: Hours = Field(2.0, description="hours of the first visit (assumption; 1 to 3)")
    over: Duration = Field(
        Duration(amount=10, unit="working days"), description="time at full pace over which those hours are spread"
    )
    trust: Duration = Field(
        Duration(amount=10, unit="working days"),
        description="work of a plan that is done again, at most what was done, because the family begins anew with "
        "another worker (assumption; 0 to 25 working days)",
    )


class Practice(Section):
    """What load does to practice, for the better and for the worse. Each part may be `none`."""

    usual_load: Positive = Field(
        0.95,
        description="load of assessment workers at the time of the statistics that the figures were made from "
        "(assumption; 0.8 to 1.1)",
    )
    usual_load_of_plans: Positive = Field(
        0.85, description="the same of workers of teams that make no assessments (assumption; 0.7 to 1)"
    )
    under_load: UnderLoad | Off = usual(UnderLoad)
    at_ease: AtEase | Off = usual(AtEase)
    thresholds: Thresholds | Off = usual(Thresholds)
    custom: Custom | Off = usual(Custom)
    hand_over: HandOver | Off = usual(HandOver)
