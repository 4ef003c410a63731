"""Who does the work: teams, workers, managers, pace, allocation, and the dated capacities around them."""

from __future__ import annotations

from typing import Literal, Self, TypeVar

from pydantic import Field, model_validator

from sim.scenario.distributions.distribution import DurationDistribution
from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import DatedCount, Section, usual
from sim.scenario.sections.stages import StageName
from sim.scenario.values.quantities import (
    Count,
    Day,
    Duration,
    Heads,
    Hours,
    Money,
    Positive,
    PositiveDuration,
    PositiveWhole,
    Posts,
    Share,
    Whole,
)

Grade = Literal["nqsw", "social_worker", "senior", "agency"]
CapPolicy = Literal["strict", "leaky", "none"]
AllocationPolicy = Literal["need_first", "due_first", "oldest_first"]
Takes = Literal["all", "new", "backlog", "held"]
Receives = Literal["emptiest", "most_experienced", "by_grade_and_need", "same_worker"]
AtEnd = Literal["hand_back", "finish", "convert"]


class CapLeaks(Section):
    """When a leaky cap gives to work that is not urgent."""

    after: PositiveDuration | Literal["never"] = Field(
        Duration(amount=3, unit="working days"),
        description="wait after which a case may go over the cap, to the worker with the lowest load, by up "
        "to a tenth of the cap; each further tenth takes as long again (assumption, 2 to 5 "
        "working days)",
    )
    share: Share = Field(0.0, description="share of cases without room under any cap that are given over it")
    oldest_wait: Duration | None = Field(
        None, description="the cap gives to any case while the oldest case in these queues has waited longer than this"
    )
    unallocated_per_worker: Positive | None = Field(
        0.5,
        description="the cap gives to any case while more children than this, for each worker in post, have "
        "no worker (assumption, 0.2 to 1)",
    )
    up_to: float = Field(
        2.5,
        ge=1,
        description="the most that a cap gives to, times the cap; beyond it a case waits with managers "
        "(assumption, 1.5 to 4)",
    )


class Workers(Section):
    """A group of workers of one grade with the same terms."""

    count: Heads = Field(description="workers in the group (heads)")
    grade: Grade = Field("social_worker", description="grade of these workers")
    fte: float = Field(1.0, gt=0, le=1, description="full-time equivalent of each worker")
    cap: Positive | Literal["none"] = Field("none", description="children that a full-time worker may hold at once")
    cap_policy: CapPolicy = Field(
        "leaky",
        description="leaky: as councils intend it, gives under pressure and at once to urgent work; strict: "
        "only unheld statutory cases go over it; none: no cap",
    )
    leaks: CapLeaks | Literal["none"] = Field(
        usual(CapLeaks),
        description="when a leaky cap also gives to work that is not urgent; none: never",
    )
    hours_a_week: Hours | None = Field(
        None, description="case hours a week of a full-time worker; by default that of `pace`"
    )
    months_since_qualifying: Count = Field(
        0, description="months since qualifying on the first day here, for newly qualified workers"
    )
    start: Day | None = Field(None, description="first day in post; by default that of the team")
    end: Day | None = Field(None, description="last day in post; by default that of the team")

    @property
    def gives(self) -> bool:
        """Whether there is a cap that gives to work that is not urgent."""
        return self.leaks != "none" and self.cap_policy == "leaky" and self.cap != "none"

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        _in_order(self.start, self.end)
        faults = Faults()
        usual_leaks = self.leaks == "none" or self.leaks == CapLeaks()
        if not usual_leaks and (self.cap_policy != "leaky" or self.cap == "none"):
            policy = "there is no cap" if self.cap == "none" else f"the cap is {self.cap_policy}"
            faults.add(("leaks",), policy, "write cap_policy: leaky with a cap, or leave leaks out")
        faults.raise_if_any()
        return self


class HeldCases(Section):
    """Held cases that move to a new team on its first day."""

    from_team: str = Field(description="team that hands the cases over")
    stages: list[StageName] = Field(min_length=1, description="stages of the cases that move")
    children: Count = Field(description="most children that move, longest open first")
    open_longer_than: Duration = Field(
        Duration(amount=0, unit="months"), description="only cases whose stage has been open longer than this"
    )


