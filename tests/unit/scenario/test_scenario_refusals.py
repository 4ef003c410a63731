"""One clear line, with file and line number, for everything that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("referrals: 5,195", "referrals: -4", "tiny.yaml:3: demand.referrals: -4 "),
        (
            "  referrals: 5,195",
            "  referrals: 1\n  over_dispresion: 2",
            "tiny.yaml:4: demand.over_dispresion: "
            "'over_dispresion' is not a known key; did you mean 'over_dispersion'?",
        ),
        (
            "  referrals: 5,195",
            "  season: england",
            "tiny.yaml:2: demand.referrals: 'referrals' is missing; add it under demand",
        ),
        (
            "count: 4",
            "count: four",
            "tiny.yaml:8: teams.assessment.workers.0.count: 'four' is not a whole number; "
            "write a whole number such as 12",
        ),
        (
            "cap: 16",
            "cap: nome",
            "tiny.yaml:9: teams.assessment.workers.0.cap: 'nome' does not fit here; did you mean 'none'?",
        ),
        (
            "lever: surge",
            "lever: srge",
            "tiny.yaml:12: levers.0.lever: 'srge' is not known here; did you mean 'surge'?",
        ),
        (
            "- lever: surge\n    at",
            "- at",
            "tiny.yaml:12: levers.0: 'lever' is missing; add lever: surge | cap",
        ),
        ("at: 2017-10-01", "at: soon", "tiny.yaml:13: levers.0.at: 'soon' is not a date; write a date"),
        (
            "at: 2017-10-01",
            "at: 2017-10-01\n    until: 2017-01-01",
            "tiny.yaml:14: levers.0.until: the end is before the start; write a later date",
        ),
        ("title: Tiny", "title: [a]", "tiny.yaml:1: title: a list is not text"),
        (
            "title: Tiny",
            "title: Tiny\nlocalities: {a: 0.5, b: 0.4}",
            "tiny.yaml:2: localities: the shares do not sum to 1; make them sum to 100%",
        ),
        (
            "title: Tiny",
            "title: Tiny\nlocalities: {a: 40}",
            "tiny.yaml:2: localities.a: 40 is not between 0 and 1",
        ),
        (
            "title: Tiny",
            "title: Tiny\npace: of",
            "tiny.yaml:2: pace: 'of' does not fit here; did you mean 'off'?",
        ),
        (
            "title: Tiny",
            "title: Tiny\npace: {strenth: 1}",
            "tiny.yaml:2: pace.strenth: 'strenth' is not a known key; did you mean 'strength'?",
        ),
        (
            "title: Tiny",
            "title: Tiny\ntime: 5",
            "tiny.yaml:2: time: 5 has no unit of time; write a unit: 5 working days",
        ),
        (
            "title: Tiny",
            "title: Tiny\ntime:\n  distribution: lognormal\n  cv: 1\n  mean: 5",
            "tiny.yaml:5: time.mean: 5 has no",
        ),
        (
            "title: Tiny",
            "title: Tiny\ntime: {distribution: bands, bands: {x: 1}}",
            "tiny.yaml:2: time.bands.x: 'x' is not a band of time",
        ),
        (
            "title: Tiny",
            "title: Tiny\ntime: {distribution: gama, mean: 5 wd}",
            "time.distribution: 'gama' is not known here; did you mean 'gamma'?",
        ),
        (
            "title: Tiny",
            "title: Tiny\ntime: {mean: 5 wd}",
            "tiny.yaml:2: time: 'distribution' is missing; add",
        ),
        (
            "title: Tiny",
            "title: Tiny\ntime: {distribution: gamma, mean: 5 wd, cv: 50}",
            "time.cv: 50 is above 5",
        ),
        (
            "title: Tiny",
            "titel: Tiny",
            "tiny.yaml:1: titel: 'titel' is not a known key; did you mean 'title'?",
        ),
    ],
)
def test_one_line_for_each_bad_value(files: Any, before: str, after: str, said: str) -> None:
    assert before in files.good
    found = files.lines(files.write(files.good.replace(before, after, 1)))
    assert any(line.startswith(said) or said in line for line in found), found
    assert len(found) == (2 if "title" in before and "title" not in after else 1), found


def test_every_problem_at_once_in_the_order_of_the_file(files: Any) -> None:
    text = files.good.replace("5,195", "x").replace("count: 4", "count: x").replace("2017-10-01", "x")
    found = files.lines(files.write(text + "colour: red\n"))
    assert [line.split(": ")[0] for line in found] == [f"tiny.yaml:{n}" for n in (3, 8, 13, 14)]


def test_cross_checks_point_at_their_place(files: Any) -> None:
    text = files.good + "  - {lever: cap, team: duty, value: 12}\nlocalities: {a: 0.1}\n"
    assert files.lines(files.write(text)) == [
        "tiny.yaml:14: levers.1.team: there is no team 'duty'; name a team",
        "tiny.yaml:15: localities: the shares do not sum to 1; make them sum to 100%",
    ]


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "aliases repeat too much of this file"),
        (
            "a: " + "[" * 50 + "]" * 50,
            "tiny.yaml:1: a.0.0: this is nested more than 40 deep; write it flatter",
        ),
        ("[" * 400_000, "nested more than 40 deep"),
        ("{a: " * 30_000, "nested more than 40 deep"),
        ("x: y\n" * 250_000, "tiny.yaml: it is larger than 1 MB"),
        ("title: a\ndemand: 1\ntitle: b\n", "tiny.yaml:3: title: 'title' is written twice (first on line 1)"),
        ("title: a\ndemand:\n\treferrals: 1\n", "tiny.yaml:3: a tab is used to indent; indent with spaces"),
        ("title: 'a\n", "this is not YAML"),
        ("title: a\n b: c: d\n", "tiny.yaml:2: this is not YAML"),
        ("a: *b\n", "tiny.yaml:1"),
        ("a: &a [*a]\n", "tiny.yaml:1"),
        ("just some words\n", "tiny.yaml:1: the top level is 'just some words', not a mapping"),
        ("- a\n- b\n", "the top level is a list, not a mapping"),
        ("", "tiny.yaml: it is empty"),
        ("# only a comment\n", "it is empty"),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00",
            "tiny.yaml: it is not a text file; write the scenario as YAML in UTF-8",
        ),
        (b"title: caf\xe9\n", "it is not a text file"),
        ("title: !!python/object/apply:os.system ['true']\n", "tiny.yaml:1: title: the tag"),
        ("title: !secret x\n", "the tag '!secret' is not allowed; write the plain value"),
        ("title: !!str 5\n", "is not allowed"),
        ("title: a\n<<: {b: c}\n", "merge keys (<<) are not read; use extends"),
        ("title: a\n---\ntitle: b\n", "tiny.yaml:2: a second document begins here"),
        ("? [a, b]\n: c\n", "this key is not a plain word"),
        ("a: " + "[x," * 1 + "x," * 60_000 + "x]", "more than 50,000 values"),
        ("\x07bell: 1\n", "tiny.yaml"),
    ],
)
def test_bad_files(files: Any, text: str | bytes, said: str) -> None:
    [line] = files.lines(files.write(text))
    assert said in line
    assert line.startswith("tiny.yaml")


def test_files_that_are_not_there(files: Any, tmp_path: Path) -> None:
    files.write(files.good)
    (tmp_path / "folder").mkdir()
    assert files.lines("missing.yaml") == ["missing.yaml: there is no such file; check the name and the folder"]
    assert "no shipped scenario of that name" in files.lines("no-such-scenario-at-all")[0]
    assert files.lines("folder") == ["folder: it is a folder; name a scenario file in it, such as scenario.yaml"]
    assert "is not a file name" in files.lines("a\0b")[0]
    assert "not a file name" in files.lines("x" * 5000)[0]


def test_byte_order_mark_and_windows_lines(files: Any) -> None:
    assert files.load(files.write(b"\xef\xbb\xbf" + files.good.replace("\n", "\r\n").encode())).scenario.title == "Tiny"
