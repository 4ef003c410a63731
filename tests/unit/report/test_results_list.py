"""The list of results in a folder: what it says of each, and what it makes of folders that are damaged."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sim.report.results_list import listed_results, write_results_list

pytestmark = pytest.mark.unit


def results(parent: Path, name: str, headline: str = "", **more: Any) -> None:
    folder = parent / name
    folder.mkdir()
    scenarios = [{"name": "base", "title": "As it was", "question": "How long\n do children wait?"},
                 {"name": "more", "title": "More <workers>", "question": None}]  # fmt: skip
    manifest = {"product": "frontdoor", "replications": 4, "started": "2026-11-22T13:00:00+00:00",
                "scenarios": scenarios, **more}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if headline:
        (folder / "report.html").write_text(f"<!DOCTYPE html><h1>{headline}</h1>", encoding="utf-8")


def test_results_are_listed_the_newest_first_with_question_date_and_headline(tmp_path: Path) -> None:
    results(tmp_path, "older", 'Delay falls in <span class="year">2018-19</span> &amp; later')
    results(tmp_path, "new er", "Nothing <b>changes</b>", started="2026-11-30T08:00:00+00:00")
    results(tmp_path, "bare", started=None)
    entries, damaged = listed_results(tmp_path)
    assert damaged == ()
    assert [entry.folder for entry in entries] == ["new er", "older", "bare"]
    newest, older, bare = entries
    assert newest.address == "new%20er/report.html"
    assert (older.headline, older.date) == ("Delay falls in 2018-19 & later", "22 November 2026")
    assert older.questions == ("How long do children wait?",)
    assert older.size == "2 scenarios, 4 runs of each"
    assert (bare.headline, bare.address, bare.date) == ("As it was and More <workers>", "", "date not known")
    path = write_results_list(tmp_path)
    assert path == tmp_path / "index.html"
    page = path.read_text(encoding="utf-8")
    assert '<a href="new%20er/report.html">Nothing changes</a>' in page
    assert "More &lt;workers&gt;" in page
    assert "3 results in this folder" in page
    assert not re.search(r'(href|src)="(?!#|data:|[\w%]+/report\.html)', page)


def test_a_study_is_listed_by_its_kind(tmp_path: Path) -> None:
    results(tmp_path, "caps", "A cap of 17 costs least", kind="sweep", scenarios=None,
            scenario={"name": "tiny", "title": "Tiny", "question": ""})  # fmt: skip
    (entry,) = listed_results(tmp_path)[0]
    assert (entry.headline, entry.size, entry.questions) == ("A cap of 17 costs least", "a sweep", ())


def test_damaged_folders_are_named_and_others_are_left_out(tmp_path: Path) -> None:
    results(tmp_path, "sound", "Sound")
    results(tmp_path, "odd", scenarios=[17])
    results(tmp_path, ".hidden.part")
    for name, content in (("cut", b'{"product": "frontd'), ("bytes", b"\xff\xfe\x00"), ("other", b'{"product": "x"}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_bytes(content)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    entries, damaged = listed_results(tmp_path)
    assert [entry.folder for entry in entries] == ["sound"]
    assert damaged == ("bytes", "cut", "odd")
    path = write_results_list(tmp_path)
    assert path is not None
    assert "cannot be read and may be damaged: <code>bytes</code>, <code>cut</code>" in path.read_text(encoding="utf-8")


def test_an_index_of_somebody_else_is_left_as_it_is(tmp_path: Path) -> None:
    results(tmp_path, "sound", "Sound")
    (tmp_path / "index.html").write_text("mine")
    assert write_results_list(tmp_path) is None
    assert (tmp_path / "index.html").read_text() == "mine"
    (tmp_path / "index.html").unlink()
    assert write_results_list(tmp_path) is not None
    results(tmp_path, "second", "Second")
    assert write_results_list(tmp_path) is not None
    assert "2 results in this folder" in (tmp_path / "index.html").read_text()
