"""The lever `targeted_review`: a list of open cases is reviewed."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, check_shares, usual
from sim.scenario.sections.dated_lever import DatedLever
from sim.scenario.values.quantities import Count, Duration, Hours, Money, Share

ReviewedStage = Literal["child_in_need", "child_protection"]
NeedLevel = Literal["low", "moderate", "high", "severe"]


class ReviewOutcomes(Section):
    """What reviews decide. Each decision but the last waits for a manager, and in child protection for a conference."""

    close: Share = Field(0.1, description="the plan ends and the case closes (assumption)")
    step_down: Share = Field(
        0.1, description="from child protection to a child in need plan, from that to early help (assumption)"
    )
    step_up: Share = Field(
        0.05, description="from child in need to an enquiry, from child protection to legal planning (assumption)"
    )
    no_change: Share = Field(0.75, description="the plan goes on (assumption)")


class TargetedReview(DatedLever):
    """A list of cases, made on the first day, is reviewed in addition to daily work, longest open first."""

    module = "sim.model.reviews.targeted"
    touches = "case hours of the reviewing team, and what follows for the cases on its list"
    applies = "each morning while the list lasts, once it is known who is away (ABSENCE)"

    lever: Literal["targeted_review"]
    stages: list[ReviewedStage] = Field(min_length=1, description="plans that are reviewed")
    children: Count | None = Field(None, description="most children on the list; by default all")
    already_done: Count = Field(
        0, description="children at the head of the list who were reviewed before the first day"
    )
    need: list[NeedLevel] | None = Field(None, min_length=1, description="only these levels of need; by default all")
    open_longer_than: Duration = Field(
        Duration(amount=0, unit="months"), description="only cases whose plan has been open longer than this"
    )
    team: str | None = Field(None, description="only this team's cases; by default all")
    locality: str | None = Field(None, description="only this locality's cases; by default all")
    hours_per_case: Hours = Field(3.0, description="hours to review a one-child case (assumption)")
    by: str | None = Field(None, description="team whose workers review, in hours taken from their cases")
    hours_a_week: Hours = Field(0.0, description="case hours a week taken from that team, shared by FTE")
    reviews_a_week: Count = Field(0.0, description="cases a week that separate reviewers complete")
    cost_a_review: Money = Field(0, description="pounds for each case reviewed")
    outcomes: ReviewOutcomes = Field(usual(ReviewOutcomes), description="what reviews decide")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        faults = Faults()
        check_shares(faults, ("outcomes",), self.outcomes.model_dump())
        if self.hours_a_week > 0 and self.by is None:
            faults.add(("hours_a_week",), "no team is named whose hours these are", "add by: and the name of a team")
        if self.hours_a_week <= 0 and self.reviews_a_week <= 0:
            faults.add((), "nobody reviews", "give hours_a_week with by, or reviews_a_week")
        faults.raise_if_any()
        return self
