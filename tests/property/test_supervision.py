"""Supervision: as often as the cadence says, on hours that managers and workers have; late where there are none."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.model.recording import Recording
from sim.model.service import Service

pytestmark = pytest.mark.property

ONE = "locality team"
EVERY_THREE_WEEKS: dict[str, Any] = {"social_worker": "3 weeks"}
WITH: dict[str, Any] = {"people.supervision": {"every": EVERY_THREE_WEEKS}, f"teams.{ONE}.managers": 4}


def due_days(recording: Recording) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    table = recording.supervisions
    for worker, due in sorted(zip(table["worker"].tolist(), table["due"].tolist(), strict=True)):
        found.setdefault(worker, []).append(due)
    return found


def test_everybody_is_supervised_at_the_cadence(town: Any) -> None:
    recording: Recording = town.recording(WITH)
    table = recording.supervisions
    assert (table["held"] == table["due"]).all()  # managers enough
    found = due_days(recording)
    assert len(found) == len(recording.workers["worker"])
    for days in found.values():
        assert days[0] < 15
        assert set(np.diff(days).tolist()) == {15}
        assert days[-1] >= recording.horizon - 15
    assert len({days[0] for days in found.values()}) > 3  # not all on one day


def test_newly_qualified_workers_are_seen_weekly_then_fortnightly_then_monthly(town: Any) -> None:
    groups = [{"count": 8, "cap": 18}, {"count": 1, "cap": 12, "grade": "nqsw"}]
    recording: Recording = town.recording(WITH | {f"teams.{ONE}.workers": groups})
    days = due_days(recording)[9]
    gaps = list(zip(days, np.diff(days).tolist(), strict=False))
    assert {gap for day, gap in gaps if day < 30} == {5}
    assert {gap for day, gap in gaps if 30 <= day < 130} == {10}
    assert {gap for day, gap in gaps if day >= 130} == {21}


def test_hours_taken_are_those_of_the_supervisions_held(town: Any) -> None:
    with_it: Recording = town.recording(WITH)
    without: Recording = town.recording({f"teams.{ONE}.managers": 4})
    held, people = len(with_it.supervisions["due"]), len(with_it.workers["worker"])
    fewer = without.work["available"].sum() - with_it.work["available"].sum()
    assert fewer == pytest.approx(1.5 * held, abs=1.5 * people)  # spread over the weeks after each
    free = WITH["people.supervision"] | {"worker_hours": 0}
    no_change: Recording = town.recording(WITH | {"people.supervision": free})
    assert no_change.work["available"].sum() == pytest.approx(without.work["available"].sum())
    more = no_change.managers["used"].sum() - without.managers["used"].sum()
    assert more == pytest.approx(1.5 * len(no_change.supervisions["due"]), rel=0.01)


@pytest.mark.parametrize("managers", [0, 0.3])
def test_without_manager_hours_it_is_held_late_or_not_at_all(town: Any, managers: float) -> None:
    nobody_helps = {"sign_off.overflow_hours_a_week": 0}
    recording: Recording = town.recording(WITH | nobody_helps | {f"teams.{ONE}.managers": managers})
    table = recording.supervisions
    mine = table["team"] == 1
    held, due = table["held"][mine], table["due"][mine]
    if managers == 0:
        assert (held == -1).all()
        assert len(due) == len(set(table["worker"][mine].tolist()))
    else:
        late = (held - due)[held >= 0]
        assert late.max() > 5
        assert 1.5 * (held >= 0).sum() <= recording.managers["used"][recording.managers["team"] == 1].sum() + 1e-6


def test_a_worker_who_is_held_late_gives_no_more_hours(town: Any) -> None:
    scarce = {f"teams.{ONE}.managers": 0.3}
    with_it, without = town.recording(WITH | scarce), town.recording(scarce)
    held = (with_it.supervisions["held"] >= 0).sum()
    people = len(with_it.workers["worker"])
    fewer = without.work["available"].sum() - with_it.work["available"].sum()
    assert fewer <= 1.5 * (held + people) * 1.25  # one that is never held again costs its rate until then
    assert (with_it.work["worked"] <= with_it.work["available"] * 1.15 + 1e-6).all()


def test_nobody_is_supervised_while_away(town: Any) -> None:
    recording: Recording = town.recording(WITH | {"people.absence": {"sickness": {"share": "10%"}}})
    away: dict[int, set[int]] = {}
    table = recording.absences
    for worker, start, end in zip(*(table[name].tolist() for name in ("worker", "start", "end")), strict=True):
        away.setdefault(worker, set()).update(range(start, end))
    held = recording.supervisions
    rows = list(zip(*(held[name].tolist() for name in ("worker", "due", "held")), strict=True))
    assert len(rows) > 100
    for worker, due, day in rows:
        assert due not in away.get(worker, ())
        assert day not in away.get(worker, ())


def test_those_who_leave_owe_and_are_owed_nothing(town: Any) -> None:
    people = {"people.turnover": {"leaving_a_year": {"social_worker": 1}}, "people.recruitment": {"lag": "1 month"}}
    service: Service = town.service(WITH | people)
    recording = service.run()
    first = {worker.number: worker.start for worker in service.workforce.workers}
    last = {worker.number: worker.end for worker in service.workforce.workers}
    assert recording.workers["resigned"].sum() > 5
    for worker, days in due_days(recording).items():
        end = last[worker]
        assert days[0] >= first[worker]
        assert end is None or days[-1] <= end
    assert all(worker.in_post or worker.added("supervision") == 0 for worker in service.workforce.workers)


def test_a_worker_more_moves_nobodys_supervisions(town: Any) -> None:
    more = {"levers": [{"lever": "staffing", "at": "2016-09-01", "team": ONE, "add": {"count": 2, "cap": 18}}]}
    before, after = due_days(town.recording(WITH)), due_days(town.recording(WITH | more))
    assert {worker: days for worker, days in after.items() if worker in before} == before
    assert len(after) == len(before) + 2


LEVER = {"lever": "supervision", "at": "2016-09-01", "until": "2017-01-09", "every": "1 week"}


@pytest.mark.parametrize("only", [{}, {"team": ONE}, {"grade": "senior"}], ids=["all", "a team", "a grade"])
def test_the_lever_changes_the_cadence_from_its_date_to_its_end(town: Any, only: dict[str, str]) -> None:
    groups = {f"teams.{ONE}.workers": [{"count": 6, "cap": 18}, {"count": 3, "cap": 18, "grade": "senior"}]}
    service: Service = town.service(WITH | groups | {"levers": [LEVER | only]})
    recording = service.run()
    at, until = (service.calendar.index(date(*day)) for day in ((2016, 9, 1), (2017, 1, 9)))
    meant = {"team": lambda w: w.team.name == ONE, "grade": lambda w: w.grade == "senior"}
    for worker in service.workforce.workers:
        usual = 20 if worker.grade == "senior" else 15
        chosen = all(meant[name](worker) for name in only)
        days = due_days(recording)[worker.number]
        gaps = list(zip(days, np.diff(days).tolist(), strict=False))
        assert {gap for day, gap in gaps if day + gap < at} == {usual}
        assert {gap for day, gap in gaps if at <= day and day + gap < until} == {5 if chosen else usual}
        assert {gap for day, gap in gaps if day >= until} == {usual}


def test_managers_are_looked_for_among_the_days_decisions_first(town: Any) -> None:
    """Supervision slips before decisions do: with managers short, more of it costs decisions less than itself."""
    short = {f"teams.{ONE}.managers": 1, "demand.referrals_a_year": 400}
    cadences = ({"every": {"social_worker": every}} for every in ("8 weeks", "1 week"))
    plain, often = (town.recording(short | {"people.supervision": rules}) for rules in cadences)

    def decision_wait(recording: Recording) -> float:
        return float((recording.decisions["decided"] - recording.decisions["asked"]).mean())

    held = often.supervisions["held"] >= 0
    slipped = float((often.supervisions["held"] - often.supervisions["due"])[held].mean())
    assert slipped > decision_wait(often) - decision_wait(plain)
