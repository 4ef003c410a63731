"""A first scenario of a user's own: written from a few answers, commented, and sound as it stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.errors.faults import show
from sim.scenario.errors.problems import Problem, ScenarioError, did_you_mean

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
    from sim.scenario.sections.workforce import TeamSection

__all__ = ["COUNCILS", "Answers", "new", "scenario_text"]

AVERAGE: Final = "england"
COUNCILS: Final[dict[str, str]] = {
    AVERAGE: "england-average",
    "croydon": "croydon-2017",
    "rutland": "rutland-base",
    "surrey": "surrey-base",
    "wirral": "wirral-base",
}
"""The councils that a scenario can start from, and the shipped scenario of each."""
SIZES: Final[dict[str, float]] = {"small": 1_000, "medium": 4_065, "large": 9_000}
"""Referrals a year of councils of three sizes; the average council of England had 4,065 in 2023-24."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,59}")


@dataclass(frozen=True)
class Answers:
    """What a new scenario is to be; whatever is None stays as the council has it.

    Args:
        council: a key of `COUNCILS`; `england` is an average council, scaled to `referrals`.
        referrals: children referred in a year.
        workers: social workers who hold cases, newly qualified and agency workers included (heads).
        newly_qualified: how many of them are newly qualified.
        cap: children that a full-time worker may hold at once.
        surge: rise of referrals after six months, as a share (0.4 is +40%).
    """

    council: str = AVERAGE
    referrals: float | None = None
    workers: int | None = None
    newly_qualified: int = 0
    cap: float | None = None
    surge: float = 0.0


def new(name: str, answers: Answers = Answers(), folder: Path | str = ".") -> Path:
    """Write a new scenario to `NAME.yaml` in a folder and return the file.

    Raises:
        ScenarioError: when the name cannot be a file's, the file is there already, or the answers do not go together.
    """
    from sim.scenario import load

    if not _NAME.fullmatch(name):
        right = "use letters, digits, spaces, - and _, 60 at most"
        raise ScenarioError([Problem("", None, "", f"{show(name)} is not a name for a scenario", right)])
    path = Path(folder) / f"{name}.yaml"
    text = scenario_text(name, answers)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise ScenarioError([Problem(str(path), None, "", "this file is there already", "give another name")]) from None
    except OSError as error:
        raise ScenarioError(
            [Problem(str(path), None, "", f"it cannot be written ({error.strerror})", "choose another folder")]
        ) from None
    try:
        load(path)
    except ScenarioError:
        path.unlink()
        raise
    return path


def scenario_text(name: str, answers: Answers) -> str:
    """Return the text of a new scenario.

    Raises:
        ScenarioError: when there is no such council, or more workers are newly qualified than there are.
    """
    from sim.scenario import load

    if answers.council not in COUNCILS:
        right = did_you_mean(answers.council, COUNCILS)
        raise ScenarioError([Problem("", None, "council", f"there is no council {show(answers.council)}", right)])
    base = load(COUNCILS[answers.council]).scenario
    usual = base.demand.referrals_a_year or 0.0
    referrals = usual if answers.referrals is None else answers.referrals
    scale = referrals / usual if answers.council == AVERAGE and usual > 0 else 1.0
    holding = {key: team for key, team in base.teams.items() if set(team.stages) != {"front_door"}}
    heads = {key: sum(group.count for group in team.workers) for key, team in holding.items()}
    workers = answers.workers
    if workers is None:
        workers = max(len(holding), round(sum(heads.values()) * scale))
    if answers.newly_qualified > workers:
        wrong = f"{answers.newly_qualified} newly qualified are more than the {workers} workers"
        raise ScenarioError([Problem("", None, "newly_qualified", wrong, f"write {workers} or fewer")])
    lines = _head(name, answers, referrals)
    lines += _demand(base, referrals, scale)
    changed = scale != 1.0 or answers.workers is not None or answers.newly_qualified or answers.cap is not None
    if changed:
        staffed = _shared(workers, heads)
        trainees = _shared(answers.newly_qualified, staffed)
        lines += [
            "",
            "# Who does the work. A list of workers replaces that of the file above; the rest of a team stays.",
        ]
        lines.append("teams:")
        for key, team in base.teams.items():
            if key in holding:
                lines += _team(key, team, staffed[key], trainees[key], heads[key], answers.cap, scale)
            elif scale != 1.0:
                count = max(1, round(sum(group.count for group in team.workers) * scale))
                lines += [f"  {key}:", f"    workers: [{{count: {count}}}]"]
        if answers.newly_qualified and base.people.newly_qualified == "none":
            lines += ["", "# Newly qualified workers hold fewer children in their first year and have protected time."]
            lines += ["people:", "  newly_qualified: {}"]
    if scale != 1.0:
        lines += _scaled(base, scale)
    lines += _levers(base, answers)
    return "\n".join(lines) + "\n"


