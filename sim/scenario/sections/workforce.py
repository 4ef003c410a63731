"""Who does the work: teams, workers, managers, pace, allocation, and the dated capacities around them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.scenario.distributions.distribution import DurationDistribution
from sim.scenario.errors.problems import Faults
from sim.scenario.sections.base import DatedCount, Section, usual
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

StageName = Literal[
    "front_door", "assessment", "section_47", "child_in_need", "child_protection", "pre_proceedings", "court"
]
Grade = Literal["nqsw", "social_worker", "senior", "agency"]
CapPolicy = Literal["strict", "leaky", "none"]
AllocationPolicy = Literal["need_first", "due_first", "oldest_first"]
Takes = Literal["all", "new", "backlog", "held"]
Receives = Literal["emptiest", "most_experienced", "by_grade_and_need", "same_worker"]
AtEnd = Literal["hand_back", "finish", "convert"]


class CapLeaks(Section):
    """When a leaky cap gives to work that is not urgent: to a share of cases that find no room, or under pressure."""

    after: PositiveDuration | Literal["never"] = Field(
        Duration(amount=3, unit="working days"),
        description="a case that has waited this long goes over the cap, to whoever is fullest least: by up to a tenth "
        "of it; it waits as long again for each further tenth (assumption, 2-5 working days)",
    )
    share: Share = Field(0.0, description="share of cases that find no room under any cap which are given over it")
    oldest_wait: Duration | None = Field(
        None, description="it gives to any case while the oldest in these queues has waited longer than this"
    )
    unallocated_per_worker: Positive | None = Field(
        0.5,
        description="it gives to any case while more children than this have no worker for each worker in post "
        "(assumption, 0.2-1)",
    )


class Workers(Section):
    """Some workers who are alike."""

    count: Heads = Field(description="workers (heads)")
    grade: Grade = "social_worker"
    fte: float = Field(1.0, gt=0, le=1)
    cap: Positive | Literal["none"] = Field("none", description="children a full-time worker may hold at once")
    cap_policy: CapPolicy = Field(
        "leaky",
        description="leaky: what a council intends, and gives under pressure; urgent work may go over it at once, to "
        "the least loaded; strict: over the cap only for statutory cases that nobody holds; none: there is no cap",
    )
    leaks: CapLeaks | Literal["none"] = Field(
        usual(CapLeaks),
        description="of a leaky cap: when it also gives to work that is not urgent; none: never",
    )
    hours_a_week: Hours | None = Field(
        None, description="case hours a week of a full-time worker; default: the pace section's"
    )
    months_since_qualifying: Count = Field(0, description="of newly qualified workers, on their first day here")
    start: Day | None = None
    end: Day | None = Field(None, description="last day in post")

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

    from_team: str
    stages: list[StageName] = Field(min_length=1)
    children: Count = Field(description="at most this many children, longest open first")
    open_longer_than: Duration = Field(
        Duration(amount=0, unit="months"), description="only cases whose stage has been open longer than this"
    )


class TeamSection(Section):
    """A team: the stages it serves, its workers and managers; permanent unless it has dates."""

    stages: list[StageName] = Field(min_length=1, max_length=20)
    locality: str | None = None
    workers: list[Workers] = Field(default_factory=list, max_length=100)
    managers: Posts = 1
    background_hours_a_week: Hours | None = Field(
        None,
        description="hours a week for work outside this pathway (children looked after); shared out by FTE",
    )
    start: Day | None = None
    end: Day | None = None
    takes_held_cases: HeldCases | None = None
    takes: Takes = Field(
        "all",
        description="what it takes from the queue: all; new: cases referred from its first day; backlog: cases that "
        "waited on its first day; held: nothing, only the held cases that move to it",
    )
    at_end: AtEnd = Field(
        "hand_back",
        description="hand_back: its cases return to the queue; finish: workers stay until what they hold is done; "
        "convert: they become permanent members of another team, with their cases",
    )
    wind_down: Duration = Field(
        Duration(amount=0, unit="weeks"), description="time before the end in which it takes no new cases"
    )
    finish_within: Duration = Field(
        Duration(amount=3, unit="months"),
        description="with at_end finish: what is not done so long after the end returns to the queue",
    )
    converts_to: str | None = Field(None, description="with at_end convert: the team that its workers join")
    productivity: Share = Field(1.0, description="case hours as a share of a settled worker's")
    ramp: Duration = Field(
        Duration(amount=0, unit="weeks"),
        description="time in which each worker comes up to speed from half of it, week by week, from the first day",
    )
    cost_a_week: Money = Field(0, description="pounds a week for the team besides the pay of its people")

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
    """How a worker's hours turn into progress when more is asked than there is."""

    hours_a_week: Hours = Field(
        27.0,
        description="case hours a week of a full-time worker, after leave, sickness, training, supervision; where "
        "people.absence is simulated, of a week at work (31.3 are 27 over the year)",
    )
    overtime: Share = Field(0.15, description="unpaid overtime at most, as a share of the hours")
    slowest: Share = Field(0.05, description="routine work never slows below this share of full pace")


