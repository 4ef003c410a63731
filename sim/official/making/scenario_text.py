"""The text of a scenario file: the template filled with what the published files say, each figure with its source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from string import Template

from sim.calendar.periods import reporting_year_label
from sim.official.making.council_figures import REACHED, CouncilFigures, Wanted
from sim.official.making.lengths import ages_of, intervention, mean_days
from sim.official.making.people import people
from sim.official.making.staffing import StaffingPlan, TeamPlan
from sim.official.making.writing import counts, figure, number, quoted, shares
from sim.official.published.finder import Finder, thousands
from sim.scenario.values.quantities import WORKING_DAYS_A_YEAR

__all__ = ["MEAN_GROUP", "scenario_text"]

MEAN_GROUP = 1.62
ENQUIRY_DAYS = 11
SLOTS_USED = 0.62
"""Conference slots that are used in a diary which can still offer one in time (assumption)."""
FEWEST_SLOTS = 3
"""Conferences a week that any council can hold: a small one calls a conference when it needs one (assumption)."""
REVIEWS_A_YEAR = 2.2
REVIEW_DAYS = 63.25


@cache
def _template() -> Template:
    return Template(files("sim.official").joinpath("templates/baseline.yaml.txt").read_text(encoding="utf-8"))


def scenario_text(wanted: Wanted, ground: CouncilFigures, staff: StaffingPlan) -> str:
    """Return the whole file as text."""
    finder, paths = ground.finder, ground.routes
    name, year = wanted.area.name, wanted.year
    if wanted.average_of > 1:
        name = f"an average council of {name}"
    span = reporting_year_label(year - 1)
    flow = paths.plans * wanted.pre_proceedings.value * REACHED
    planning, court = flow * 18 / 52, flow * 0.6 * 30 / 52
    conferences = (paths.conferences + REVIEWS_A_YEAR * ground.open_plans.value) / MEAN_GROUP / 52
    slots = max(FEWEST_SLOTS, round(conferences / SLOTS_USED + 0.49))
    session = 3 if slots >= 9 else 2 if slots >= 6 else 1
    slots = -(-slots // session) * session
    need_work = intervention(ground.needs.days, REVIEW_DAYS, 0.3, 0.1)
    plan_work = intervention(ground.plan_days.value, 2 * REVIEW_DAYS, 0.2, 0.4)
    habit_days = mean_days(ground.habit.bands)
    open_assessments = min(ground.assessments.value, ground.referrals.value) * habit_days / WORKING_DAYS_A_YEAR
    awaiting = finder.plain("b1", "awaiting_assessment")
    unallocated = 0.05
    if awaiting is not None:
        # Most of those who await assessment have a worker already: Croydon's 218 were a third of its open assessments.
        unallocated = min(0.10, 0.3 * awaiting / finder.average_of / max(open_assessments, 1))
    plans = max(0.0, ground.open_plans.value - planning)
    late = sum(ground.habit.bands[band] for band in ("46-50", "51-60", "61+")) / sum(ground.habit.bands.values())

    def assumed(value: str, source: str) -> str:
        return figure(value, source, "assumption")

    values = {
        "name": name,
        "years": span,
        "title": quoted(f"{name[0].upper()}{name[1:]}, {span} carried on"),
        "description": (
            f"The open caseload of {name} on 31 March {year}, then {wanted.years} years in which referrals, thresholds "
            f"and staff stay\n  as they were in {span}. Made by frontdoor baseline from the published statistics; "
            "figures that no statistics give\n  are assumptions, the same for every council."
        ),
        "start": f"{year}-04-01",
        "end": f"{year + wanted.years}-03-31",
        "localities": _localities(wanted.localities),
        "referrals": figure(number(ground.referrals.value, 0), ground.referrals.source, ground.referrals.confidence),
        "season": (
            figure(counts(ground.arrivals.season, 2), ground.arrivals.season_source, "official")
            if ground.arrivals.season
            else "england"
        ),
        "over_dispersion": figure(
            number(ground.arrivals.over_dispersion),
            ground.arrivals.dispersion_source or "the median council",
            "official" if ground.arrivals.own else "assumption",
        ),
        "rereferral": figure(
            f"{number(100 * ground.rereferral.value)}%",
            ground.rereferral.source,
            ground.rereferral.confidence,
        ),
        "closed": assumed(
            number(_closed(finder, ground.referrals.value), 0),
            f"referrals of {span} less the growth in open cases (files c1, b1)",
        ),
        "door": shares(paths.door),
        "door_source": quoted(paths.door_source),
        "habit": counts(ground.habit.bands, 0),
        "habit_source": quoted(ground.habit.source),
        "assessment": shares(paths.assessment),
        "assessment_source": quoted(paths.assessment_source),
        "enquiry_habit": "{" + ", ".join(f"{b}: {number(v, 0)}%" for b, v in ground.enquiry_habit.bands.items()) + "}",
        "enquiry_habit_source": quoted(ground.enquiry_habit.source),
        "conference": figure(
            shares({"conference": paths.conference.value, "no_further_action": 1 - paths.conference.value}),
            paths.conference.source,
            paths.conference.confidence,
        ),
        "planned": figure(
            shares({"child_protection": paths.planned.value, "child_in_need": 1 - paths.planned.value}),
            paths.planned.source,
            paths.planned.confidence,
        ),
        "in_need_work": assumed(
            f"{{distribution: gamma, mean: {need_work:.0f} working days, cv: 0.9}}",
            f"plans last about {ground.needs.days:.0f} working days by Little's law, reviews and other exits included "
            f"({ground.needs.source})",
        ),
        "protection_work": assumed(
            f"{{distribution: gamma, mean: {plan_work:.0f} working days, cv: 0.7}}",
            f"{ground.plan_days.source}, reviews and other exits included",
        ),
        "pre_proceedings": assumed(f"{number(100 * wanted.pre_proceedings.value)}%", wanted.pre_proceedings.source),
        "teams": _teams(staff),
        "hours": assumed(number(staff.hours), staff.hours_source),
        "usual_load": assumed(
            number(staff.usual_loads[0], 2), "hours asked of assessment teams by these flows, over the hours there are"
        ),
        "usual_load_of_plans": assumed(number(staff.usual_loads[1], 2), "the same of teams that hold plans"),
        "people": people(finder),
        "conference_slots": assumed(
            str(slots), f"enough for the initial and review conferences of {span}; not published"
        ),
        "session_slots": str(session),
        "panel_slots": assumed(_capacity(flow / MEAN_GROUP / 52 / 0.6), "not published; enough for the flow"),
        "solicitors": assumed(
            _capacity((planning + court) / MEAN_GROUP / 14 / 0.7), "not published; enough for the flow"
        ),
        "hearings": assumed(_capacity(flow * 0.6 / MEAN_GROUP / 52 / 0.6), "not published; enough for the flow"),
        "open_assessments": assumed(
            number(open_assessments, 0),
            f"{ground.assessments.source}; at {habit_days:.0f} working days each, by Little's law",
        ),
        "assessment_ages": counts(ages_of(ground.habit.bands)),
        "unallocated": assumed(
            f"{number(100 * unallocated)}%",
            f"{thousands(awaiting)} episodes awaited assessment on 31 March {year} (file b1), most with a worker"
            if awaiting is not None
            else "no published figure",
        ),
        "open_enquiries": assumed(
            number(ground.enquiries.value * ENQUIRY_DAYS / WORKING_DAYS_A_YEAR, 0),
            f"{ground.enquiries.source}; about {ENQUIRY_DAYS} working days each, by Little's law",
        ),
        "open_in_need": assumed(
            number(ground.needs.open, 0), f"mean of the stock at both ends of the year: {ground.needs.source}"
        ),
        "in_need_age": f"{ground.needs.days:.0f} working days",
        "open_protection": figure(
            number(plans, 0),
            f"{ground.open_plans.source}, less those counted under pre-proceedings",
            ground.open_plans.confidence,
        ),
        "protection_ages": counts(ground.plan_ages),
        "protection_ages_source": quoted(ground.plan_ages_source),
        "protection_ages_confidence": "official" if ground.plan_ages_own else "assumption",
        "open_planning": assumed(number(planning, 0), "not published; about 18 weeks of those who seek legal planning"),
        "open_court": assumed(number(court, 0), "not published; about 30 weeks of those who go to court"),
        "target_assessments": number(min(90.0, max(75.0, 5 * round(20 * (1 - late)))), 0),
    }  # fmt: skip
    return _tidy(_template().substitute(values))


def _closed(finder: Finder, referrals: float) -> float:
    now, before = finder.plain("b1", "open"), finder.plain("b1", "open", finder.year - 1)
    growth = (now - before) / finder.average_of if now is not None and before is not None else 0.0
    return max(0.5 * referrals, min(referrals, referrals - growth))


def _capacity(number_: float) -> str:
    """A dated capacity, whole where it can be: a solicitor more or less is a person."""
    return number(round(number_ + 0.35), 0) if number_ >= 1 else number(max(0.25, -(-number_ * 4 // 1) / 4), 2)


def _localities(names: Sequence[str]) -> str:
    if not names:
        return ""
    parts: dict[str, float] = dict.fromkeys(names, 1 / len(names))
    source = "equal parts; the published figures are for the whole council"
    return f"\nlocalities: {figure(shares(parts), source, 'assumption')}\n"


def _teams(staff: StaffingPlan) -> str:
    lines: list[str] = []
    for team in staff.teams:
        lines += [f"  {team.name}:", f"    stages: [{', '.join(team.stages)}]"]
        if team.locality:
            lines.append(f"    locality: {team.locality}")
        lines += _workers(team, staff)
        if team.stages == ("front_door",):
            lines.append(f"    managers: {number(team.managers)}")
            continue
        span = f"a span of about {team.workers / team.managers:.0f}; not published"
        lines.append(f"    managers: {figure(number(team.managers), span, 'assumption')}")
        source = (
            staff.background_source
            if "child_in_need" in team.stages
            else "assessments of children who were open already (file c2 counts more than one for each referral)"
            if team.background
            else "children looked after are held by other teams"
        )
        lines.append(f"    background_hours_a_week: {figure(number(team.background, 0), source, 'assumption')}")
    return "\n".join(lines) + "\n"


def _workers(team: TeamPlan, staff: StaffingPlan) -> list[str]:
    if team.stages == ("front_door",):
        count = figure(str(team.workers), "enough for the contacts; not published", "assumption")
        return [f"    workers: [{{count: {count}}}]"]
    rows = [f"        - {{count: {group.count}, grade: {group.grade}, cap: {team.cap}}}" for group in team.groups]
    source = [f"      source: {quoted(staff.workers_source)}", "      confidence: assumption"]
    return ["    workers:", "      value:", *rows, *source]


def _tidy(text: str) -> str:
    """One blank line at most between sections, none at the end."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1].strip()):
            lines.append(line.rstrip())
    return "\n".join(lines).rstrip() + "\n"
