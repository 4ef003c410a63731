"""The seven stages: their standards, habits, work, hours and ways out."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.scenario.distributions.distribution import DurationDistribution, Fixed
from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, check_shares, usual
from sim.scenario.values.quantities import Duration, Hours, Interval, Rate, Share

Off = Literal["none"]


def _wd(amount: float) -> Duration:
    return Duration(amount=amount, unit="working days")


def _months(amount: float) -> Duration:
    return Duration(amount=amount, unit="months")


class WithOutcomes(Section):
    """A stage whose shares of ways out must sum to one."""

    @model_validator(mode="after")
    def _outcomes_sum_to_one(self) -> Self:
        faults = Faults()
        outcomes = getattr(self, "outcomes", None)
        if outcomes is not None:
            check_shares(faults, ("outcomes",), outcomes.model_dump())
        faults.raise_if_any()
        return self


class FrontDoorOutcomes(Section):
    """Where a referral goes once it is screened."""

    no_further_action: Share = 0.0
    advice: Share = 0.0
    early_help: Share = 0.0
    assessment: Share = 1.0
    strategy_discussion: Share = 0.0


class FrontDoor(WithOutcomes):
    """Contacts are screened by the workers of the team that serves the front door; with no such team, at once."""

    decision_standard: Duration = _wd(1)
    time_per_contact: Hours = Field(0.5, description="worker hours to screen a child's contact")
    outcomes: FrontDoorOutcomes = usual(FrontDoorOutcomes)


class AssessmentOutcomes(Section):
    """Where an assessment leads, when no section 47 enquiry has been opened meanwhile."""

    close: Share = 1.0
    early_help: Share = 0.0
    child_in_need: Share = 0.0
    section_47: Share = Field(0.0, description="a strategy discussion is called while the assessment is under way")


class Assessment(WithOutcomes):
    """Child and family assessment; its clock starts at the referral.

    With a habit, the work at full pace is `work_share` of the habitual duration (phi in docs/model.md); with
    `habit: none` the work is drawn from `work`.
    """

    standard: Duration = _wd(45)
    habit: DurationDistribution | Off = "none"
    work_share: float = Field(0.6, gt=0, le=1, description="phi: work at full pace as a share of the habitual duration")
    work: DurationDistribution | None = Field(None, description="work at full pace, used where there is no habit")
    hours_a_week: Hours = Field(3.5, description="hours a week that a one-child case asks while its work goes on")
    hours_a_week_waiting: Hours = Field(0.3, description="hours a week it asks once its work is done")
    strategy_discussion_from: Share = Field(0.1, description="earliest share of the work at which risk is recognised")
    strategy_discussion_to: Share = Field(0.9, description="latest share of the work at which risk is recognised")
    outcomes: AssessmentOutcomes = usual(AssessmentOutcomes)

    @model_validator(mode="after")
    def _has_work(self) -> Self:
        faults = Faults()
        if self.habit == "none" and self.work is None:
            faults.add(
                (),
                "there is no habit and no work",
                "give habit (bands of working days) or work (a distribution)",
            )
        faults.raise_if_any()
        return self


class Section47Outcomes(Section):
    """Where an enquiry leads."""

    conference: Share = 1.0
    no_further_action: Share = Field(0.0, description="the assessment or plan under way goes on")
    court: Share = Field(0.0, description="care proceedings are issued at once, without pre-proceedings")


class ConferenceOutcomes(Section):
    """What an initial child protection conference decides."""

    child_protection: Share = 1.0
    child_in_need: Share = 0.0


class Section47(WithOutcomes):
    """Section 47 enquiry from the strategy discussion to the initial child protection conference: urgent work."""

    standard: Duration = _wd(15)
    habit: DurationDistribution | Off = "none"
    work_share: float = Field(0.6, gt=0, le=1)
    work: DurationDistribution = usual(Fixed, value=_wd(8))
    hours_a_week: Hours = 6.0
    booking_point: Share = Field(0.5, description="share of the enquiry's work at which the conference is booked")
    outcomes: Section47Outcomes = usual(Section47Outcomes)
    conference_outcomes: ConferenceOutcomes = usual(ConferenceOutcomes)

    @model_validator(mode="after")
    def _conference_outcomes_sum_to_one(self) -> Self:
        faults = Faults()
        check_shares(faults, ("conference_outcomes",), self.conference_outcomes.model_dump())
        faults.raise_if_any()
        return self


class PlanStage(WithOutcomes):
    """What child in need and child protection plans share: visits, reviews, and work that must be done first."""

    visit_interval: Interval | Off = "none"
    visit_earliest: Share = Field(
        0.6, description="visits fall due after interval x U(this, 1): families are not always in"
    )
    intervention: DurationDistribution = usual(Fixed, value=_wd(100))
    hours_a_week: Hours = 1.2
    hours_a_week_waiting: Hours = Field(0.6, description="hours a week once the plan's work is done")
    first_review: Duration | Off = "none"
    review_interval: Interval = _months(3)
    brought_forward: Share = Field(0.0, description="share of reviews brought forward once the plan's work is done")
    brought_forward_notice: Duration = _wd(10)
    other_exits_a_year: Rate = Field(0.0, description="rate of ends for other reasons (moved away, turned 18)")


class ChildInNeedOutcomes(Section):
    """How a child in need plan ends when its work is done."""

    close: Share = 1.0
    early_help: Share = 0.0


class ChildInNeed(PlanStage):
    """Child in need plan."""

    step_up_a_year: Rate = Field(0.0, description="rate of strategy discussions called during the plan")
    outcomes: ChildInNeedOutcomes = usual(ChildInNeedOutcomes)


class ChildProtectionOutcomes(Section):
    """How a child protection plan ends when its work is done."""

    child_in_need: Share = 1.0
    close: Share = 0.0


class ChildProtection(PlanStage):
    """Child protection plan: ends at review conferences, or between them for other reasons."""

    review_interval: Interval = _months(6)
    earlier_plan_share: Share = Field(
        0.0, description="of children new to the run whose plan starts, the share who had a plan before; 0: not counted"
    )
    outcomes: ChildProtectionOutcomes = usual(ChildProtectionOutcomes)
    pre_proceedings_share: Share = Field(0.0, description="share of plans taken to a legal planning meeting")
    pre_proceedings_after: DurationDistribution = Field(
        usual(Fixed, value=_months(6)),
        description="time from the plan's start to the decision to seek legal planning",
    )


class PreProceedingsOutcomes(Section):
    """How pre-proceedings end."""

    child_protection: Share = Field(1.0, description="back to the child protection plan")
    child_in_need: Share = 0.0
    court: Share = 0.0


class PreProceedings(WithOutcomes):
    """Public law outline before court: legal planning meeting, letter, work with the family."""

    standard: Duration = Duration(amount=16, unit="weeks")
    panel_notice: Duration = Field(_wd(5), description="shortest notice for a legal planning meeting")
    work: DurationDistribution = usual(Fixed, value=Duration(amount=12, unit="weeks"))
    hours_a_week: Hours = 2.0
    outcomes: PreProceedingsOutcomes = usual(PreProceedingsOutcomes)


class CourtOutcomes(Section):
    """How proceedings end."""

    care: Share = 1.0
    special_guardianship: Share = 0.0
    home_with_plan: Share = 0.0


class Court(WithOutcomes):
    """Care proceedings: need a solicitor throughout and a final hearing in the court's diary."""

    standard: Duration = Duration(amount=26, unit="weeks")
    habit: DurationDistribution = Field(
        usual(Fixed, value=Duration(amount=28, unit="weeks")),
        description="time from issue to the day a final hearing is sought",
    )
    work_share: float = Field(0.6, gt=0, le=1)
    hours_a_week: Hours = 3.0
    outcomes: CourtOutcomes = usual(CourtOutcomes)


class Stages(Section):
    """The pathway, stage by stage."""

    front_door: FrontDoor = usual(FrontDoor)
    assessment: Assessment
    section_47: Section47 = usual(Section47)
    child_in_need: ChildInNeed = usual(ChildInNeed)
    child_protection: ChildProtection = usual(ChildProtection)
    pre_proceedings: PreProceedings = usual(PreProceedings)
    court: Court = usual(Court)
