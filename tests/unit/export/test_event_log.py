"""The event log of journeys made by hand, and what process-mining tools and vidigi ask of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from sim.export.event_log import EVENT_COLUMNS, POSITIONS, VIDIGI_COLUMNS, event_log, vidigi_log

pytestmark = pytest.mark.unit


def stay(child: int, stage: str, entered: str, allocated: str | None, ended: str | None, **more: Any) -> dict[str, Any]:
    row = {
        "scenario": "tiny", "replication": 0, "case": child, "child": child, "stage": stage, "team": "duty",
        "worker": 4, "entered": entered, "allocated": allocated, "work_done": None, "ended": ended,
        "outcome": "close" if ended else None,
    }  # fmt: skip
    return row | more


@pytest.fixture(scope="module")
def journeys() -> pd.DataFrame:
    rows = [
        stay(1, "front_door", "2016-04-01", None, "2016-04-01", worker=None, team=None, outcome="assessment"),
        stay(
            1, "assessment", "2016-04-01", "2016-04-05", "2016-05-03", work_done="2016-05-03", outcome="child_in_need"
        ),
        stay(1, "child_in_need", "2016-05-03", "2016-05-03", None),
        stay(2, "front_door", "2016-04-04", None, "2016-04-06", worker=None, team=None),
    ]
    frame = pd.DataFrame(rows)
    for name in ("entered", "allocated", "work_done", "ended"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def test_events_of_a_child_come_in_the_order_in_which_they_happened(journeys: pd.DataFrame) -> None:
    events = event_log(journeys)
    assert list(events.columns) == list(EVENT_COLUMNS)
    first = events[events["case:concept:name"] == "simulated tiny/0/1"]
    assert first["concept:name"].tolist() == [
        "Front door begins", "Front door ends: assessment", "Assessment begins", "Assessment is allocated",
        "Assessment: work is done", "Assessment ends: child in need", "Child in need begins",
        "Child in need is allocated",
    ]  # fmt: skip
    assert first["time:timestamp"].is_monotonic_increasing
    assert first["time:timestamp"].is_unique
    assert first["time:timestamp"].dt.date.astype(str).tolist()[3] == "2016-04-05"
    assert first["org:resource"].tolist()[2:4] == ["duty", "worker 4"]


def test_every_case_says_that_it_is_simulated(journeys: pd.DataFrame) -> None:
    assert event_log(journeys)["case:concept:name"].str.startswith("simulated ").all()


def test_vidigi_gets_one_arrival_and_departure_and_a_place_for_each_event(journeys: pd.DataFrame) -> None:
    log = vidigi_log(journeys)
    assert list(log.columns) == list(VIDIGI_COLUMNS)
    assert set(log["event"]) <= set(POSITIONS)
    mine = log[log["entity_id"] == 1]
    assert list(zip(mine["event"], mine["time"], strict=True)) == [
        ("arrival", 0), ("front_door", 0), ("assessment_waits", 0), ("assessment", 4), ("child_in_need", 32),
    ]  # fmt: skip
    assert log[log["event"] == "depart"][["entity_id", "time"]].to_numpy().tolist() == [[2, 5]]
    assert set(log["event_type"]) == {"arrival_departure", "queue"}
