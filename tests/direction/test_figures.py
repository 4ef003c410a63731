"""Every figure that a scenario can name moves what it should, and every lever of size zero changes nothing.

figures.yaml changes one figure of the busy service at a time and says which measure goes up or down. Every figure of
the schema has a row there, so that one which does nothing cannot slip in.

The figures of a lever stand in a file of its own, `levers/WORD.yaml`, under `figures`. Besides, the file holds

- `neutral`: the lever with a size at which it changes nothing, in the busy service of conftest.py;
- `to_come`: the lever on a late date, before which nothing moves (`tests/property/test_what_is_to_come.py`).

In both, `what` is a name, `set` the keys of the lever, and `from` what is laid over the service with and without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import yaml

from sim.model.recording import Recording
from sim.scenario.schema import Scenario
from sim.scenario.sections.base import Section
from sim.scenario.sections.levers import LEVERS

pytestmark = pytest.mark.direction

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("figures*.yaml"))
LEVER_FILES: dict[str, dict[str, Any]] = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(HERE.glob("levers/*.yaml"))
}
ROWS: list[dict[str, Any]] = [
    *(row for file in FILES for row in yaml.safe_load(file.read_text(encoding="utf-8")) or []),
    *(row for held in LEVER_FILES.values() for row in held["figures"]),
]
TABLES = ("cases", "spells", "visits", "reviews", "decisions", "transfers", "holdings", "contacts", "workers", "work")

NOT_SIMULATED = {
    "Scenario.title", "Scenario.short_title",
    "Scenario.description", "Scenario.question", "Scenario.theory", "Scenario.targets",
    "Scenario.costs",
    "Scenario.ensemble",  # taken by a study, not by the model (tests/unit/experiment/test_ensembles.py)
    # What is in time: counted in the monthly stocks (tests/unit/model/test_model_standards.py); nothing here waits by
    # due date against anything else.
    "FrontDoor.decision_standard", "Section47.standard",
    "TeamEnd.until",  # refused: a team that has left does not come back
}  # fmt: skip
NOT_FIGURES = {"lever", "cost_once", "cost_a_year", "cost_a_week", "cost_a_review"}
"""The word that names a lever; and money, which moves nothing else (tests/unit/model/test_model_money.py)."""
CONTAINERS = {"Scenario.levers", "Scenario.teams"}
ALSO_FIGURES = {
    "sources", "takes_held_cases", "pace", "sign_off", "workers", "add", "premature_closure", "leaks", "pooling",
}  # fmt: skip
"""Sections that may be left out or switched off: a choice of its own."""


def identical(first: Recording, other: Recording) -> bool:
    return all(
        np.array_equal(column, getattr(other, name)[label])
        for name in TABLES
        for label, column in getattr(first, name).items()
    )


def label(row: dict[str, Any]) -> str:
    ways = [f"{way} {row[way]}" for way in ("raises", "lowers", "moves") if way in row]
    return f"{row['figure']}={list(row['set'].values())[-1]!s:.60} {ways[0]}"


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_a_figure_moves_what_it_should(direction: Any, row: dict[str, Any]) -> None:
    base = direction.busy(row.get("surge_team", False)) | row.get("from", {})
    changed = base | row["set"]
    if "moves" in row:
        assert not identical(direction.runs(base, 1)[0], direction.runs(changed, 1)[0]), "nothing moved"
        return
    way, measure = (1, row["raises"]) if "raises" in row else (-1, row["lowers"])
    before, after = direction.mean(measure, base), direction.mean(measure, changed)
    assert (after - before) * way > 0, f"{measure} went from {before:.3f} to {after:.3f}"


def sections(kind: type[Section], figures_of: dict[str, set[str]]) -> None:
    """Gather the figures of a section and of those inside it, by name of the class."""
    if kind.__name__ in figures_of:
        return
    figures = figures_of[kind.__name__] = set()
    for name, info in kind.model_fields.items():
        inner = inside(info.annotation)
        for section in inner:
            sections(section, figures_of)
        if not inner or name in ALSO_FIGURES:
            figures.add(name)


def inside(annotation: Any) -> list[type[Section]]:
    """The sections that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [section for part in get_args(annotation) for section in inside(part)]


def test_every_figure_of_the_schema_is_tried() -> None:
    figures_of: dict[str, set[str]] = {}
    sections(Scenario, figures_of)
    for not_simulated in ("Target", "Costs"):
        figures_of.pop(not_simulated, None)
    named = {f"{kind}.{name}" for kind, names in figures_of.items() for name in names if name not in NOT_FIGURES}
    tried = {row["figure"] for row in ROWS}
    assert len(tried) > 100
    assert tried <= named
    assert named - tried - NOT_SIMULATED - CONTAINERS == set()


def test_every_lever_has_a_file_of_its_own() -> None:
    words = {get_args(kind.model_fields["lever"].annotation)[0] for kind in LEVERS}
    assert words == LEVER_FILES.keys()
    for word, held in LEVER_FILES.items():
        assert all(held[part] for part in ("neutral", "to_come", "figures")), word


NEUTRAL_LEVERS = [
    pytest.param(word, row, id=f"{word}: {row['what']}")
    for word, held in LEVER_FILES.items()
    for row in held["neutral"]
]


