"""Where children go: shares of ways out that together give the published flows from stage to stage.

The published tables count flows (referrals, assessments, enquiries, conferences, plans), not who came from where. The
shares are therefore worked out so that the flows add up; what they cannot tell is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.official.making.lengths import little
from sim.official.published.areas import Area
from sim.official.published.finder import Finder, PublishedFigure, thousands

__all__ = ["LONG", "STEP_UP_A_YEAR", "InNeed", "PublishedRoutes", "in_need", "routes"]

STRAIGHT_TO_STRATEGY = 0.32
"""Share of all enquiries that start at the front door (assumption: 8 of Croydon's 24.9 for 100 referrals, 2017)."""
STEP_UP_A_YEAR = 0.12
EARLY_HELP = 0.08
STEP_DOWN = 0.80
CARE_SHARE = 0.60
USUAL_PRE_PROCEEDINGS = 0.20
LONG = 2.5
"""A ratio above this is no share of children but a change of recording; it is cut off (assumption)."""


@dataclass(frozen=True)
class InNeed:
    """Child in need plans: started in a year, open, and their mean working days."""

    started: float
    open: float
    days: float
    source: str
    own: bool


@dataclass(frozen=True)
class PublishedRoutes:
    """Shares of the ways out, with their sources; flows a year that follow from them."""

    door: dict[str, float]
    door_source: str
    assessment: dict[str, float]
    assessment_source: str
    conference: PublishedFigure
    planned: PublishedFigure
    assessed_per_referral: float
    assessments: float
    enquiries: float
    conferences: float
    plans: float


def in_need(finder: Finder) -> InNeed:
    """Child in need plans from file b7, which begins in 2022: the year nearest to the one asked for.

    Where the council has none, England's or the region's plans for each referral of the council.
    """
    for name, areas in (("", (finder.area,)), *finder.others()):
        published = [figures for area in areas if (figures := _plans_of(finder, area)) is not None]
        if not published:
            continue
        near, year = [plans.area for plans in published], published[0].year
        started, ended = sum(plans.started for plans in published), sum(plans.ended for plans in published)
        now = sum(plans.open for plans in published)
        before = max(0.0, now + ended - started)
        days = little(before, now, started, ended)
        scale = 1.0 / finder.average_of
        if name:
            mine, theirs = finder.children(), finder.children(near)
            scale = mine / theirs if mine and theirs else 0.0
            finder.note(
                f"{finder.area.name}: child in need plans ({finder.statistics.file('b7')}, {year}); used {name} instead"
            )
        where = f" in {name}, scaled to the council's children" if name else finder.each
        source = f"{thousands(started)} plans started, {thousands(ended)} ended and {thousands(now)} were open{where}"
        flow = (started + ended) / 2 * scale
        return InNeed(flow, (before + now) / 2 * scale, days, f"{source}; {finder.cite('b7', year)}", not name)
    referrals = finder.count("c1", "referrals", "referrals").value
    # England 2024: 185,660 plans started to 621,880 referrals, about 204 days each.
    finder.note(
        f"no file b7…csv: child in need plans of {finder.area.name} are taken as England's of 2024 for its referrals"
    )
    flow = referrals * 0.3
    return InNeed(
        flow, flow * 0.56, 141, "0.3 plans for each referral, about 204 days each: England 2024, file b7", False
    )


class _Plans(NamedTuple):
    area: Area
    year: int
    started: float
    ended: float
    open: float


def _plans_of(finder: Finder, area: Area) -> _Plans | None:
    """An area, the year nearest to the one asked for, and its plans started, ended and open; None without them."""
    year = finder.nearest("b7", "open", area)
    if year is None:
        return None
    figures = [finder.plain("b7", column, year, area) for column in ("started", "ended", "open")]
    known = [figure for figure in figures if figure is not None]
    if len(known) < 3 or not known[0] or not known[1]:
        return None
    return _Plans(area, year, *known)


def routes(finder: Finder, needs: InNeed, pre_proceedings: float, same_day: float) -> PublishedRoutes:
    """Work the shares out from the flows of the year, pooled with earlier years where children are few.

    `pre_proceedings` is the share of child protection plans that reach it, `same_day` that of assessments closed on the
    day of the referral.
    """
    referrals = finder.count("c1", "referrals", "referrals").value
    nfa = finder.ratio(("c1", "no_further_action"), ("c1", "referrals"), "no further action")
    assessed = finder.ratio(
        ("c2", "completed"), ("c1", "referrals"), "assessments completed to referrals", most=LONG, nought=False
    )
    enquiry = finder.ratio(
        ("c4", "enquiries"), ("c1", "referrals"), "section 47 enquiries to referrals", most=0.9, nought=False
    )
    conference = finder.ratio(
        ("c4", "conferences"), ("c4", "enquiries"), "conferences to enquiries", most=0.95, nought=False
    )
    planned = finder.ratio(
        ("d1", "started"), ("c4", "conferences"), "plans started to conferences", most=0.97, nought=False
    )

    stopped = min(nfa.value, 0.6)
    share_assessed = min(assessed.value, 1 - stopped)
    strategy = min(STRAIGHT_TO_STRATEGY * enquiry.value, share_assessed / 2)
    rest = max(0.0, 1 - stopped - share_assessed)
    door = {
        "no_further_action": stopped,
        "advice": rest / 2,
        "early_help": rest / 2,
        "assessment": share_assessed - strategy,
        "strategy_discussion": strategy,
    }
    over = (
        ""
        if assessed.value <= 1 - stopped
        else (
            " (more than one assessment for each referral: those of children who were open already are outside the "
            "pathway, and their hours are in the background hours of the assessment teams)"
        )
    )
    door_source = (
        f"{nfa.source}; {assessed.source}{over}; the share that goes straight to a strategy discussion (a third of all "
        "enquiries) and the split of the rest are assumptions"
    )

    children = referrals * share_assessed
    # An assessment that began with a strategy discussion, or was closed on the day, is none that leads to an enquiry.
    open_to_enquiry = referrals * door["assessment"] * (1 - same_day)
    enquiries = referrals * enquiry.value
    conferences = enquiries * conference.value
    plans = conferences * planned.value
    stepped_up = STEP_UP_A_YEAR * needs.open
    section_47 = _between((enquiries - referrals * strategy - stepped_up) / open_to_enquiry, 0.03, 0.5)
    # Plans that begin elsewhere: after a conference, a step-down, pre-proceedings or court.
    elsewhere = (
        conferences - plans + STEP_DOWN * plans * (1 - pre_proceedings) + plans * pre_proceedings * (0.12 + 0.18)
    )
    in_need_share = _between((needs.started - elsewhere) / children, 0.05, 0.92 - section_47 - 0.2)
    outcomes = {
        "close": 1 - EARLY_HELP - in_need_share - section_47,
        "early_help": EARLY_HELP,
        "child_in_need": in_need_share,
        "section_47": section_47,
    }
    source = (
        f"section 47: {enquiry.source}, less those from the front door and from plans; child in need: {needs.source}, "
        "less plans that begin after a conference, a step-down or court; the rest closes: an assumption"
    )
    return PublishedRoutes(
        door, door_source, outcomes, source, conference, planned, assessed.value,
        referrals * assessed.value, enquiries, conferences, plans,
    )  # fmt: skip


def _between(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
