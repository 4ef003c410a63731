"""Luck belongs to a child and a decision: nothing else that happens in the run changes it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calendar import WorkingDayCalendar
from sim.model.recording import Recording
from sim.model.service import Service
from sim.streams import CaseDraws, Streams

pytestmark = pytest.mark.property

YEAR = {"period.end": "2017-03-31"}
ONE = "locality team"


@pytest.mark.parametrize("busy", [False, True])
def test_recording_off_changes_nothing(town: Any, busy: bool) -> None:
    changes = YEAR | ({"demand.referrals_a_year": 900} if busy else {})
    states = []
    for record in (True, False):
        service: Service = town.service(changes, record=record)
        recording = service.run()
        open_spells = sorted(
            (case.key, spell.stage, spell.entered, spell.allocated, spell.work_done, spell.booked, spell.worker,
             tuple((m.order, m.urgent, m.due, m.remaining) for m in spell.milestones))
            for case in service.open_cases()
            for spell in case.spells.values()
        )  # fmt: skip
        loads = [(w.number, w.load, w.work.value_routine, w.work.wanted) for w in service.workforce.workers]
        states.append((recording.events, service.clock.now, open_spells, loads, service.conferences.used))
        assert bool(len(recording.spells["case"])) is record
    assert states[0] == states[1]


def months(children: int) -> dict[str, int]:
    return {f"{2016 + (month > 12)}-{(month - 1) % 12 + 1:02d}": children for month in range(4, 16)}


UNCONGESTED = YEAR | {
    "pace": "off",
    "sign_off": "none",
    "capacities": {},
    "stages.front_door.time_per_contact": 0,
    f"teams.{ONE}.workers": [{"count": 8}],
    "demand.referrals_a_year": 0,
    "demand.rereferral.share": "60%",
    "demand.rereferral.closed_before_start": 60,
}


@settings(max_examples=8)
@given(month=st.sampled_from(sorted(months(0))[:10]), children=st.integers(1, 40))
def test_one_more_referral_moves_no_other_child(town: Any, month: str, children: int) -> None:
    """In a service without congestion nobody's journey depends on anybody else's."""
    stated = months(children)
    without = town.recording(UNCONGESTED | {"demand.monthly_referrals": stated})
    more = town.recording(UNCONGESTED | {"demand.monthly_referrals": stated | {month: children + 1}})
    changed = set(more.cases["case"].tolist()) - set(without.cases["case"].tolist())
    sizes = dict(zip(without.cases["case"].tolist(), without.cases["children"].tolist(), strict=True))
    for case, size in zip(more.cases["case"].tolist(), more.cases["children"].tolist(), strict=True):
        if sizes.get(case, size) != size:
            changed.add(case)  # the last sibling group of the month was cut short without the one more
    assert 1 <= len({case >> 6 for case in changed}) == 1

    def rows(recording: Recording, name: str) -> list[tuple[Any, ...]]:
        table = getattr(recording, name)
        shown = [column for column in table if column not in ("worker",)]
        return sorted(
            row for row in zip(*(table[column].tolist() for column in shown), strict=True) if row[0] not in changed
        )

    for name in ("cases", "spells", "visits", "reviews"):
        assert rows(without, name) == rows(more, name), name


@settings(max_examples=8)
@given(level=st.sampled_from([200, 400, 3000]), more=st.sampled_from([1.01, 1.5]), seed=st.integers(1, 9))
def test_a_higher_level_adds_children_and_redraws_none(town: Any, level: int, more: float, seed: int) -> None:
    names = ("locality", "assessment_habit", "plan_work", "rereferral", "rereferral_gap")
    made = []
    for referrals in (level, level * more):
        changes = YEAR | {"demand.referrals_a_year": referrals, "demand.over_dispersion": 1}
        service: Service = town.service(changes, seed)
        made.append(
            {
                case.key: [case.children, case.locality, case.referred, moment]
                + [case.draws.uniform(name) for name in names for _ in range(4)]
                for case, moment in service.arrivals.month(3)
            }
        )
    few, many = made
    assert set(few) <= set(many)
    assert all(many[key] == few[key] for key in few)


def until(recording: Recording, day: int) -> dict[str, list[tuple[Any, ...]]]:
    """What had happened before a day, as rows in order, with what came later shown as not yet."""
    kept: dict[str, list[tuple[Any, ...]]] = {}
    times = {
        "cases": ("referred", ()),
        "spells": ("entered", ("allocated", "work_done", "ended", "conference")),
        "visits": ("day", ()),
        "reviews": ("day", ()),
        "decisions": ("decided", ()),
        "holdings": ("start", ("end",)),
        "contacts": ("decided", ()),
    }
    for name, (first, later) in times.items():
        columns = {column: values.copy() for column, values in getattr(recording, name).items()}
        for column in later:
            columns[column][columns[column] >= day] = -1
        if name == "spells":
            open_then = columns["ended"] == -1
            for column in ("outcome", "team", "worker", "clock_start"):
                columns[column][open_then] = -1
        if name == "contacts":
            columns["decided"][columns["decided"] == -1] = 10**6
        begun = columns[first] < day
        kept[name] = sorted(zip(*(values[begun].tolist() for values in columns.values()), strict=True))
    return kept


LATE_LEVERS: list[dict[str, Any]] = [
    {"lever": "staffing", "team": ONE, "add": {"count": 1, "cap": 20}},
    {"lever": "cap", "team": ONE, "cap": 3},
    {"lever": "referral_surge", "size": "100%"},
    {"lever": "referral_surge", "size": "-50%"},
    {"lever": "early_help_diversion", "share": "60%"},
    {"lever": "rereferral_prevention", "reduction": "100%"},
    {"lever": "routing", "stage": "assessment", "outcomes": {"close": "100%"}},
    {"lever": "routing", "stage": "front_door", "outcomes": {"strategy_discussion": "50%"}},
    {"lever": "capacity", "capacity": "solicitors", "value": 0},
    {"lever": "allocation_policy", "policy": "oldest_first"},
]


@pytest.mark.parametrize("lever", LATE_LEVERS, ids=lambda lever: "-".join(map(str, lever.values())))
def test_a_lever_changes_nothing_before_its_date(town: Any, lever: dict[str, Any]) -> None:
    base = YEAR | {"demand.referrals_a_year": 700, f"teams.{ONE}.workers": [{"count": 5, "cap": 16}]}
    without = town.recording(base)
    with_lever = town.recording(base | {"levers": [lever | {"at": "2016-12-01"}]})
    calendar = WorkingDayCalendar(*(getattr(town.scenario(base).period, name) for name in ("start", "end")))
    day = calendar.index(calendar.start.replace(month=12, day=1))
    before, after = until(without, day), until(with_lever, day)
    for name, rows in before.items():
        if name == "contacts":
            # A day's contacts may be counted in other portions when a referral is decided; only their sum counts.
            totals = [Counter[int](), Counter[int]()]
            for total, found in zip(totals, (rows, after[name]), strict=True):
                for received, _, contacts in found:
                    total[received] += contacts
            assert totals[0] == totals[1]
        else:
            assert rows == after[name], name


PRINT_HASH = """
import hashlib, sys
from sim.model import simulate
from sim.scenario.reading.loader import load
scenario = load(sys.argv[1], ["period.end=2016-12-31", "demand.referrals_a_year=900"]).scenario
recording = simulate(scenario, 7, 3)
digest = hashlib.sha256()
for name in ("cases", "spells", "visits", "reviews", "decisions", "transfers", "holdings", "contacts", "work"):
    for column, values in getattr(recording, name).items():
        digest.update(column.encode() + values.tobytes())