class SignOff(Section):
    """Managers' weeks: the hours there are, what each task takes, the lag before a decision, and what gives way."""

    hours_without_span: Hours = Field(
        27.0, description="hours a week of a manager for decisions, allocation, supervision and oversight of workers"
    )
    hours_lost_per_worker: Hours = Field(
        1.5,
        description="hours a week that the oversight of a worker asks whose hours are all asked (advice, case "
        "discussions, panels, staff matters), and a quarter of them for one without a case (assumption); they "
        "contain supervision (an hour and a half every four weeks): 1.1 where people.supervision is simulated",
    )
    oversight_kept: Share = Field(
        0.25,
        description="share of oversight that no decision takes hours from (assumption, 10-50%; 100%: oversight does "
        "not give way)",
    )
    least_hours: Hours = Field(2.0, description="hours a week for decisions that remain however wide the span")
    shortest_sign_off: Share = Field(
        0.5,
        gt=0,
        description="where more is asked of managers than there are hours, sign-offs get shorter, down to this share "
        "of their time (assumption, 35-75%; 100%: they never do)",
    )
    hurried_returns: float = Field(
        1.3,
        ge=1,
        description="times as likely a family comes back whose closing was signed off in the shortest time "
        "(assumption, 1-1.6; 1: no effect)",
    )
    step_up_delay: Duration = Field(
        Duration(amount=2, unit="working days"),
        description="longest further lag of a decision to step up where twice as much is asked of managers as there "
        "are hours (assumption, 0-5 working days; 0: no effect)",
    )
    supervision_slips: Duration = Field(
        Duration(amount=10, unit="working days"),
        description="a supervision has what a usual day leaves, and takes its turn among the sign-offs once it has "
        "slipped this long (assumption, 5-20 working days)",
    )
    held_child: Hours = Field(
        0.5,
        description="hours a week that a one-child case without a worker takes of the managers who hold it "
        "(assumption, 0.25-1)",
    )
    lag_from: Whole = Field(0, description="shortest lag in working days before a decision is looked at")
    lag_to: Whole = Field(2, description="longest lag in working days")
    assessment: Hours = Field(0.6, description="hours to authorise an assessment")
    step_up: Hours = Field(0.75, description="hours for a strategy discussion")
    enquiry: Hours = Field(0.4, description="hours to sign off a section 47 enquiry")
    closure: Hours = Field(0.4, description="hours to agree that a plan ends or steps down")
    allocation: Hours = Field(0.15, description="hours to allocate a case")
    overflow_after: Duration | None = Field(
        Duration(amount=5, unit="working days"),
        description="oldest decision waiting this long: deputies and service managers help",
    )
    overflow_hours_a_week: Hours = Field(5.0, description="hours a week of that help, for each manager of the team")

    @model_validator(mode="after")
    def _lags_in_order(self) -> Self:
        faults = Faults()
        if self.lag_to < self.lag_from:
            faults.add(("lag_to",), f"{self.lag_to} is below lag_from ({self.lag_from})", "make it at least lag_from")
        faults.raise_if_any()
        return self


class Pooling(Section):
    """Teams of a locality help another one whose queue is long."""

    after: Duration = Field(
        Duration(amount=10, unit="working days"),
        description="a case that has waited this long may go to another locality's team that serves its stage",
    )


class Allocation(Section):
    """How waiting cases reach workers."""

    policy: AllocationPolicy = "need_first"
    receives: Receives = Field(
        "emptiest",
        description="who of the workers with room: emptiest (for the cap); most_experienced; by_grade_and_need: "
        "complex need to senior, low need to newly qualified workers; same_worker: whoever held a returning family "
        "last; ties go to the emptiest",
    )
    pooling: Pooling | Literal["none"] = Field("none", description="none: each locality's teams take only its cases")
    statutory: Literal["at_once", "as_caps_allow"] = Field(
        "at_once",
        description="at_once: a child whom nobody holds and who is on a child protection plan, in an enquiry, in "
        "pre-proceedings or in court gets the least full worker, whatever the cap; as_caps_allow: only as caps do",
    )
    passed_over: Duration = Field(
        Duration(amount=5, unit="working days"),
        description="a sibling group too large for any room blocks smaller ones behind it after this long",
    )


class Transfer(Section):
    """Hand-over between teams: the sending worker carries the case until the receiving team has room."""

    hours_a_week: Hours = Field(0.5, description="hours a week that a case asks of the sending worker while it waits")
    delay: DurationDistribution | None = Field(
        None, description="from the request to the first day on which the receiving team may take the case"
    )
    sending_worker: Literal["holds", "puts_down"] = Field(
        "holds",
        description="holds: carries the case until another worker takes it; puts_down: the case waits with nobody",
    )
    joint_visit_hours: Hours = Field(
        0.0, description="hours of a visit that the sending and the receiving worker make together, asked of each"
    )
    handover_share: Share = Field(
        0.15, description="work added when a case changes worker unplanned, as a share of the original"
    )


class Capacities(Section):
    """Dated capacities around the workforce; `none` means never scarce."""

    conference_slots_a_week: DatedCount | Literal["none"] = "none"
    conference_session_slots: PositiveWhole = Field(3, description="conferences in a half-day session")
    conference_notice: Duration = Duration(amount=3, unit="working days")
    initial_conferences: Literal["first", "first_come"] = Field(
        "first",
        description="first: an initial conference that would be held out of time takes the slot of a review, which "
        "is booked anew; first_come: whoever booked a slot keeps it",
    )
    conference_chair_absence: Share = Field(0.0, description="share of conference sessions lost: the chair is away")
    legal_panel_slots_a_week: DatedCount | Literal["none"] = "none"
    solicitors: DatedCount | Literal["none"] = "none"
    cases_per_solicitor: Positive = 14
    final_hearings_a_week: DatedCount | Literal["none"] = "none"