class TeamSection(Section):
    """A team: the stages that it serves, its workers and its managers. It is permanent unless it has dates."""

    stages: list[StageName] = Field(
        min_length=1, max_length=20, description="stages that the team serves; teams that share a stage share its queue"
    )
    locality: str | None = Field(None, description="locality that the team serves; by default the whole area")
    workers: list[Workers] = Field(default_factory=list, max_length=100, description="groups of workers")
    managers: Posts = Field(1, description="managers in post, in full-time equivalents")
    background_hours_a_week: Hours | None = Field(
        None,
        description="hours a week for work outside this pathway (children looked after), shared by FTE",
    )
    start: Day | None = Field(None, description="first day of a team that comes for a time")
    end: Day | None = Field(None, description="last day of a team that comes for a time")
    takes_held_cases: HeldCases | None = Field(
        None, description="held cases that move to the team on its first day; by default none move"
    )
    takes: Takes = Field(
        "all",
        description="cases that it takes from the queue: all; new, referred from its first day; backlog, "
        "waiting on its first day; held, only the held cases that move to it",
    )
    at_end: AtEnd = Field(
        "hand_back",
        description="hand_back: its cases return to the queue; finish: workers stay until their cases are "
        "done; convert: they join another team permanently, with their cases",
    )
    wind_down: Duration = Field(Duration(amount=0, unit="weeks"), description="time before the end without new cases")
    finish_within: Duration = Field(
        Duration(amount=3, unit="months"),
        description="with `at_end: finish`, the time after the end when unfinished cases return to the queue",
    )
    converts_to: str | None = Field(None, description="with `at_end: convert`, the team that the workers join")
    productivity: Share = Field(1.0, description="case hours as a share of those of settled workers")
    ramp: Duration = Field(
        Duration(amount=0, unit="weeks"),
        description="time in which each worker rises from half speed to full speed, week by week, from the first day",
    )
    cost_a_week: Money = Field(0, description="pounds a week for the team, in addition to pay")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        _in_order(self.start, self.end)
        faults = Faults()
        if self.takes == "held" and self.takes_held_cases is None:
            faults.add(("takes",), "no held cases move to this team", "add takes_held_cases, or leave takes out")
        if self.at_end == "convert" and self.converts_to is None:
            faults.add(("at_end",), "there is no team to join", "add converts_to with the name of a team")
        if self.at_end != "convert" and self.converts_to is not None:
            faults.add(("converts_to",), f"at_end is {self.at_end}", "write at_end: convert, or leave converts_to out")
        faults.raise_if_any()
        return self


def _in_order(start: Day | None, end: Day | None) -> None:
    faults = Faults()
    if start is not None and end is not None and end < start:
        faults.add(("end",), f"the end {end} is before the start {start}", f"give a date after {start}")
    faults.raise_if_any()


class Pace(Section):
    """How a worker's hours become progress when more is asked than there are hours."""

    hours_a_week: Hours = Field(
        27.0,
        description="case hours a week of a full-time worker, after leave, sickness, training and "
        "supervision; where `people.absence` is simulated, those of a week at work (31.3, which "
        "are 27 over the year)",
    )
    overtime: Share = Field(0.15, description="most unpaid overtime, as a share of hours")
    slowest: Share = Field(0.05, description="slowest pace of routine work, as a share of full pace")


_Lagged = TypeVar("_Lagged", bound="CarryingOut | SignOff")


def _lags_in_order(section: _Lagged) -> _Lagged:
    """Refuse a longest lag below the shortest."""
    faults = Faults()
    if section.lag_to < section.lag_from:
        right = "make it at least lag_from"
        faults.add(("lag_to",), f"{section.lag_to} is below lag_from ({section.lag_from})", right)
    faults.raise_if_any()
    return section


class CarryingOut(Section):
    """Delay in carrying decisions out: a lag after each, and a queue where only so much is done in a week.

    No figure here is published: all are assumptions.
    """

    lag_from: Whole = Field(1, description="shortest lag from a decision to its action, in working days (assumption)")
    lag_to: Whole = Field(5, description="longest lag from a decision to its action, in working days (assumption)")
    actions_a_week: Positive | Literal["none"] = Field(
        "none", description="decisions that a team can carry out in a week, urgent ones first; none: no queue"
    )

    _lags = model_validator(mode="after")(_lags_in_order)