print(digest.hexdigest(), recording.events)
"""


def test_results_do_not_depend_on_the_hash_seed() -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", PRINT_HASH, str(root / "scenarios" / "tiny.yaml")]
    said = {
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, cwd=root, check=True, capture_output=True, timeout=60
        ).stdout
        for seed in ("0", "4242")
    }
    assert len(said) == 1


@pytest.mark.as_written
def test_no_two_streams_share_their_numbers_and_none_is_read_twice(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: dict[tuple[Any, ...], tuple[int, ...]] = {}
    read: dict[tuple[Any, ...], list[range]] = {}
    generator, part = Streams.generator, Streams.part

    def note(streams: Streams, name: str, key: tuple[int, ...], places: range) -> None:
        before = read.setdefault((name, *key), [])
        overlap = [other for other in before if other.start < places.stop and places.start < other.stop]
        assert not overlap, f"stream {name} {key} is read twice"
        before.append(places)
        opened[(name, *key)] = tuple(generator(streams, name, *key).integers(0, 2**63, 4).tolist())

    def noted_generator(self: Streams, name: str, *key: int) -> np.random.Generator:
        note(self, name, key, range(2**62))
        return generator(self, name, *key)

    def noted_part(self: Streams, name: str, key: tuple[int, ...], start: int, many: int) -> Any:
        note(self, name, key, range(start, start + many))
        return part(self, name, key, start, many)

    monkeypatch.setattr(Streams, "generator", noted_generator)
    monkeypatch.setattr(Streams, "part", noted_part)
    town.service({"demand.referrals_a_year": 900, "demand.rereferral.share": "60%"}).run()
    assert len(opened) > 1000
    assert any(len(parts) > 1 for parts in read.values()), "rows that are drawn by themselves"
    assert len(set(opened.values())) == len(opened)


def test_seed_and_replication_each_make_other_numbers() -> None:
    firsts = {Streams(seed, replication).generator("a", 1).random() for seed in range(12) for replication in range(12)}
    assert len(firsts) == 144
    draws = CaseDraws(Streams(1, 0).batch(1, 0, cases=3), 0)
    assert len({draws.uniform("x") for _ in range(100)}) == 100
