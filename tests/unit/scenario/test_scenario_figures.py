"""Where figures came from, and `--set`."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from sim.scenario.values.quantities import Duration

pytestmark = pytest.mark.unit


SOURCED = """\
title: Sourced
demand:
  referrals:
    value: {2016-04: 400, 2016-05: 410}
    source: Croydon single view
    date: 2017-11
    confidence: official
  over_dispersion: {value: 1.3, source: judgement, confidence: assumption, note: to be fitted}
teams:
  _source: {source: SWWF, date: 2017, confidence: official}
  assessment:
    workers:
      - {grade: nqsw, count: 2, cap: {value: 9, confidence: local}}
localities:
  _source: Borough
  north: 40%
  south: 60%
time: 7 working days
"""


def test_register_of_sources(files: Any) -> None:
    loaded = files.load(files.write(SOURCED))
    rows = {row.path: row for row in loaded.register}
    assert list(rows) == [
        "demand.referrals",
        "demand.over_dispersion",
        "teams.assessment.workers.0.count",
        "teams.assessment.workers.0.cap",
        "localities",
    ]
    first = rows["demand.referrals"]
    assert (first.source, first.date, first.confidence) == ("Croydon single view", "2017-11", "official")
    assert (first.file, first.line, first.value) == ("tiny.yaml", 4, {"2016-04": 400, "2016-05": 410})
    assert first.shown == "2016-04 400, 2016-05 410"
    assert rows["demand.over_dispersion"].note == "to be fitted"
    assert rows["localities"].confidence == "not stated"
    assert rows["localities"].value == {"north": "40%", "south": "60%"}
    assert rows["teams.assessment.workers.0.cap"].confidence == "local"
    assert loaded.unsourced == 1
    assert "_source" not in json.dumps(loaded.resolved)
    assert loaded.resolved["demand"]["over_dispersion"] == 1.3


def test_a_figure_that_is_changed_loses_the_source_it_had(files: Any) -> None:
    files.write(SOURCED)
    child = files.write(
        "extends: tiny.yaml\ndemand: {over_dispersion: 2, referrals: {2016-05: 500}}\n"
        "localities: {north: 0.5, south: {value: 0.5, source: Me}}\n",
        "child.yaml",
    )
    loaded = files.load(child)
    rows = {row.path: row for row in loaded.register}
    assert "demand.over_dispersion" not in rows
    assert rows["demand.referrals.2016-04"].value == 400
    assert "demand.referrals.2016-05" not in rows
    assert rows["localities.south"].source == "Me"
    assert "localities" not in rows
    assert loaded.unsourced == 4


def test_a_lever_with_a_value_is_not_a_figure(files: Any) -> None:
    text = files.good + "  - {lever: cap, team: assessment, value: 12}\n"
    assert files.load(files.write(text)).resolved["levers"][1] == {
        "lever": "cap",
        "team": "assessment",
        "value": 12,
    }


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "{value: 2, source: x, confidence: offical}",
            "'offical' is not a known confidence; did you mean 'official'?",
        ),
        (
            "{value: 2, source: x, confidnce: local}",
            "'confidnce' is not a known key of a source; did you mean",
        ),
        ("{value: 2, source: [x]}", "a list is not text"),
    ],
)
def test_what_is_wrong_with_a_source(files: Any, written: str, said: str) -> None:
    [line] = files.lines(files.write(f"title: x\ndemand:\n  referrals: 1\n  over_dispersion: {written}\n"))
    assert line.startswith("tiny.yaml:4: demand.over_dispersion.")
    assert said in line


def test_block_source_must_say_something(files: Any) -> None:
    [line] = files.lines(files.write("title: x\ndemand:\n  _source: [a]\n  referrals: 1\n"))
    assert line.startswith("tiny.yaml:3: demand._source: a list does not say a source")


def test_long_tables_are_shown_in_a_few_words(files: Any) -> None:
    months = ", ".join(f"2016-{month:02}: {month}" for month in range(1, 13))
    loaded = files.load(files.write(f"title: x\ndemand:\n  referrals: {{value: {{{months}}}, source: DfE}}\n"))
    assert loaded.register[0].shown == "12 figures, 1 to 12"


def test_overrides_change_values_and_are_logged(files: Any) -> None:
    path = files.write(files.good)
    loaded = files.load(
        path,
        [
            "demand.referrals=6000",
            "teams.assessment.workers.nqsw.count=3",
            "teams.assessment.workers.0.cap=none",
            "pace.strength=40%",
            "localities={north: 0.5, St. John: 0.4, south: 0}",
            "localities.St. John=0.5",
            "levers.surge.until=2018-10-01",
        ],
    )
    scenario = loaded.scenario
    assert scenario.demand.referrals == 6000
    assert [one.count for one in scenario.teams["assessment"].workers] == [4, 3]
    assert scenario.pace.strength == 0.4
    assert [(row.path, row.old, row.new) for row in loaded.overrides][:3] == [
        ("demand.referrals", "5,195", 6000),
        ("teams.assessment.workers.1.count", 2, 3),
        ("teams.assessment.workers.0.cap", 16, "none"),
    ]
    assert loaded.overrides[3].old is None
    assert loaded.content_hash != files.load(path).content_hash


def test_overrides_from_python(files: Any) -> None:
    loaded = files.load(
        files.write(files.good),
        {"demand__referrals": 10, "time": Duration(9), "levers.0.at": date(2018, 1, 1)},
    )
    assert loaded.scenario.demand.referrals == 10
    assert loaded.scenario.time.mean_working_days == 9
    assert loaded.resolved["levers"][0]["at"] == "2018-01-01"
    assert "a object cannot stand" in files.lines("tiny.yaml", {"time": object()})[0]


def test_override_with_a_source(files: Any) -> None:
    loaded = files.load(files.write(SOURCED), ["demand.over_dispersion={value: 2, source: Me, confidence: local}"])
    row = next(row for row in loaded.register if row.path == "demand.over_dispersion")
    assert (row.source, row.value, row.file) == ("Me", 2, "--set")
    assert "demand.over_dispersion" not in [
        row.path for row in files.load("tiny.yaml", ["demand.over_dispersion=2"]).register
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "demand.referals=3",
            "--set: demand.referals: there is no 'referals' in demand; did you mean 'referrals'?",
        ),
        ("deman.referrals=3", "--set: deman.referrals: there is no 'deman'; did you mean 'demand'?"),
        ("teams.assesment.workers.0.count=3", "there is no 'assesment' in teams; did you mean 'assessment'?"),
        ("teams.assessment.workers.nqws.count=3", "has no item 'nqws'; did you mean 'nqsw'?"),
        ("teams.assessment.workers.7.count=3", "has no item '7'"),
        ("demand.referrals", "--set: 'demand.referrals' does not set anything; write path.to.key=value"),
        ("demand.referrals=fourty", "--set: demand.referrals: 'fourty'"),
        ("demand.referrals=[", "--set: demand.referrals: this is not YAML"),
        ("title.x=3", "--set: title.x: there is no 'x' in title"),
        ("demand.over_dispersion=-1", "--set: demand.over_dispersion: -1 is not above 0"),
        ("=3", "does not set anything"),
        ("levers.0.sise=3", "there is no 'sise' in levers.0"),
    ],
)
def test_overrides_that_lead_nowhere(files: Any, text: str, said: str) -> None:
    [line] = files.lines(files.write(files.good), [text])
    assert said in line


def test_all_bad_overrides_are_reported(files: Any) -> None:
    assert len(files.lines(files.write(files.good), ["demnd.referrals=3", "titl=x"])) == 2
