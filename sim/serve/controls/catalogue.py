"""The controls that a scenario has, built from what it holds and what its schema allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from sim.scenario.sections import levers as kinds
from sim.scenario.sections.dated_lever import DatedLever
from sim.scenario.sections.workforce import TeamSection, Workers
from sim.serve.controls.control import Control, ControlGroup, limits, months_later, source_of
from sim.serve.controls.words import WORDS

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario
    from sim.scenario.schema import Scenario

__all__ = ["EXTRA_TEAM", "MOST_TEAMS", "first_lever", "groups", "head_count", "working_teams"]

MOST_TEAMS: Final = 12
"""Teams that get controls of their own."""
EXTRA_TEAM: Final = "surge team"
_EXPERIENCED: Final = ("social_worker", "senior", "agency")
_STAGES: Final = {
    "assessment": "assessments", "section_47": "enquiries", "child_in_need": "child in need plans",
    "child_protection": "child protection plans", "pre_proceedings": "pre-proceedings", "court": "court work",
}  # fmt: skip
_L = TypeVar("_L", bound=DatedLever)
_PAGE: Final = "The scenario has none: an assumption to begin with."


def working_teams(scenario: Scenario) -> list[str]:
    """Permanent teams that hold cases, in the order of the scenario."""
    return [
        name
        for name, team in scenario.teams.items()
        if set(team.stages) != {"front_door"} and team.start is None and team.workers
    ][:MOST_TEAMS]


def first_lever(scenario: Scenario, kind: type[_L]) -> tuple[int, _L] | None:
    """The first lever of a kind, with its place in the list."""
    return next(((n, lever) for n, lever in enumerate(scenario.levers) if isinstance(lever, kind)), None)


def head_count(team: TeamSection, *, newly_qualified: bool) -> int:
    """Workers of a team who are newly qualified, or who are not."""
    return sum(group.count for group in team.workers if (group.grade == "nqsw") == newly_qualified)


def groups(loaded: LoadedScenario) -> list[ControlGroup]:
    """The controls of a scenario, in groups; those that would change nothing are left out."""
    offered = [
        ControlGroup(
            "referrals", "Referrals", "How many children are referred, and a rise for a time.", (*_demand(loaded),)
        ),
        *_teams(loaded),
        ControlGroup(
            "extra",
            "A surge team",
            "A team of agency workers that comes for some months and then leaves.",
            (*_extra(loaded),),
        ),
        ControlGroup(
            "support",
            "Support for workers",
            "What gives workers time back, and what courts need.",
            (*_support(loaded),),
        ),
        ControlGroup(
            "practice",
            "Early help and practice",
            "Fewer referrals to assess, or a better custom.",
            (*_practice(loaded),),
        ),
    ]
    return [group for group in offered if group.controls]


def _dates(loaded: LoadedScenario, months: int = 6) -> dict[str, str]:
    period = loaded.scenario.period
    last = period.end - timedelta(days=30)
    usual = min(months_later(period.start, months), last)
    return {"value": usual.isoformat(), "first": period.start.isoformat(), "last": max(usual, last).isoformat()}


def _date(id_: str, label: str, hint: str, loaded: LoadedScenario, held: date | None, needs: str, path: int) -> Control:
    usual = _dates(loaded)
    value = usual["value"] if held is None else held.isoformat()
    source = _PAGE if held is None else source_of(loaded, ("levers", path, "at"))
    first, last = min(usual["first"], value), max(usual["last"], value)
    return Control(id_, label, hint, "date", value, first=first, last=last, source=source, needs=needs)


def _months(id_: str, label: str, hint: str, months: int, needs: str, loaded: LoadedScenario, source: str) -> Control:
    period = loaded.scenario.period
    most = max(1, round((period.end - period.start).days / 30.44))
    return Control(
        id_, label, hint, "number", float(min(months, most)), "months", 1, most, source=source, needs=needs
    )  # fmt: skip


def _demand(loaded: LoadedScenario) -> Iterator[Control]:
    scenario = loaded.scenario
    usual = scenario.demand.referrals_a_year
    if usual and not scenario.demand.monthly_referrals:
        step = 10.0 if usual >= 1000 else 1.0
        yield Control(
            "referrals", *WORDS["referrals"],
            "number", usual, "children", 0, _round_up(usual * 2.5), step,
            source=source_of(loaded, ("demand", "referrals_a_year")),
        )  # fmt: skip
    surge = first_lever(scenario, kinds.ReferralSurge)
    number, lever = surge if surge is not None else (0, None)
    low, _ = limits(kinds.ReferralSurge, "size")
    held = 0.0 if lever is None else 100 * lever.size
    yield Control(
        "surge.size", *WORDS["surge.size"],
        "percent", round(held, 4), "%", max(-80, 100 * (-1 if low is None else low)), max(150.0, held), 5,
        source=_PAGE if lever is None else source_of(loaded, ("levers", number, "size")),
    )  # fmt: skip
    yield _date(
        "surge.at",
        *WORDS["surge.at"],
        loaded,
        lever.at if lever else None,
        "surge.size",
        number,
    )
    until = lever.until if lever is not None else None
    months = 12
    if lever is not None:
        months = round(((until or scenario.period.end) - lever.at).days / 30.44)
    yield _months(
        "surge.months", *WORDS["surge.months"], max(1, months), "surge.size", loaded,
        source_of(loaded, ("levers", number, "until")) if until is not None else _PAGE,
    )  # fmt: skip


def _round_up(value: float) -> float:
    size = 10.0 ** max(1, len(str(int(value))) - 2)
    return float(-(-value // size) * size)


def _teams(loaded: LoadedScenario) -> Iterator[ControlGroup]:
    for number, name in enumerate(working_teams(loaded.scenario)):
        team = loaded.scenario.teams[name]
        work = [_STAGES[stage] for stage in team.stages if stage in _STAGES]
        title = name[:1].upper() + name[1:]
        hint = f"Works on {', '.join(work[:3])}{' and more' if len(work) > 3 else ''}."
        yield ControlGroup(
            f"team.{number}",
            title if "team" in name.lower() else f"{title} team",
            hint,
            (*_team(loaded, number, name),),
        )


def _team(loaded: LoadedScenario, number: int, name: str) -> Iterator[Control]:
    team = loaded.scenario.teams[name]
    source = source_of(loaded, ("teams", name, "workers"))
    experienced, newly = (head_count(team, newly_qualified=new) for new in (False, True))
    heads = experienced + newly
    _, most = limits(Workers, "count")
    highest = min(float(most or 20_000), max(10.0, _round_up(3 * max(heads, 1))))
    yield Control(
        f"team.{number}.workers", *WORDS["workers"],
        "number", experienced, "workers", 0, highest, source=source,
    )  # fmt: skip
    yield Control(
        f"team.{number}.newly", *WORDS["newly"],
        "number", newly, "workers", 0, highest, source=source,
    )  # fmt: skip
    caps = [group.cap for group in team.workers if group.count and group.grade != "nqsw" and group.cap != "none"]
    cap = float(caps[0]) if caps else 0.0
    yield Control(
        f"team.{number}.cap", *WORDS["cap"],
        "number", cap, "children", 0, max(40.0, cap), source=source,
    )  # fmt: skip
    caps = [group.cap for group in team.workers if group.grade == "nqsw" and group.cap != "none"]
    new_cap = float(caps[0]) if caps else cap
    yield Control(
        f"team.{number}.newly_cap", *WORDS["newly_cap"],
        "number", new_cap, "children", 0, max(40.0, new_cap), source=source, needs=f"team.{number}.newly",
    )  # fmt: skip
    if team.managers > 0:
        span = round(heads / team.managers, 1)
        yield Control(
            f"team.{number}.span", *WORDS["span"],
            "number", span, "workers", 2, max(25.0, span), 0.5, source=source_of(loaded, ("teams", name, "managers")),
        )  # fmt: skip


def _extra(loaded: LoadedScenario) -> Iterator[Control]:
    teams = working_teams(loaded.scenario)
    if not teams or EXTRA_TEAM in loaded.scenario.teams:
        return
    yield Control(
        "extra.size", *WORDS["extra.size"],
        "number", 0.0, "workers", 0, 40, source=_PAGE,
    )  # fmt: skip
    if len(teams) > 1:
        yield Control(
            "extra.helps", *WORDS["extra.helps"], "choice", "0",
            choices=tuple((str(n), name) for n, name in enumerate(teams)), source=_PAGE, needs="extra.size",
        )  # fmt: skip
    yield _date("extra.at", *WORDS["extra.at"], loaded, None, "extra.size", 0)
    yield _months(
        "extra.months",
        *WORDS["extra.months"],
        6,
        "extra.size",
        loaded,
        _PAGE,
    )


def _support(loaded: LoadedScenario) -> Iterator[Control]:
    scenario = loaded.scenario
    if working_teams(scenario):
        held = first_lever(scenario, kinds.BusinessSupport)
        number, lever = held if held is not None else (0, None)
        hours = 0.0 if lever is None else lever.hours_a_week
        yield Control(
            "support.hours", *WORDS["support.hours"],
            "number", hours, "hours a week", 0, max(8.0, hours), 0.5,
            source=_PAGE if lever is None else source_of(loaded, ("levers", number, "hours_a_week")),
        )  # fmt: skip
        yield _date(
            "support.at",
            *WORDS["support.at"],
            loaded,
            lever.at if lever else None,
            "support.hours",
            number,
        )
    solicitors = scenario.capacities.solicitors
    if solicitors != "none":
        now = next(iter(solicitors.values()))
        yield Control(
            "solicitors", *WORDS["solicitors"],
            "number", now, "solicitors", 0, max(20.0, _round_up(3 * now)), 0.25 if now < 2 else 1,
            source=source_of(loaded, ("capacities", "solicitors")),
        )  # fmt: skip


def _practice(loaded: LoadedScenario) -> Iterator[Control]:
    scenario = loaded.scenario
    held = first_lever(scenario, kinds.EarlyHelpDiversion)
    number, lever = held if held is not None else (0, None)
    _, high = limits(kinds.EarlyHelpDiversion, "share")
    yield Control(
        "early_help.share", *WORDS["early_help.share"],
        "percent", 0.0 if lever is None else round(100 * lever.share, 4), "%", 0, 100 * min(0.5, high or 1.0), 1,
        source=_PAGE if lever is None else source_of(loaded, ("levers", number, "share")),
    )  # fmt: skip
    yield _date(
        "early_help.at",
        *WORDS["early_help.at"],
        loaded,
        lever.at if lever else None,
        "early_help.share",
        number,
    )
    if scenario.stages.assessment.habit in (None, "none"):
        return
    held_standard = first_lever(scenario, kinds.PracticeStandard)
    number, standard = held_standard if held_standard is not None else (0, None)
    yield Control(
        "standard.target", *WORDS["standard.target"],
        "percent", 0.0 if standard is None else round(100 * standard.target, 4), "%", 0, 100, 1,
        source=_PAGE if standard is None else source_of(loaded, ("levers", number, "target")),
    )  # fmt: skip
    yield _date(
        "standard.at", *WORDS["standard.at"], loaded,
        standard.at if standard else None, "standard.target", number,
    )  # fmt: skip