def _head(name: str, answers: Answers, referrals: float) -> list[str]:
    place = "an average council of England" if answers.council == AVERAGE else answers.council.capitalize()
    surge = f", referrals up {answers.surge:.0%}" if answers.surge else ""
    return [
        "# A scenario of your own. Check it with frontdoor check, run it with frontdoor run; docs/scenarios.md lists",
        "# everything that can stand here. frontdoor check --defaults shows every figure that this file leaves out.",
        f"title: {json.dumps(name + surge)}",
        f"question: How do delay and drift develop with {referrals:,.0f} referrals a year{surge}?",
        f"description: Starts from {place}; the figures below were given when the file was made.",
        "",
        "# Everything that this file does not name is as in the shipped scenario.",
        f"extends: {COUNCILS[answers.council]}",
    ]


def _demand(base: Scenario, referrals: float, scale: float) -> list[str]:
    if referrals == base.demand.referrals_a_year:
        return ["", "# demand:", f"#   referrals_a_year: {referrals:g}   # children referred in a year"]
    lines = ["", "demand:", f"  referrals_a_year: {referrals:g}   # children"]
    if scale != 1.0:
        closed = round(base.demand.rereferral.closed_before_start * scale)
        lines.append(f"  rereferral: {{closed_before_start: {closed}}}   # they may still come back")
    return lines


def _team(
    key: str, team: TeamSection, staffed: int, trainees: int, before: int, cap: float | None, scale: float
) -> list[str]:
    """A team with its workers: agency workers keep their share of those who are qualified."""
    known = next((group.cap for group in team.workers if group.cap != "none"), "none")
    written = known if cap is None else cap
    agency = sum(group.count for group in team.workers if group.grade == "agency")
    qualified = staffed - trainees
    hired = min(qualified, round(qualified * agency / before)) if before else 0
    counts = {"social_worker": qualified - hired, "nqsw": trainees, "agency": hired}
    shown = "none" if written == "none" else f"{float(written):g}"
    lines = [f"  {key}:", "    workers:"]
    lines += [f"      - {{count: {count}, grade: {grade}, cap: {shown}}}" for grade, count in counts.items() if count]
    if not any(counts.values()):
        lines[-1] = "    workers: []"
    managers = max(1.0, round(team.managers * (staffed / before if before else 1.0), 1))
    lines.append(f"    managers: {managers:g}")
    if team.background_hours_a_week and scale != 1.0:
        lines.append(f"    background_hours_a_week: {team.background_hours_a_week * scale:.0f}")
    return lines


def _scaled(base: Scenario, scale: float) -> list[str]:
    """Capacities and the opening caseload, which go with the size of the council."""
    lines = ["", "# Capacities and the caseload of the first day, in proportion to the referrals.", "capacities:"]
    for key in ("conference_slots_a_week", "legal_panel_slots_a_week", "solicitors", "final_hearings_a_week"):
        dated: Any = getattr(base.capacities, key)
        if dated != "none":
            lines.append(f"  {key}: {max(0.25, round(4 * next(iter(dated.values())) * scale) / 4):g}")
    lines.append("opening:")
    for key in type(base.opening).model_fields:
        children = getattr(base.opening, key).children
        if children:
            lines.append(f"  {key}: {{children: {round(children * scale)}}}")
    return lines


def _levers(base: Scenario, answers: Answers) -> list[str]:
    at = _months_later(base.period.start, 6)
    until = _months_later(base.period.start, 18)
    lever = [
        "levers:",
        "  - lever: referral_surge",
        f"    at: {at}",
        f"    size: {answers.surge or 0.4:+.0%}",
        "    ramp: 3 months       # reached over this time",
        f"    until: {until}",
        "    decay: 12 months     # falls back over this time",
    ]
    if answers.surge:
        return ["", "# Dated changes, in the order in which you think of them.", *lever]
    return ["", "# Dated changes stand here. A surge, for example:", *(f"# {line}" for line in lever)]


def _shared(total: int, weights: dict[str, int]) -> dict[str, int]:
    """Share a whole number out in proportion to weights; the largest remainders get the rest."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole if whole else total / len(weights) for key, weight in weights.items()}
    shares = {key: int(share) for key, share in exact.items()}
    for key in sorted(exact, key=lambda key: shares[key] - exact[key])[: total - sum(shares.values())]:
        shares[key] += 1
    return shares


def _months_later(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
