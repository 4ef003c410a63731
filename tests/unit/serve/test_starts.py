"""Where a comparison starts: no file is read but shipped ones, those of the command line, and copies of texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.errors.problems import ScenarioError
from sim.serve.asked import Start
from sim.serve.errors import PageError
from sim.serve.starts import Starts, shipped_list, slug

pytestmark = pytest.mark.unit


@pytest.fixture
def starts(tmp_path: Path) -> Starts:
    return Starts(tmp_path / "scratch")


def test_shipped_scenarios_are_listed_with_a_question_and_without_textbook_checks() -> None:
    listed = {each["name"]: each for each in shipped_list()}
    assert listed["croydon-2017"]["place"] == "Croydon"
    assert all(each["question"] for each in listed.values())
    assert not any("/" in name for name in listed)


@pytest.mark.parametrize("name", ["../../etc/passwd", "checks/mmc", "/etc/passwd", "", "nothing"])
def test_a_shipped_name_is_one_of_the_list(starts: Starts, name: str) -> None:
    with pytest.raises(PageError, match="no shipped scenario"):
        starts.open(Start("shipped", name))


def test_a_file_of_ones_own_may_extend_a_shipped_scenario(starts: Starts, tmp_path: Path) -> None:
    opened = starts.open(Start("file", "../My Town!.yaml", "extends: tiny\ntitle: Mine\n"))
    assert opened.loaded.scenario.title == "Mine"
    assert opened.extends == "my-town.yaml"
    assert list((tmp_path / "scratch").iterdir()) == []  # copies are gone once they are read


@pytest.mark.parametrize(
    "other",
    ["/etc/passwd", "../secret.yaml", "secret.yaml", "tiny.yaml", "{value: /etc/passwd, source: x}"],
)
def test_a_file_reads_no_other_file(starts: Starts, tmp_path: Path, other: str) -> None:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "secret.yaml").write_text("title: secret", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no other file of this machine") as raised:
        starts.open(Start("file", "a.yaml", f"extends: {other}\ntitle: Mine\n"))
    assert "scratch" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    ["", "- a\n- b\n", "a: &x [*x]\n", "!!python/object/apply:os.system [ls]\n", "a: 1\n\tb: 2\n", "title: \0",
     "{" * 300,
     "a: &a [1,1,1,1]\n" + "".join(f"b{n}: [{', '.join(['*a'] * 9)}]\n" for n in range(9))],
)  # fmt: skip
def test_a_malformed_file_is_refused_with_its_line(starts: Starts, text: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        starts.open(Start("file", "bad.yaml", text))
    assert all(problem.file == "bad.yaml" for problem in raised.value.problems)


def test_a_file_of_the_command_line_may_extend_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("extends: tiny\ntitle: Base\n", encoding="utf-8")
    (tmp_path / "mine.yaml").write_text("extends: base.yaml\ntitle: Mine\n", encoding="utf-8")
    opened = Starts(tmp_path / "scratch", {"mine.yaml": tmp_path / "mine.yaml"}).open(Start("given", "mine.yaml"))
    assert sorted(opened.texts) == ["base.yaml", "mine.yaml"]
    with pytest.raises(PageError, match="was not named"):
        Starts(tmp_path / "scratch").open(Start("given", str(tmp_path / "mine.yaml")))


def test_six_answers_make_a_service(starts: Starts) -> None:
    answers = {"council": "croydon", "referrals": 6000, "workers": 100, "newly_qualified": 10, "cap": 15, "surge": 0.2}
    scenario = starts.open(Start("new", "mine", answers=answers)).loaded.scenario
    assert scenario.demand.referrals_a_year == 6000
    assert sum(group.count for name in ("assessment", "care planning") for group in scenario.teams[name].workers) == 100
    for wrong in ({"council": "atlantis"}, {"workers": 0}, {"surge": 9}, {"cap": "many"}, {"colour": 1}):
        with pytest.raises(PageError):
            starts.open(Start("new", "mine", answers=wrong))


def test_a_slug_is_a_plain_name() -> None:
    assert slug("Surge +40%, cap 12", "x") == "surge-40-cap-12"
    assert slug("../../", "option") == "option"
