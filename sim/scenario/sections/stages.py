"""The seven stages: their standards, habits, work, hours and ways out."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.scenario.distributions.distribution import DurationDistribution, Fixed
from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import Section, check_shares, usual
from sim.scenario.values.quantities import Duration, Hours, Interval, Rate, Share

Off = Literal["none"]
StageWithWorkers = Literal["assessment", "section_47", "child_in_need", "child_protection", "pre_proceedings", "court"]
"""Stages in which a case is held by a worker, in the order of the pathway."""
StageName = Literal["front_door", StageWithWorkers]


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
    """Where a referral goes after screening."""

    no_further_action: Share = Field(0.0, description="share of referrals that end at the front door")
    advice: Share = Field(0.0, description="share that gets advice and information")
    early_help: Share = Field(0.0, description="share that goes to early help")
    assessment: Share = Field(1.0, description="share that goes to a child and family assessment")
    strategy_discussion: Share = Field(0.0, description="share that goes straight to a strategy discussion")


class FrontDoor(WithOutcomes):
    """Screening of contacts by the team that serves the front door. Without such a team, screening takes no time."""

    decision_standard: Duration = Field(_wd(1), description="statutory limit for the decision on a referral")
    time_per_contact: Hours = Field(0.5, description="worker hours to screen a child's contact")
    outcomes: FrontDoorOutcomes = Field(usual(FrontDoorOutcomes), description="where referrals go after screening")


class AssessmentOutcomes(Section):
    """Where an assessment leads if no section 47 enquiry was opened during it."""

    close: Share = Field(1.0, description="share of assessments that close the case")
    early_help: Share = Field(0.0, description="share that steps down to early help")
    child_in_need: Share = Field(0.0, description="share that leads to a child in need plan")
    section_47: Share = Field(0.0, description="share in which a strategy discussion is called during the assessment")


class Assessment(WithOutcomes):
    """Child and family assessment. Its clock starts at the referral.

    With a habit, the work at full pace is `work_share` of the habitual duration. With `habit: none` it is drawn from
    `work`.
    """

    standard: Duration = Field(_wd(45), description="statutory limit from referral to the end of the assessment")
    habit: DurationDistribution | Off = Field(
        "none",
        description="duration from referral to the end where nobody waits, by custom; none: the duration "
        "follows from `work`",
    )
    work_share: float = Field(
        0.6, gt=0, le=1, description="work at full pace as a share of the habitual duration (phi)"
    )
    work: DurationDistribution | None = Field(None, description="work at full pace, where there is no habit")
    hours_a_week: Hours = Field(3.5, description="hours a week of a one-child case during its work")
    hours_a_week_waiting: Hours = Field(0.3, description="hours a week of a one-child case after its work is finished")
    strategy_discussion_from: Share = Field(
        0.1, description="earliest point of the work at which significant harm is recognised"
    )
    strategy_discussion_to: Share = Field(
        0.9, description="latest point of the work at which significant harm is recognised"
    )
    ends: Literal["on_customary_date", "when_authorised"] = Field(
        "on_customary_date",
        description="on_customary_date: an assessment that is authorised before its habitual date ends on that date; "
        "when_authorised: it ends at once",
    )
    outcomes: AssessmentOutcomes = Field(usual(AssessmentOutcomes), description="where assessments lead")

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

    conference: Share = Field(1.0, description="share of enquiries that lead to an initial child protection conference")
    no_further_action: Share = Field(0.0, description="share after which the assessment or plan under way continues")
    court: Share = Field(0.0, description="share in which care proceedings are issued at once, without pre-proceedings")


class ConferenceOutcomes(Section):
    """What an initial child protection conference decides."""

    child_protection: Share = Field(1.0, description="share of conferences that make a child protection plan")
    child_in_need: Share = Field(0.0, description="share that makes a child in need plan")


class Section47(WithOutcomes):
    """Section 47 enquiry, from the strategy discussion to the initial child protection conference (urgent work)."""

    standard: Duration = Field(_wd(15), description="statutory limit from strategy discussion to conference")
    habit: DurationDistribution | Off = Field(
        "none",
        description="duration from strategy discussion to conference where nobody waits, by custom; none: it "
        "follows from `work`",
    )
    work_share: float = Field(
        0.6, gt=0, le=1, description="work at full pace as a share of the habitual duration (phi)"
    )
    work: DurationDistribution = Field(
        usual(Fixed, value=_wd(8)), description="work at full pace, where there is no habit"
    )
    hours_a_week: Hours = Field(6.0, description="hours a week of a one-child enquiry (urgent work)")
    booking_point: Share = Field(0.5, description="share of the enquiry's work after which the conference is booked")
    outcomes: Section47Outcomes = Field(usual(Section47Outcomes), description="where enquiries lead")
    conference_outcomes: ConferenceOutcomes = Field(
        usual(ConferenceOutcomes), description="what initial conferences decide"
    )

    @model_validator(mode="after")
    def _conference_outcomes_sum_to_one(self) -> Self:
        faults = Faults()
        check_shares(faults, ("conference_outcomes",), self.conference_outcomes.model_dump())
        faults.raise_if_any()
        return self


class PlanStage(WithOutcomes):
    """What child in need and child protection plans share: visits, reviews, and work that must be done first."""

    visit_interval: Interval | Off = Field(
        "none", description="longest time between visits; none: no visits are recorded"
    )
    visit_earliest: Share = Field(
        0.6, description="earliest visit, as a share of the interval: visits fall due between this and the interval"
    )
    intervention: DurationDistribution = Field(
        usual(Fixed, value=_wd(100)), description="work of the plan at full pace"
    )
    hours_a_week: Hours = Field(1.2, description="hours a week of a one-child plan during its work")
    hours_a_week_waiting: Hours = Field(0.6, description="hours a week of a one-child plan after its work is finished")
    first_review: Duration | Off = Field(
        "none",
        description="time from the start to the first review; none: the plan ends as soon as its work is finished",
    )
    review_interval: Interval = Field(_months(3), description="time from one review to the next")
    brought_forward: Share = Field(
        0.0, description="share of reviews that are brought forward once the plan's work is finished"
    )
    brought_forward_notice: Duration = Field(_wd(10), description="notice of a review that is brought forward")
    other_exits_a_year: Rate = Field(
        0.0, description="yearly rate of plans that end for other reasons (moved away, turned 18)"
    )


class ChildInNeedOutcomes(Section):
    """How a child in need plan ends when its work is finished."""

    close: Share = Field(1.0, description="share of plans that end with closure")
    early_help: Share = Field(0.0, description="share that steps down to early help")


class ChildInNeed(PlanStage):
    """Child in need plan."""

    step_up_a_year: Rate = Field(
        0.0, description="yearly rate of strategy discussions called during a plan; 0 where `risk` is simulated"
    )
    outcomes: ChildInNeedOutcomes = Field(usual(ChildInNeedOutcomes), description="how child in need plans end")


class ChildProtectionOutcomes(Section):
    """How a child protection plan ends when its work is finished."""

    child_in_need: Share = Field(1.0, description="share of plans that step down to a child in need plan")
    close: Share = Field(0.0, description="share that ends with closure")


class ChildProtection(PlanStage):
    """Child protection plan. It ends at a review conference, or between conferences for other reasons."""

    review_interval: Interval = Field(_months(6), description="time from one review conference to the next")
    earlier_plan_share: Share = Field(
        0.0,
        description="share of plans of families new to the run whose child had an earlier plan; 20.2% of "
        "England's plans of 2017-18 were second or later ones (DfE, Children in need, file d3); "
        "0: not counted",
    )
    outcomes: ChildProtectionOutcomes = Field(
        usual(ChildProtectionOutcomes), description="how child protection plans end"
    )
    pre_proceedings_share: Share = Field(0.0, description="share of plans that go to a legal planning meeting")
    pre_proceedings_after: DurationDistribution = Field(
        usual(Fixed, value=_months(6)),
        description="time from the plan's start to the decision to seek legal planning",
    )


class PreProceedingsOutcomes(Section):
    """How pre-proceedings end."""

    child_protection: Share = Field(1.0, description="share that returns to the child protection plan")
    child_in_need: Share = Field(0.0, description="share that steps down to a child in need plan")
    court: Share = Field(0.0, description="share in which care proceedings are issued")


class MidPointReview(Section):
    """A review of pre-proceedings on the way. It waits among managers' sign-offs, so it may slip."""

    after: Duration = Field(Duration(amount=8, unit="weeks"), description="time from the letter to the review")
    sooner: Share = Field(
        0.2,
        description="share of the time beyond the limit that goes, where the review finds that the work will run over"
        " (assumption, 0% to 50%)",
    )


