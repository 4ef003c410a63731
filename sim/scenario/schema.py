"""A scenario: everything a planner can say in a file, validated and frozen.

The checks here cross sections (a lever on a team that does not exist); each section checks itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from difflib import get_close_matches
from typing import Literal, Self, TypeVar

from pydantic import Field, model_validator

from sim.scenario.errors.problems import Faults
from sim.scenario.reach import check_reach
from sim.scenario.sections.base import Section, check_shares, usual
from sim.scenario.sections.dated_lever import DatedLever
from sim.scenario.sections.demand import Demand
from sim.scenario.sections.levers import Lever, RoutingChange, SupervisionChange, TeamEnd
from sim.scenario.sections.opening import Opening
from sim.scenario.sections.people import People
from sim.scenario.sections.practice import Practice
from sim.scenario.sections.risk import Risk
from sim.scenario.sections.stages import Stages
from sim.scenario.sections.targeted_review import TargetedReview
from sim.scenario.sections.targets_and_costs import Costs, Target
from sim.scenario.sections.workforce import Allocation, CapacitiesSection, Pace, SignOff, TeamSection, Transfer
from sim.scenario.stages_reached import impossible_routing, needed_stages
from sim.scenario.values.quantities import Day, Name, Share

LeverKind = TypeVar("LeverKind", bound=DatedLever)


class RunPeriod(Section):
    """First and last day of the run."""

    start: Day = Field(description="first day")
    end: Day = Field(description="last day")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        faults = Faults()
        if self.end <= self.start:
            faults.add(("end",), f"the end {self.end} is not after the start {self.start}", "give a later date")
        elif (self.end - self.start).days > 366 * 60:
            faults.add(("end",), "the run is longer than 60 years", "give an earlier end")
        elif not _has_working_day(self.start, self.end):
            faults.add(("end",), f"no working day lies between {self.start} and {self.end}", "give a later end")
        faults.raise_if_any()
        return self


def _has_working_day(start: date, end: date) -> bool:
    days = [start + timedelta(days=number) for number in range(min(14, (end - start).days + 1))]
    if len(days) == 14:
        return True
    from sim.calendar.bank_holidays import bank_holidays  # with NumPy, which few scenarios need here

    holidays = bank_holidays(start.year, end.year)
    return any(day.weekday() < 5 and day not in holidays for day in days)


class Scenario(Section):
    """One scenario of one children's service."""

    title: str = Field(min_length=1, description="title of reports")
    short_title: str = Field("", max_length=40, description="name of a few words for columns of a table")
    description: str = Field("", description="what the scenario is, for reports")
    question: str = Field("", description="the question that it answers, for reports")
    theory: dict[str, float] = Field(
        default_factory=dict, description="textbook values that a check scenario states, by name"
    )
    period: RunPeriod = Field(description="first and last day of the run")
    ensemble: str = Field(
        "none",
        min_length=1,
        description="file of settings that `frontdoor calibrate` accepted, for this scenario or one that it "
        "extends; each replication takes one of them",
    )
    clock: Literal["working_days", "continuous"] = Field(
        "working_days", description="working_days, or continuous (no grid of days, for textbook checks)"
    )
    localities: dict[Name, Share] = Field(
        default_factory=lambda: {"whole area": 1.0},
        min_length=1,
        max_length=100,
        description="share of cases by locality",
    )
    demand: Demand = Field(description="who is referred, and when")
    stages: Stages = Field(description="the pathway, stage by stage")
    teams: dict[Name, TeamSection] = Field(min_length=1, max_length=200, description="teams by name")
    pace: Pace | Literal["off"] = Field(
        usual(Pace), description="how hours become progress; off: work always advances at full pace"
    )
    sign_off: SignOff | Literal["none"] = Field(
        usual(SignOff), description="managers' weeks and decisions; none: decisions take no time"
    )
    allocation: Allocation = Field(usual(Allocation), description="how waiting cases reach workers")
    transfer: Transfer = Field(usual(Transfer), description="hand-over between teams")
    capacities: CapacitiesSection = Field(
        usual(CapacitiesSection), description="conference, legal panel and hearing slots, solicitors"
    )
    people: People = Field(usual(People), description="who leaves, joins, learns and is away")
    risk: Risk | Literal["none"] = Field(
        "none", description="needs that rise, and who notices; none: needs stay as they are"
    )
    practice: Practice | Literal["none"] = Field("none", description="what load does to practice; none: nothing")
    opening: Opening = Field(usual(Opening), description="open caseload on the first morning")
    levers: list[Lever] = Field(default_factory=list, max_length=500, description="dated changes")
    targets: list[Target] = Field(
        default_factory=list, max_length=100, description="values that measures should reach; they change no result"
    )
    costs: Costs = Field(usual(Costs), description="pounds a year by grade; they change no result")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = Faults()
        check_shares(faults, ("localities",), self.localities)
        self._check_months(faults)
        self._check_teams(faults)
        self._check_levers(faults)
        check_reach(self, faults)
        faults.raise_if_any()
        return self

    def levers_of(self, kind: type[LeverKind]) -> list[LeverKind]:
        """The levers of one kind, in the order of the scenario."""
        return [lever for lever in self.levers if isinstance(lever, kind)]

    def numbered_levers_of(self, kind: type[LeverKind]) -> list[tuple[int, LeverKind]]:
        """The levers of one kind, each with its place among all levers of the scenario."""
        return [(place, lever) for place, lever in enumerate(self.levers) if isinstance(lever, kind)]

    def _check_teams(self, faults: Faults) -> None:
        served: dict[str, set[str | None]] = {}
        for name, team in self.teams.items():
            if team.locality is not None and team.locality not in self.localities:
                faults.add(("teams", name, "locality"), *_unknown("locality", team.locality, self.localities))
            held = team.takes_held_cases
            if held is not None and held.from_team not in self.teams:
                faults.add(
                    ("teams", name, "takes_held_cases", "from_team"),
                    *_unknown("team", held.from_team, self.teams),
                )
            if team.converts_to is not None and (team.converts_to not in self.teams or team.converts_to == name):
                others = [other for other in self.teams if other != name]
                faults.add(("teams", name, "converts_to"), *_unknown("other team", team.converts_to, others))
            self._check_end(faults, name, team)
            if team.takes == "all" and (team.start is None or team.start <= self.period.start):
                for stage in team.stages:
                    served.setdefault(stage, set()).add(team.locality)
            self._check_caps(faults, name, team)
        for needed in needed_stages(self):
            places = served.get(needed, set())
            missing = [] if None in places else [place for place in self.localities if place not in places]
            if missing:
                where = "" if len(self.localities) == 1 else f" in {missing[0]}"
                faults.add(("teams",), f"no permanent team serves {needed}{where}", f"add {needed} to a team's stages")

    def _check_end(self, faults: Faults, name: str, team: TeamSection) -> None:
        """What happens at the end of a team that has none would never happen."""
        ends = team.end is not None or any(lever.team == name for lever in self.levers_of(TeamEnd))
        if team.at_end != "hand_back" and not ends:
            faults.add(("teams", name, "at_end"), "the team has no end", "add end, or leave at_end out")

    def _check_months(self, faults: Faults) -> None:
        if self.demand.has_level or not self.demand.monthly_referrals:
            return
        month = self.period.start.replace(day=1)
        while month <= self.period.end:
            label = f"{month:%Y-%m}"
            if label not in self.demand.monthly_referrals:
                right = f"add {label}, shorten the period, or give referrals_a_year for the months that are not listed"
                faults.add(("demand", "monthly_referrals"), f"{label} is missing", right)
                return
            month = date(month.year + month.month // 12, month.month % 12 + 1, 1)

    def _check_caps(self, faults: Faults, name: str, team: TeamSection) -> None:
        """A sibling group larger than every cap could never be allocated."""
        caps = [group.cap for group in team.workers if group.count]
        if not caps or team.stages == ["front_door"] or any(cap == "none" for cap in caps):
            return
        largest = max(size for size, share in self.demand.sibling_groups.items() if share > 0)
        most = max(float(cap) * group.fte for cap, group in zip(caps, team.workers, strict=False))
        if most < largest:
            faults.add(
                ("teams", name, "workers"),
                f"no worker could ever hold a sibling group of {largest} children under these caps",
                f"raise a cap to {largest} or more",
            )

    def _check_levers(self, faults: Faults) -> None:
        for number, lever in enumerate(self.levers):
            path = ("levers", number)
            if lever.at > self.period.end:
                faults.add(
                    (*path, "at"),
                    f"{lever.at} is after the run ends ({self.period.end})",
                    "give an earlier date",
                )
            team = getattr(lever, "team", None)
            if team is not None and team not in self.teams:
                faults.add((*path, "team"), *_unknown("team", team, self.teams))
            if isinstance(lever, TargetedReview):
                self._check_review(faults, path, lever)
            if isinstance(lever, SupervisionChange) and self.people.supervision == "none":
                faults.add(
                    path,
                    "the lever supervision changes what is not simulated",
                    "add 'supervision: {}' under people, or take the lever out",
                )
            if isinstance(lever, RoutingChange):
                if lever.stage == "conference":
                    known = list(type(self.stages.section_47.conference_outcomes).model_fields)
                else:
                    known = list(type(getattr(self.stages, lever.stage).outcomes).model_fields)
                for outcome in lever.outcomes:
                    if outcome not in known:
                        faults.add(
                            (*path, "outcomes", outcome),
                            *_unknown("way out of " + lever.stage, outcome, known),
                        )
                total = sum(lever.outcomes.values())
                if total > 1 + 1e-9:
                    faults.add((*path, "outcomes"), f"the shares sum to {total * 100:g}%", "make them 100% or less")
        for number, stage in impossible_routing(self):
            wrong = f"no way out of {stage} is left: the named ones are 0% and no other is open"
            faults.add(("levers", number, "outcomes"), wrong, "give a way out a share above 0%")

    def _check_review(self, faults: Faults, path: tuple[str | int, ...], review: TargetedReview) -> None:
        """Who reviews and whose cases, and that somebody takes what is stepped up."""
        if review.by is not None and review.by not in self.teams:
            faults.add((*path, "by"), *_unknown("team", review.by, self.teams))
        if review.locality is not None and review.locality not in self.localities:
            faults.add((*path, "locality"), *_unknown("locality", review.locality, self.localities))
        if review.outcomes.step_up <= 0:
            return
        for stage in review.stages:
            above = "section_47" if stage == "child_in_need" else "pre_proceedings"
            for place in self.localities:
                served = any(above in team.stages and team.locality in (None, place) for team in self.teams.values())
                if not served:
                    where = "" if len(self.localities) == 1 else f" in {place}"
                    right = f"add {above} to a team's stages, or make step_up 0%"
                    faults.add((*path, "outcomes"), f"no team serves {above}{where}, to step up to", right)
                    return


def _unknown(what: str, given: str, known: object) -> tuple[str, str]:
    names = [str(name) for name in known]  # type: ignore[attr-defined]
    close = get_close_matches(given, names, 1)
    right = f"did you mean '{close[0]}'?" if close else f"use one of {', '.join(names)}"
    return f"there is no {what} '{given}'", right
