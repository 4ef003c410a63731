"""What a sound scenario says that may not be meant: figures out of all proportion, and words that change nothing.

Each doubt stands at its line. Those that `ask` are worth a question before a run; the others are only said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.counted_twice import counted_twice
from sim.scenario.errors.problems import Path, Place, Problem, find_place, path_text
from sim.scenario.sections import levers as kinds

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario
    from sim.scenario.schema import Scenario

__all__ = ["Doubt", "doubts_of"]

LARGEST_SURGE: Final = 3.0
"""A rise of 300%: the largest rise of referrals in one year at an English council of 2015-18 was below 100%."""
WIDEST_SPAN: Final = 30.0
LARGEST_CAP: Final = 60.0
_WORDS: Final = ("title", "question", "description")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that may not be meant, at its place; `ask` says whether a run should ask first."""

    problem: Problem
    ask: bool

    def __str__(self) -> str:
        return str(self.problem)


_Doubtful = tuple[Path, str, str, bool]
"""Path, what is doubtful, what would be right, whether to ask."""


def doubts_of(loaded: LoadedScenario) -> list[Doubt]:
    """Return the doubts about a loaded scenario, those that ask first, each with its file and line."""
    scenario = loaded.scenario
    rows: list[_Doubtful] = [
        *_out_of_proportion(scenario),
        *_outside_the_period(scenario),
        *_levers_without_effect(scenario),
        *(row for row in _switched_off(scenario, loaded.resolved) if not _inherited(loaded, row[0])),
        *_words(loaded),
        *((("people",), text, "", False) for text in counted_twice(scenario)),
    ]
    doubts = []
    for path, wrong, right, ask in rows:
        place = find_place(loaded.places, path, loaded.path)
        doubts.append(Doubt(Problem(place.file, place.line, path_text(path), wrong, right), ask))
    return sorted(doubts, key=lambda doubt: not doubt.ask)


def _out_of_proportion(scenario: Scenario) -> Iterator[_Doubtful]:
    for number, lever in enumerate(scenario.levers):
        path: Path = ("levers", number)
        if isinstance(lever, kinds.ReferralSurge) and lever.size > LARGEST_SURGE:
            right = f"write {lever.size:g}% if that is meant" if lever.size <= 100 else "write a rise such as +40%"
            yield (*path, "size"), f"{lever.size:g} is a rise of {100 * lever.size:,.0f}%", right, True
        if isinstance(lever, kinds.CapChange) and lever.cap > LARGEST_CAP:
            yield _wide_cap((*path, "cap"), lever.cap)
        if isinstance(lever, kinds.Staffing) and lever.add.cap != "none" and lever.add.cap > LARGEST_CAP:
            yield _wide_cap((*path, "add", "cap"), lever.add.cap)
        if isinstance(lever, kinds.Managers):
            yield from _wide_span((*path, "managers"), scenario, lever.team, lever.managers)
    for name, team in scenario.teams.items():
        for number, group in enumerate(team.workers):
            if group.cap != "none" and group.cap > LARGEST_CAP:
                yield _wide_cap(("teams", name, "workers", number, "cap"), group.cap)
        yield from _wide_span(("teams", name, "managers"), scenario, name, team.managers)


def _wide_cap(path: Path, cap: float) -> _Doubtful:
    right = "caps of 12 to 25 are usual; write cap: none where there is none"
    return path, f"a worker may hold {cap:g} children", right, True


def _wide_span(path: Path, scenario: Scenario, name: str, managers: float) -> Iterator[_Doubtful]:
    workers = sum(group.count * group.fte for group in scenario.teams[name].workers)
    if managers > 0 and workers / managers > WIDEST_SPAN:
        right = f"spans of 6 to 9 are usual: {max(1, round(workers / 8))} managers"
        yield path, f"each manager has {workers / managers:.0f} workers", right, True