class PreProceedings(WithOutcomes):
    """Public law outline before proceedings: legal planning meeting, letter, work with the family."""

    standard: Duration = Field(
        Duration(amount=16, unit="weeks"), description="limit from the letter before proceedings to the end"
    )
    panel_notice: Duration = Field(_wd(5), description="shortest notice of a legal planning meeting")
    work: DurationDistribution = Field(
        usual(Fixed, value=Duration(amount=12, unit="weeks")), description="work with the family at full pace"
    )
    hours_a_week: Hours = Field(2.0, description="hours a week of a one-child case")
    mid_point_review: MidPointReview | Literal["none"] = Field(
        "none", description="a manager's review half-way, as good practice has it; none: nobody looks before the end"
    )
    outcomes: PreProceedingsOutcomes = Field(usual(PreProceedingsOutcomes), description="how pre-proceedings end")


class CourtOutcomes(Section):
    """How proceedings end."""

    care: Share = Field(1.0, description="share of proceedings that end with a care order")
    special_guardianship: Share = Field(0.0, description="share that ends with a special guardianship order")
    home_with_plan: Share = Field(0.0, description="share in which the child stays at home with a plan")


class Court(WithOutcomes):
    """Care proceedings. They need a solicitor throughout, and a final hearing in the court's diary."""

    standard: Duration = Field(
        Duration(amount=26, unit="weeks"), description="statutory limit from issue to the final hearing"
    )
    habit: DurationDistribution = Field(
        usual(Fixed, value=Duration(amount=28, unit="weeks")),
        description="time from issue to the day on which a final hearing is sought",
    )
    work_share: float = Field(
        0.6, gt=0, le=1, description="work at full pace as a share of the habitual duration (phi)"
    )
    hours_a_week: Hours = Field(3.0, description="hours a week of a one-child case")
    outcomes: CourtOutcomes = Field(usual(CourtOutcomes), description="how proceedings end")


class Stages(Section):
    """The pathway, stage by stage."""

    front_door: FrontDoor = Field(usual(FrontDoor), description="screening of contacts and referrals")
    assessment: Assessment = Field(description="child and family assessment")
    section_47: Section47 = Field(
        usual(Section47), description="section 47 enquiry, up to the initial child protection conference"
    )
    child_in_need: ChildInNeed = Field(usual(ChildInNeed), description="child in need plan")
    child_protection: ChildProtection = Field(usual(ChildProtection), description="child protection plan")
    pre_proceedings: PreProceedings = Field(
        usual(PreProceedings), description="public law outline before proceedings (PLO)"
    )
    court: Court = Field(usual(Court), description="care proceedings")
