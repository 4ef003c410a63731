"""Everything that the published files say about one council in one year, gathered before a scenario is written."""

from __future__ import annotations

from dataclasses import dataclass

from sim.official.making.arrivals import ArrivalPattern, arrivals
from sim.official.making.lengths import Habit, assessment_habit, conference_habit, open_ages, protection_length
from sim.official.making.routes import USUAL_PRE_PROCEEDINGS, InNeed, PublishedRoutes, in_need, routes
from sim.official.published.areas import Area
from sim.official.published.finder import Finder, PublishedFigure
from sim.official.published.statistics import Statistics

__all__ = ["REACHED", "CouncilFigures", "Wanted", "gather", "legal_planning"]

UNKNOWN_PLANNING = PublishedFigure(USUAL_PRE_PROCEEDINGS, "no published figure for the council", own=False)
CROYDON_PLANNING = 0.30 * 451 / 143
REACHED = 0.5
"""Share of the plans meant for legal planning that are still open when it would be sought, seven months on (about half
of plans last that long)."""


@dataclass(frozen=True)
class Wanted:
    """What a baseline is asked for: council, year, and choices that no statistics make.

    `pre_proceedings` is the share of child protection plans that seek legal planning, with its source. `average_of`
    divides every count: England as one council of so many.
    """

    area: Area
    year: int
    neighbours: tuple[Area, ...] = ()
    localities: tuple[str, ...] = ()
    years: int = 4
    pre_proceedings: PublishedFigure = UNKNOWN_PLANNING
    average_of: int = 1


@dataclass(frozen=True)
class CouncilFigures:
    """What the files say; figures that stand in for missing ones say so in their sources."""

    finder: Finder
    referrals: PublishedFigure
    arrivals: ArrivalPattern
    rereferral: PublishedFigure
    needs: InNeed
    routes: PublishedRoutes
    habit: Habit
    enquiry_habit: Habit
    plan_days: PublishedFigure
    assessments: PublishedFigure
    enquiries: PublishedFigure
    open_plans: PublishedFigure
    plan_ages: dict[str, float]
    plan_ages_source: str
    plan_ages_own: bool

    @property
    def outside_assessments(self) -> float:
        """Assessments in a year beyond one for each referral: of children who were open already."""
        door = self.routes.door
        inside = self.referrals.value * (door["assessment"] + door["strategy_discussion"])
        return max(0.0, self.routes.assessments - inside)


def gather(statistics: Statistics, wanted: Wanted) -> CouncilFigures:
    """Look everything up for a council and a year."""
    finder = Finder(statistics, wanted.area, wanted.year, wanted.neighbours, average_of=wanted.average_of)
    needs = in_need(finder)
    habit = assessment_habit(finder)
    same_day = habit.bands["same day"] / sum(habit.bands.values())
    ages, ages_source, own = open_ages(finder)
    again = ("c1", "rereferrals"), ("c1", "referrals")
    return CouncilFigures(
        finder=finder,
        referrals=finder.count("c1", "referrals", "referrals"),
        arrivals=arrivals(finder),
        rereferral=finder.ratio(*again, "re-referred within 12 months", most=0.45, years=2),
        needs=needs,
        routes=routes(finder, needs, wanted.pre_proceedings.value * REACHED, same_day),
        habit=habit,
        enquiry_habit=conference_habit(finder),
        plan_days=protection_length(finder),
        assessments=finder.count("c2", "completed", "assessments completed"),
        enquiries=finder.count("c4", "enquiries", "section 47 enquiries"),
        open_plans=finder.count("d1", "open", "plans open on 31 March"),
        plan_ages=ages,
        plan_ages_source=ages_source,
        plan_ages_own=own,
    )


def legal_planning(statistics: Statistics, area: Area, year: int, applications: float) -> PublishedFigure:
    """The share of plans that seek legal planning, from care applications for 10,000 children.

    Not all applications follow a plan, and not all plans meant for legal planning last so long. Croydon in 2016-17 is
    taken to have had 30% of plans where there were 143 applications (15.5 for 10,000 children) to 451 plans; others in
    proportion, 60% at most.
    """
    finder = Finder(statistics, area, year, note=False)
    children, plans = finder.children(), finder.count("d1", "started", "plans started").value
    if not children or plans <= 0:
        return UNKNOWN_PLANNING
    count = applications * children / 10_000
    share = min(0.6, CROYDON_PLANNING * count / plans)
    source = (
        f"{applications:g} care applications for 10,000 children, about {count:.0f}, to {plans:,.0f} plans started; as "
        "many plans for each application as in Croydon in 2016-17, because not every application follows a plan"
    )
    return PublishedFigure(share, source, own=False)