@pytest.mark.parametrize(("word", "row"), NEUTRAL_LEVERS)
def test_a_lever_of_size_zero_changes_nothing(direction: Any, word: str, row: dict[str, Any]) -> None:
    base = direction.busy(row.get("surge_team", False)) | row.get("from", {})
    changed = base | {"levers": [{"lever": word, "at": "2016-07-01"} | row["set"]]}
    assert identical(direction.runs(base, 1)[0], direction.runs(changed, 1)[0])


NEUTRAL: dict[str, dict[str, Any]] = {
    "closures under strain that are as the others": {"demand.rereferral.premature_closure": {"times": 1}},
    "sources that never pause": {"demand.sources": {"police": {"share": "30%"}, "others": {"share": "70%"}}},
    "chairs who are always there": {"capacities.conference_chair_absence": 0},
    "need that never rises": {"risk": {"rises_a_year": {}}},
    "rises that nobody notices": {
        "risk": {
            "noticed_at_visit": 0,
            "noticed_at_allocation": 0,
            "noticed_at_review": 0,
            "new_referrals_a_year": 0,
            "seen_every": "none",
        }
    },
    "caps that give to nobody": {
        "teams.assessment.workers": [
            {"count": 4, "cap": 11, "leaks": {"share": 0, "after": "never", "unallocated_per_worker": None}},
            {
                "count": 1,
                "cap": 11,
                "grade": "nqsw",
                "hours_a_week": 24,
                "leaks": {"share": 0, "after": "never", "unallocated_per_worker": None},
            },
        ]
    },
    "the receivers there were": {"allocation.receives": "emptiest"},
    "the transfers there were": {
        "transfer": {"delay": "0 working days", "sending_worker": "holds", "joint_visit_hours": 0}
    },
    "pooling where there is no locality": {"allocation.pooling": {"after": "5 working days"}},
    "nobody who leaves": {"people.turnover": {"leaving_a_year": {}}, "people.recruitment": {}},
    "nobody who is ever away": {
        "people.absence": {
            "annual_leave": {"days_a_year": 0},
            "sickness": {"share": 0},
            "parental": {"starting_a_year": 0},
        },
    },
    "absences of no kind": {"people.absence": {"annual_leave": "none", "sickness": "none", "parental": "none"}},
    "supervision that takes no time": {"people.supervision": {"manager_hours": 0, "worker_hours": 0}},
    "practice that load does not change": {
        "practice": {
            "juggling": {"hours_lost": 0},
            "under_load": {"shortest": 1, "overlooked": 0},
            "at_ease": {"sooner": 0},
            "thresholds": {"turned_away": 0},
            "custom": {"late_by_load": 0},
            "hand_over": {"reading_hours": 0, "first_visit_hours": 0, "trust": "0 working days"},
        }
    },
    "people who are all alike": {"people.differences": {"workers": 0, "managers": 0}},
    "nobody added to those who come back later": {"demand.rereferral.later": {}},
    "newly qualified who are as the others": {
        "people.newly_qualified": {
            "cap_by_month": {0: 99},
            "workload": 1,
            "protected_time": 0,
            "mentoring_hours_a_week": 0,
            "qualified_after": "10 years",
        },
    },
}


@pytest.mark.parametrize("change", NEUTRAL.values(), ids=NEUTRAL.keys())
def test_a_neutral_setting_changes_nothing(direction: Any, change: dict[str, Any]) -> None:
    base = direction.busy()
    assert identical(direction.runs(base, 1)[0], direction.runs(base | change, 1)[0])


AT_EASE: dict[str, dict[str, Any]] = {
    "sign-offs that get very short": {"sign_off.shortest_sign_off": "10%"},
    "hurried closures that come back": {"sign_off.hurried_returns": 5},
    "step-ups that are decided late": {"sign_off.step_up_delay": "30 working days"},
    "oversight that gives way": {"sign_off.oversight_kept": 0},
    "supervision that slips": {"sign_off.supervision_slips": "60 working days"},
    "workers who recognise nothing without supervision": {"people.supervision": {"sight_without": 0}},
}


@pytest.mark.parametrize("change", AT_EASE.values(), ids=AT_EASE.keys())
def test_what_gives_under_strain_changes_nothing_while_managers_are_at_ease(
    direction: Any, change: dict[str, Any]
) -> None:
    plenty = {f"teams.{team}.managers": 20 for team in ("front door", "assessment", "locality team")}
    base = direction.busy() | plenty | {"people.supervision": {}, "risk": {}}
    assert identical(direction.runs(base, 1)[0], direction.runs(base | change, 1)[0])


SURGE_NEUTRAL: dict[str, dict[str, Any]] = {
    "the endings there are by default": {"teams.surge team.takes": "all", "teams.surge team.at_end": "hand_back"},
    "no wind-down": {"teams.surge team.wind_down": "0 weeks"},
}


@pytest.mark.parametrize("change", SURGE_NEUTRAL.values(), ids=SURGE_NEUTRAL.keys())
def test_a_neutral_setting_of_a_surge_team_changes_nothing(direction: Any, change: dict[str, Any]) -> None:
    base = direction.busy(surge=True)
    assert identical(direction.runs(base, 1)[0], direction.runs(base | change, 1)[0])
