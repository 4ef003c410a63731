"""The teaching scenario, seed 1, replication 0: the same trace and the same figures as when they were last written.

A change that is meant to alter results rewrites them, and the new tiny.json is read before it is committed:

    pytest tests/golden --regenerate-golden
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.model.recording import DECISIONS, STAGES, Recording

pytestmark = pytest.mark.golden

STORED = Path(__file__).with_name("tiny.json")
TABLES = (
    "cases", "spells", "visits", "reviews", "decisions", "transfers", "holdings", "workers", "managers", "conferences",
    "contacts", "work",
)  # fmt: skip
DECIMALS = 6
"""Hours are compared to this many decimals: their last bits may differ between machines."""


def mean(values: np.ndarray[Any, Any]) -> float | None:
    return round(float(values.mean()), 2) if len(values) else None


def fingerprint(table: Any) -> str:
    digest = hashlib.sha256()
    for name, column in table.items():
        if column.dtype.kind == "f":
            column = np.round(column, DECIMALS) + 0.0  # no -0.0
        digest.update(name.encode() + column.astype(column.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()


def stage_figures(recording: Recording, stage: int) -> dict[str, Any]:
    spells = {name: column[recording.spells["stage"] == stage] for name, column in recording.spells.items()}
    ended, given = spells["ended"] != -1, (spells["allocated"] >= 0) & (spells["entered"] >= 0)
    return {
        "spells": len(ended),
        "children": int(spells["children"].sum()),
        "open at the end": int((~ended).sum()),
        "mean working days, ended spells": mean((spells["ended"] - spells["entered"])[ended]),
        "mean wait for a worker": mean((spells["allocated"] - spells["entered"])[given]),
    }


def figures(recording: Recording) -> dict[str, Any]:
    """What a reader can recognise, so that a change shows where it bites."""
    decisions, visits = recording.decisions, recording.visits
    return {
        "events": recording.events,
        "cases": len(recording.cases["case"]),
        "children": int(recording.cases["children"].sum()),
        "re-referrals": int(recording.cases["rereferral"].sum()),
        "contacts": int(recording.contacts["contacts"].sum()),
        "hours asked": round(float(recording.work["asked"].sum()), 1),
        "hours worked": round(float(recording.work["worked"].sum()), 1),
        "manager hours used": round(float(recording.managers["used"].sum()), 1),
        "conferences held": int((recording.spells["conference"] >= 0).sum()),
        "visits": len(visits["day"]),
        "visits late": int((visits["day"] - visits["previous"] > visits["limit"]).sum()),
        "stages": {name: stage_figures(recording, code) for code, name in enumerate(STAGES)},
        "decisions": {
            name: {
                "made": int((decisions["kind"] == code).sum()),
                "mean wait": mean((decisions["decided"] - decisions["asked"])[decisions["kind"] == code]),
            }
            for code, name in enumerate(DECISIONS)
        },
        "tables": {
            name: {
                "rows": len(next(iter(getattr(recording, name).values()))),
                "sha256": fingerprint(getattr(recording, name)),
            }
            for name in TABLES
        },
    }


def moved(before: Any, after: Any, path: str = "") -> list[str]:
    """The figures that differ, a line each."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = [*before, *(name for name in after if name not in before)]
        return [line for name in names for line in moved(before.get(name), after.get(name), f"{path} / {name}")]
    return [] if before == after else [f"{path.removeprefix(' / ')}: {before} -> {after}"]


def test_the_teaching_scenario_gives_the_stored_trace(town: Any, pytestconfig: pytest.Config) -> None:
    found = figures(town.recording())
    if pytestconfig.getoption("--regenerate-golden"):
        STORED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        return
    lines = moved(json.loads(STORED.read_text(encoding="utf-8")), found)
    if lines:
        said = "\n  ".join(lines)
        pytest.fail(
            f"{len(lines)} figures of the teaching scenario moved:\n  {said}\n"
            "If that is meant, run `pytest tests/golden --regenerate-golden` and commit tiny.json.",
            pytrace=False,
        )


def test_what_moved_is_said_by_name() -> None:
    before = {"cases": 5, "stages": {"court": {"spells": 1}}, "gone": 1}
    after = {"cases": 5, "stages": {"court": {"spells": 2}}, "new": 3}
    assert moved(before, before) == []
    assert moved(before, after) == ["stages / court / spells: 1 -> 2", "gone: 1 -> None", "new: None -> 3"]
