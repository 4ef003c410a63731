"""Mechanisms that make children wait, and scenarios with some of them switched off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.errors import RunError
from sim.scenario.errors.problems import ScenarioError

if TYPE_CHECKING:
    from sim.scenario.reading.loader import LoadedScenario

__all__ = ["MECHANISMS", "Mechanism", "mechanisms_of", "without"]

Document = dict[str, Any]


@dataclass(frozen=True)
class Mechanism:
    """Something that makes children wait.

    `label` names it in a table, `off` says what switching it off means, `needs` whether a scenario has it, and `switch`
    takes it out of the plain values of a scenario.
    """

    name: str
    label: str
    off: str
    needs: Callable[[Document], bool]
    switch: Callable[[Document], Document]


def _section(document: Document, *path: str) -> Any:
    value: Any = document
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _with(document: Document, value: Any, *path: str) -> Document:
    """A copy of nested values with one of them replaced."""
    first, *rest = path
    inner = document.get(first)
    changed = _with(inner if isinstance(inner, dict) else {}, value, *rest) if rest else value
    return document | {first: changed}


def _levers(document: Document) -> list[Any]:
    return list(document.get("levers") or [])


def _without_levers(document: Document, *kinds: str) -> Document:
    kept = [lever for lever in _levers(document) if lever.get("lever") not in kinds]
    return document | {"levers": kept} if len(kept) < len(_levers(document)) else document


def _has_lever(*kinds: str) -> Callable[[Document], bool]:
    return lambda document: any(lever.get("lever") in kinds for lever in _levers(document))


def _given(*path: str) -> Callable[[Document], bool]:
    return lambda document: _section(document, *path) not in (None, "none", "off")


def _casework(document: Document) -> dict[str, Any]:
    """Teams beyond the front door, by name."""
    teams = document.get("teams") or {}
    return {name: team for name, team in teams.items() if set(team.get("stages") or []) - {"front_door"}}


def _stages(document: Document) -> list[str]:
    stages: dict[str, None] = {}
    for team in _casework(document).values():
        stages |= dict.fromkeys(stage for stage in team["stages"] if stage != "front_door")
    return list(stages)


def _passes_cases_on(document: Document) -> bool:
    return any(set(_stages(document)) - set(team["stages"]) for team in _casework(document).values())


def _no_hand_offs(document: Document) -> Document:
    stages = _stages(document)
    for name, team in _casework(document).items():
        own = [stage for stage in team["stages"] if stage == "front_door"]
        document = _with(document, [*own, *stages], "teams", name, "stages")
    return document


def _uncapped(group: Document) -> Document:
    return group | {"cap_policy": "none"}


def _no_caps(document: Document) -> Document:
    for name, team in _casework(document).items():
        document = _with(document, [_uncapped(group) for group in team.get("workers") or []], "teams", name, "workers")
    levers = [
        lever | {"add": _uncapped(lever["add"])} if lever.get("lever") == "staffing" else lever
        for lever in _levers(_without_levers(document, "cap"))
    ]
    return document | {"levers": levers} if levers or "levers" in document else document


def _has_caps(document: Document) -> bool:
    groups = [group for team in _casework(document).values() for group in team.get("workers") or []]
    return any(group.get("cap") != "none" and group.get("cap_policy") != "none" for group in groups)


def _no_vacancies(document: Document) -> Document:
    document = _without_levers(document, "retention", "agency_release", "vacancy")
    return _with(_with(document, "none", "people", "turnover"), "none", "people", "recruitment")


CAPACITIES: Final = ("conference_slots_a_week", "legal_panel_slots_a_week", "solicitors", "final_hearings_a_week")


def _has_slots(document: Document) -> bool:
    return any(_given("capacities", name)(document) for name in CAPACITIES)


def _no_slots(document: Document) -> Document:
    for name in CAPACITIES:
        document = _with(document, "none", "capacities", name)
    return _without_levers(_with(document, 0.0, "capacities", "conference_chair_absence"), "capacity", "chair_absence")


def _off(*path: str, value: Any = "none", levers: Sequence[str] = ()) -> Callable[[Document], Document]:
    return lambda document: _with(_without_levers(document, *levers), value, *path)


MECHANISMS: Final[tuple[Mechanism, ...]] = (
    Mechanism(
        "surge", "The rise in referrals", "referrals do not rise", _has_lever("referral_surge"),
        lambda document: _without_levers(document, "referral_surge"),
    ),
    Mechanism("caps", "Full caps", "no worker has a cap", _has_caps, _no_caps),
    Mechanism(
        "vacancies", "Leavers and vacancies", "nobody leaves, and no post is vacant",
        lambda document: _given("people", "turnover")(document) or _has_lever("vacancy", "agency_release")(document),
        _no_vacancies,
    ),
    Mechanism(
        "hand_offs", "Hand-offs between teams", "every team keeps its cases from assessment to court",
        _passes_cases_on, _no_hand_offs,
    ),
    Mechanism(
        "absence", "Absence", "nobody is ever away, and hours at work rise by as much",
        _given("people", "absence"), _off("people", "absence"),
    ),
    Mechanism(
        "decisions", "Managers' decisions", "decisions are made at once",
        lambda document: _section(document, "sign_off") != "none", _off("sign_off"),
    ),
    Mechanism("returned", "Work returned at sign-off", "no work is returned", _has_lever("quality_gate"),
              lambda document: _without_levers(document, "quality_gate")),
    Mechanism("slots", "Slots, panels, solicitors and hearings", "there is always a slot and a solicitor",
              _has_slots, _no_slots),
    Mechanism("custom", "Customary dates of assessments", "assessments end when they are authorised",
              _given("stages", "assessment", "habit"),
              _off("stages", "assessment", "ends", value="when_authorised", levers=("practice_standard",))),
    Mechanism("load", "Work slowed by load", "all work goes on at full pace",
              lambda document: _section(document, "pace") != "off", _off("pace", value="off")),
)  # fmt: skip
"""In the order of tables."""

NAMES: Final = tuple(mechanism.name for mechanism in MECHANISMS)


def mechanisms_of(loaded: LoadedScenario, names: Collection[str] = ()) -> list[Mechanism]:
    """The mechanisms that a scenario has and that can be switched off in it, or those of them that are named.

    Raises:
        RunError: when a named mechanism is unknown, or the scenario has not got it.
    """
    for name in names:
        if name not in NAMES:
            raise RunError(f"there is no mechanism '{name}'; there are {', '.join(NAMES)}")
    chosen = []
    for mechanism in MECHANISMS:
        if names and mechanism.name not in names:
            continue
        if mechanism.needs(loaded.resolved):
            chosen.append(mechanism)
        elif names:
            raise RunError(f"{loaded.name} has no mechanism {mechanism.name} to switch off")
    if not chosen:
        raise RunError(f"{loaded.name} has none of the mechanisms that can be switched off: {', '.join(NAMES)}")
    return chosen


def without(loaded: LoadedScenario, off: Collection[Mechanism]) -> LoadedScenario:
    """The scenario with some mechanisms switched off.

    Raises:
        RunError: when that is not a sound scenario.
    """
    if not off:
        return loaded
    document = dict(loaded.resolved)
    for mechanism in MECHANISMS:
        if mechanism in off:
            document = mechanism.switch(document)
    try:
        return loaded.holding(document)
    except ScenarioError as error:
        labels = " and ".join(mechanism.name for mechanism in MECHANISMS if mechanism in off)
        raise RunError(
            f"{loaded.name} cannot be run without {labels} ({error}); choose others with --mechanism"
        ) from None