class SignOff(Section):
    """Managers' weeks: their hours, the hours of each task, the lag before decisions, and what gives way under load."""

    hours_without_span: Hours = Field(
        27.0, description="hours a week of a manager for decisions, allocation, supervision and oversight"
    )
    hours_lost_per_worker: Hours = Field(
        1.5,
        description="hours a week of oversight for a fully loaded worker (advice, case discussions, panels, "
        "staff matters), supervision included; a worker without cases takes a quarter "
        "(assumption; 1.1 where `people.supervision` is simulated)",
    )
    oversight_kept: Share = Field(
        0.25,
        description="share of oversight that decisions never displace (assumption, 10% to 50%; 100%: "
        "oversight does not give way)",
    )
    least_hours: Hours = Field(2.0, description="hours a week for decisions that remain whatever the span")
    shortest_sign_off: Share = Field(
        0.5,
        gt=0,
        description="shortest sign-off under load, as a share of its usual time (assumption, 35% to 75%; "
        "100%: never shorter)",
    )
    hurried_returns: float = Field(
        1.3,
        ge=1,
        description="factor on re-referral after a closure that was signed off in the shortest time "
        "(assumption, 1 to 1.6; 1: no effect)",
    )
    step_up_delay: Duration = Field(
        Duration(amount=2, unit="working days"),
        description="longest further lag of a step-up decision, where twice the managers' hours are asked "
        "(assumption, 0 to 5 working days; 0: no effect)",
    )
    supervision_slips: Duration = Field(
        Duration(amount=10, unit="working days"),
        description="delay after which a supervision takes its turn among the sign-offs; until then it uses "
        "the hours left over (assumption, 5 to 20 working days)",
    )
    held_child: Hours = Field(
        0.5,
        description="hours a week of managers for a one-child case that they hold because it has no worker "
        "(assumption, 0.25 to 1)",
    )
    held_most: Share = Field(
        0.5,
        description="largest share of managers' hours, oversight left out, that the children whom they hold "
        "take; decisions keep the rest (assumption, 25% to 75%)",
    )
    lag_from: Whole = Field(0, description="shortest lag before a decision is looked at, in working days")
    lag_to: Whole = Field(2, description="longest lag before a decision is looked at, in working days")
    assessment: Hours = Field(0.6, description="hours to authorise an assessment")
    step_up: Hours = Field(0.75, description="hours for a strategy discussion")
    enquiry: Hours = Field(0.4, description="hours to sign off a section 47 enquiry")
    closure: Hours = Field(0.4, description="hours to agree that a plan ends or steps down")
    mid_point_review: Hours = Field(
        1.0, description="hours to review a case in pre-proceedings on its way (assumption, 0.5 to 2)"
    )
    allocation: Hours = Field(0.15, description="hours to allocate a case")
    overflow_after: Duration | None = Field(
        Duration(amount=5, unit="working days"),
        description="age of the oldest decision at which deputies and service managers help",
    )
    overflow_hours_a_week: Hours = Field(5.0, description="hours a week of that help for each manager of the team")
    carrying_out: CarryingOut | Literal["none"] = Field(
        "none", description="delay from a decision to its action; none: decisions are carried out as they are made"
    )

    _lags = model_validator(mode="after")(_lags_in_order)


class Pooling(Section):
    """Help between localities."""

    after: Duration = Field(
        Duration(amount=10, unit="working days"),
        description="wait after which a case may go to another locality's team that serves its stage",
    )


class Allocation(Section):
    """How waiting cases reach workers."""

    policy: AllocationPolicy = Field(
        "need_first", description="order of the queue: need_first, due_first (nearest statutory limit) or oldest_first"
    )
    receives: Receives = Field(
        "emptiest",
        description="which worker with room receives a case: emptiest (relative to the cap); "
        "most_experienced; by_grade_and_need (complex need to seniors, low need to newly "
        "qualified workers); same_worker (who last held the family); ties go to the emptiest",
    )
    pooling: Pooling | Literal["none"] = Field(
        "none", description="help between localities; none: a locality's teams take only its cases"
    )
    statutory: Literal["at_once", "as_caps_allow"] = Field(
        "at_once",
        description="at_once: a child in an enquiry, on a child protection plan, in pre-proceedings or in "
        "court whom nobody holds goes to the worker with the lowest load, whatever the cap; "
        "as_caps_allow: only within caps",
    )
    passed_over: Duration = Field(
        Duration(amount=5, unit="working days"),
        description="wait after which a sibling group too large for any room blocks smaller groups behind it",
    )


class Transfer(Section):
    """Hand-over between teams. The sending worker carries the case until the receiving team has room."""

    hours_a_week: Hours = Field(
        0.5, description="hours a week of the sending worker for a case that waits to be transferred"
    )
    delay: DurationDistribution | None = Field(
        None,
        description="time from the request to the first day on which the receiving team may take the case; "
        "urgent work does not wait for it",
    )
    sending_worker: Literal["holds", "puts_down"] = Field(
        "holds",
        description="holds: carries the case until another worker takes it; puts_down: nobody holds it meanwhile",
    )
    joint_visit_hours: Hours = Field(
        0.0, description="hours of a joint visit, asked of the sending and of the receiving worker"
    )
    handover_share: Share = Field(
        0.15, description="work added by an unplanned change of worker, as a share of the case's work"
    )


class CapacitiesSection(Section):
    """Capacities other than workers. Each may change on dates; `none` means never scarce."""

    conference_slots_a_week: DatedCount | Literal["none"] = Field(
        "none", description="conferences that can be held in a week"
    )
    conference_session_slots: PositiveWhole = Field(3, description="conferences in a half-day session")
    conference_notice: Duration = Field(
        Duration(amount=3, unit="working days"), description="shortest notice of a conference"
    )
    initial_conferences: Literal["first", "first_come"] = Field(
        "first",
        description="first: an initial conference that would be late takes a review's slot, and the review is"
        " booked again; first_come: the booking stands",
    )
    conference_chair_absence: Share = Field(
        0.0, description="share of conference sessions lost because the chair is absent"
    )
    legal_panel_slots_a_week: DatedCount | Literal["none"] = Field(
        "none", description="legal planning meetings in a week"
    )
    solicitors: DatedCount | Literal["none"] = Field(
        "none", description="local authority solicitors for care proceedings"
    )
    cases_per_solicitor: Positive = Field(14, description="cases that a solicitor can hold")
    final_hearings_a_week: DatedCount | Literal["none"] = Field(
        "none", description="final hearings that the court can list in a week"
    )