def _outside_the_period(scenario: Scenario) -> Iterator[_Doubtful]:
    start, end = scenario.period.start, scenario.period.end
    right = f"the run is from {start} to {end}"

    def absent(path: Path, what: str, section: Any) -> Iterator[_Doubtful]:
        if section.start is not None and section.start > end:
            yield (*path, "start"), f"{what} come{_s(what)} after the run ends", right, True
        elif section.end is not None and section.end < start:
            yield (
                (*path, "end"),
                f"{what} {'have' if _s(what) == '' else 'has'} left before the run begins",
                right,
                True,
            )

    for name, team in scenario.teams.items():
        yield from absent(("teams", name), "the team", team)
        for number, group in enumerate(team.workers):
            yield from absent(("teams", name, "workers", number), "these workers", group)
    for number, lever in enumerate(scenario.levers):
        if lever.until is not None and lever.until <= start:
            yield ("levers", number, "until"), "the lever is over before the run begins", right, True
        elif lever.at < start:
            yield ("levers", number, "at"), f"{lever.at} is before the run begins", right, True
    for name in type(scenario.capacities).model_fields:
        values = getattr(scenario.capacities, name)
        if isinstance(values, dict):
            for day in values:
                if day != date.min and not start <= day <= end:
                    yield ("capacities", name, day.isoformat()), f"{day} is outside the run", right, True
    months = [month for month in scenario.demand.monthly_referrals if not f"{start:%Y-%m}" <= month <= f"{end:%Y-%m}"]
    if months:
        wrong = f"{len(months)} of the months lie outside the run, {months[0]} first; they are not used"
        yield ("demand", "monthly_referrals", months[0]), wrong, right, False


def _s(what: str) -> str:
    return "" if what.startswith("these") else "s"


def _levers_without_effect(scenario: Scenario) -> Iterator[_Doubtful]:
    for number, lever in enumerate(scenario.levers):
        nothing = _why_nothing(scenario, lever)
        if nothing:
            yield ("levers", number), nothing, "take the lever out, or change what it touches", False


def _why_nothing(scenario: Scenario, lever: Any) -> str:
    """Why a lever changes nothing, or an empty text."""
    name = f"the lever {lever.lever} changes nothing: "
    team = getattr(lever, "team", None)
    grade = getattr(lever, "grade", None)
    if grade is not None and grade not in _grades(scenario, team):
        return name + (f"{team} has no {grade} worker" if team else f"no team has a {grade} worker")
    if isinstance(lever, kinds.ReferralSurge) and lever.size == 0:
        return name + "its size is 0"
    if isinstance(lever, kinds.EarlyHelpDiversion) and lever.share == 0 and lever.contacts == 0:
        return name + "its shares are 0"
    if isinstance(lever, kinds.Staffing) and lever.add.count == 0:
        return name + "it adds 0 workers"
    if isinstance(lever, kinds.Retention) and scenario.people.turnover == "none":
        return name + "people.turnover is not simulated"
    if isinstance(lever, (kinds.Retention, kinds.RereferralPrevention)) and lever.reduction == 0:
        return name + "its reduction is 0"
    if isinstance(lever, kinds.RereferralPrevention) and scenario.demand.rereferral.mode != "feedback":
        return name + f"demand.rereferral.mode is {scenario.demand.rereferral.mode}"
    if isinstance(lever, kinds.AgencyRelease) and "agency" not in _grades(scenario, team):
        return name + (f"{team} has no agency worker" if team else "no team has an agency worker")
    if isinstance(lever, (kinds.Vacancy, kinds.CapChange, kinds.BusinessSupport)) and not _grades(scenario, team):
        return name + f"{team} has no workers"
    if isinstance(lever, kinds.ChairAbsence) and scenario.capacities.conference_slots_a_week == "none":
        return name + "capacities.conference_slots_a_week is none"
    return ""


def _grades(scenario: Scenario, team: str | None) -> set[str]:
    """Grades that a team, or any team, has at some time."""
    teams = scenario.teams.values() if team is None else [scenario.teams[team]]
    grades: set[str] = {group.grade for each in teams for group in each.workers if group.count}
    for lever in scenario.levers_of(kinds.Staffing):
        if team in (None, lever.team) and lever.add.count:
            grades.add(lever.add.grade)
    people = scenario.people
    if "nqsw" in grades and people.newly_qualified != "none":
        grades.add("social_worker")
    vacancies = people.turnover != "none" or bool(scenario.levers_of(kinds.Vacancy))
    if grades and vacancies and people.recruitment != "none":
        grades |= (
            {people.recruitment.grade, "agency"} if people.recruitment.agency_cover else {people.recruitment.grade}
        )
    return grades


