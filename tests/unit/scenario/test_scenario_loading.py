"""Reading good scenario files: merging, shipped names, the JSON Schema."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.errors.problems import Problem, ScenarioError, did_you_mean
from sim.scenario.reading import shipped
from sim.scenario.reading.editor_schema import schema_of
from sim.scenario.reading.inheritance import locate
from sim.scenario.reading.loader import content_hash
from sim.scenario.reading.yaml_reader import read_text

pytestmark = pytest.mark.unit


def test_reads_a_good_file(files: Any) -> None:
    loaded = files.load(files.write(files.good))
    assert loaded.scenario.demand.referrals == 5195
    assert loaded.scenario.teams["assessment"].workers[0].cap == 16
    assert loaded.name == "tiny"
    assert loaded.path == "tiny.yaml"
    assert loaded.register == ()
    assert loaded.unsourced == 4
    assert json.loads(json.dumps(loaded.resolved)) == loaded.resolved
    assert len(loaded.content_hash) == 64
    copy = pickle.loads(pickle.dumps(loaded))
    assert copy == loaded


def test_yaml_words_mean_what_they_say(files: Any) -> None:
    assert files.load(files.write(files.good + "pace: off\n")).scenario.pace == "off"
    read = read_text("[off, no, yes, 12:30, 2016-04-01, 0o7, 1_000, .5, ~, 'true', true, 1e400, 0123]", "x").value
    assert read == [
        "off",
        "no",
        "yes",
        "12:30",
        "2016-04-01",
        "0o7",
        1000,
        0.5,
        None,
        "true",
        True,
        "1e400",
        123,
    ]


def test_hash_ignores_order_and_form(files: Any) -> None:
    assert content_hash({"a": 1, "b": 2.0}) == content_hash({"b": 2, "a": 1.0})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_a_few_anchors_are_allowed(files: Any) -> None:
    text = files.good.replace("  assessment:", "  assessment: &same") + ""
    loaded = files.load(files.write(text.replace("levers:", "  second: *same\nlevers:")))
    assert loaded.scenario.teams["second"] == loaded.scenario.teams["assessment"]


def test_extends_merges_mappings_and_replaces_lists(files: Any) -> None:
    files.write(files.good, "base/tiny.yaml")
    child = files.write(
        "extends: base/tiny.yaml\ntitle: Child\ndemand: {over_dispersion: 2}\nlevers: []\n", "child.yaml"
    )
    loaded = files.load(child)
    assert loaded.scenario.title == "Child"
    assert loaded.scenario.demand.model_dump() == {
        "referrals": 5195,
        "over_dispersion": 2,
        "season": "england",
    }
    assert loaded.scenario.levers == []
    assert loaded.files == ("base/tiny.yaml", "child.yaml")
    assert "extends" not in loaded.resolved


def test_another_distribution_replaces_the_first(files: Any) -> None:
    files.write(files.good + "time: {distribution: bands, bands: {1-10: 1}}\n")
    child = files.write("extends: tiny.yaml\ntime: {distribution: gamma, mean: 9 wd, cv: 1}\n", "child.yaml")
    assert files.load(child).scenario.time.mean_working_days == 9
    part = files.write("extends: child.yaml\ntime: {cv: 2}\n", "part.yaml")
    assert files.load(part).resolved["time"] == {"distribution": "gamma", "mean": "9 wd", "cv": 2}


def test_a_problem_is_shown_in_the_file_it_came_from(files: Any) -> None:
    files.write(files.good.replace("5,195", "fourty"))
    child = files.write("extends: tiny.yaml\n\ndemand:\n  over_dispersion: 0\n", "child.yaml")
    first, second = files.lines(child)
    assert first == "child.yaml:4: demand.over_dispersion: 0 is not above 0; write a number above 0, such as 1.5"
    assert second.startswith("tiny.yaml:3: demand.referrals: 'fourty' is not a number; write a number")


def test_cycles_are_refused_with_their_chain(files: Any) -> None:
    files.write("extends: b.yaml\n", "a.yaml")
    files.write("# second\nextends: c.yaml\n", "b.yaml")
    files.write("extends: a.yaml\n", "c.yaml")
    assert files.lines("a.yaml") == [
        "c.yaml:1: extends: it extends itself: a.yaml -> b.yaml -> c.yaml -> a.yaml; take one extends out"
    ]
    files.write("extends: self.yaml\n", "self.yaml")
    assert "self.yaml:1: extends: it extends itself" in files.lines("self.yaml")[0]


def test_extends_something_missing(files: Any) -> None:
    files.write(files.good)
    said = files.lines(files.write("extends: tny.yaml\n", "child.yaml"))
    assert said == [
        "child.yaml:1: extends: there is no file 'tny.yaml' beside this one, "
        "and no shipped scenario of that name; did you mean 'tiny.yaml'?"
    ]
    assert "a list is not a file name" in files.lines(files.write("extends: [a, b]\n", "child.yaml"))[0]
    assert "is not a file name" in files.lines(files.write(f"extends: {'x' * 5000}\n", "child.yaml"))[0]


def test_too_long_a_chain(files: Any) -> None:
    for number in range(25):
        files.write(f"extends: f{number + 1}.yaml\n", f"f{number}.yaml")
    files.write(files.good, "f25.yaml")
    assert "the chain is too long" in files.lines("f0.yaml")[0]


def test_json_schema(files: Any) -> None:
    schema = schema_of(files.model)
    text = json.dumps(schema)
    assert {"extends", "title", "demand"} <= set(schema["properties"])
    assert '"required": ["title"' not in text
    over = schema["$defs"]["Demand"]["properties"]["over_dispersion"]
    assert over["anyOf"][1]["properties"]["value"] == over["anyOf"][0]
    assert "_source" in schema["$defs"]["Demand"]["properties"]
    assert schema["properties"]["title"]["type"] == "string"


def test_did_you_mean() -> None:
    assert did_you_mean("Referals", ["referrals", "season"]) == "did you mean 'referrals'?"
    assert did_you_mean("referrals", ["rereferral", "referrals_a_year"]) == "did you mean 'referrals_a_year'?"
    assert did_you_mean("sw", ["nqsw", "senior"]) == "use one of nqsw, senior"
    assert did_you_mean("x", ["off"]) == "write off"
    assert did_you_mean("xyz", ["a", "b"]) == "use one of a, b"
    assert did_you_mean("xyz", []) == "take it out"


def test_problems_travel_between_processes() -> None:
    error = ScenarioError([Problem("a.yaml", 3, "x.y", "wrong\nhere", "right")])
    assert str(pickle.loads(pickle.dumps(error))) == "a.yaml:3: x.y: wrong here; right"


def test_shipped_scenarios_have_names(files: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "tiny.yaml").write_text(files.good)
    (tmp_path / "checks" / "mmc.yaml").write_text("extends: tiny\n")
    monkeypatch.setattr(shipped, "folder", lambda: tmp_path)
    assert shipped.names() == ["tiny", "checks/mmc"]
    assert locate("checks/mmc") == tmp_path / "checks" / "mmc.yaml"
    loaded = files.load("checks/mmc")
    assert (loaded.name, loaded.scenario.title) == ("checks/mmc", "Tiny")
    with pytest.raises(ScenarioError, match=r"did you mean 'tiny'\?"):
        locate("tinny")
    with pytest.raises(ScenarioError, match="the shipped scenario of that name is 'checks/mmc'"):
        locate("elsewhere/mmc.yaml")


def test_a_dated_figure_without_a_date_is_refused(town: Any) -> None:
    with pytest.raises(ScenarioError, match="write a number, or dates with the number from each on"):
        town.scenario({"capacities.conference_slots_a_week": {}})