def _inherited(loaded: LoadedScenario, path: Path) -> bool:
    """Whether a figure comes from a file that this one extends: it may switch off there what it does not need."""
    file = find_place(loaded.places, path, loaded.path).file
    return file != loaded.path and file in loaded.files


_OFF: Final[tuple[tuple[str, str, str], ...]] = (
    ("capacities.conference_session_slots", "capacities.conference_slots_a_week", "none"),
    ("capacities.conference_chair_absence", "capacities.conference_slots_a_week", "none"),
    ("capacities.cases_per_solicitor", "capacities.solicitors", "none"),
    ("stages.child_in_need.review_interval", "stages.child_in_need.first_review", "none"),
    ("stages.child_in_need.brought_forward", "stages.child_in_need.first_review", "none"),
    ("stages.child_protection.review_interval", "stages.child_protection.first_review", "none"),
    ("stages.child_protection.brought_forward", "stages.child_protection.first_review", "none"),
    ("stages.child_in_need.visit_earliest", "stages.child_in_need.visit_interval", "none"),
    ("stages.child_protection.visit_earliest", "stages.child_protection.visit_interval", "none"),
    ("stages.assessment.work_share", "stages.assessment.habit", "none"),
    ("stages.section_47.work_share", "stages.section_47.habit", "none"),
    ("demand.rereferral.share", "demand.rereferral.mode", "none"),
    ("demand.rereferral.share", "demand.rereferral.mode", "label"),
    ("demand.rereferral.mean_gap", "demand.rereferral.mode", "none"),
    ("demand.rereferral.closed_before_start", "demand.rereferral.mode", "none"),
    ("demand.rereferral.label_share", "demand.rereferral.mode", "none"),
    ("demand.rereferral.label_share", "demand.rereferral.mode", "feedback"),
    ("demand.rereferral.premature_closure.times", "demand.rereferral.mode", "none"),
    ("demand.rereferral.premature_closure.times", "demand.rereferral.mode", "label"),
)
"""A figure, the key that switches it off, and the value of that key which does."""


def _switched_off(scenario: Scenario, resolved: Mapping[str, Any]) -> Iterator[_Doubtful]:
    for figure, switch, value in _OFF:
        path: Path = tuple(figure.split("."))
        if _is_written(resolved, path) and _value(scenario, switch) == value:
            yield path, f"nothing reads it, because {switch} is {value}", "", False
    for stage in ("assessment", "section_47"):
        path = ("stages", stage, "work")
        if _is_written(resolved, path) and getattr(scenario.stages, stage).habit != "none":
            yield path, f"nothing reads it, because stages.{stage}.habit is given", "", False
    for name, team in scenario.teams.items():
        keys = {"finish_within": team.at_end != "finish", "wind_down": team.end is None and not _ends(scenario, name)}
        for key, off in keys.items():
            if off and _is_written(resolved, ("teams", name, key)):
                why = "at_end is not finish" if key == "finish_within" else "the team has no end"
                yield ("teams", name, key), f"nothing reads it, because {why}", "", False


def _ends(scenario: Scenario, team: str) -> bool:
    return any(lever.team == team for lever in scenario.levers_of(kinds.TeamEnd))


def _is_written(resolved: Any, path: Path) -> bool:
    for step in path:
        if not isinstance(resolved, dict) or step not in resolved:
            return False
        resolved = resolved[step]
    return True


def _value(section: Any, dotted: str) -> Any:
    for step in dotted.split("."):
        section = getattr(section, step)
    return section


def _words(loaded: LoadedScenario) -> Iterator[_Doubtful]:
    """A scenario without words of its own, so that reports cannot tell it from what it extends."""
    for key in _WORDS:
        place = loaded.places.get((key,), Place(loaded.path, None))
        if not str(loaded.resolved.get(key) or "").strip():
            yield (key,), f"there is no {key}", f"add {key}: and a sentence", False
        elif place.file != loaded.path and place.file in loaded.files:
            yield (key,), f"the {key} is that of the file it extends", f"add a {key} to {loaded.path}", False
