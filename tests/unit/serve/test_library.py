"""Saved comparisons: kept whole, by an id of our own, and deleted when asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.serve.errors import PageError
from sim.serve.library import Library

pytestmark = pytest.mark.unit

COMPARISON = {"start": {"kind": "shipped", "name": "tiny"}, "options": [{"name": "As it is", "changes": {}}], "runs": 5}


def entry(**other: Any) -> dict[str, Any]:
    return {"name": "Surge", "description": "why", "comparison": COMPARISON, "picture": {"runs": 5}} | other


def test_what_is_saved_is_listed_read_and_deleted(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    saved = library.save(entry())
    assert [(each["name"], each["description"]) for each in library.listed()] == [("Surge", "why")]
    assert Library(tmp_path / "library").get(saved["id"])["picture"] == {"runs": 5}
    library.delete(saved["id"])
    library.delete(saved["id"])
    assert library.listed() == []
    with pytest.raises(PageError, match="not in the library"):
        library.get(saved["id"])


@pytest.mark.parametrize(
    "id_", ["../../etc/passwd", "..", "", None, 7, "0" * 15, "0" * 16 + ".json", "G" * 16, "0" * 16 + "\n"]
)
def test_an_id_that_is_none_reaches_no_file(tmp_path: Path, id_: Any) -> None:
    library = Library(tmp_path / "library")
    (tmp_path / "passwd").write_text("x", encoding="utf-8")
    for act in (library.get, library.delete):
        with pytest.raises(PageError):
            act(id_)
    assert (tmp_path / "passwd").exists()


@pytest.mark.parametrize(
    "other",
    [{"name": ""}, {"name": "x" * 81}, {"description": "x" * 2001}, {"comparison": {}}, {"comparison": None},
     {"picture": {"x": "y" * 3_000_001}}, {"name": 3}],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(tmp_path: Path, other: Any) -> None:
    library = Library(tmp_path)
    with pytest.raises(PageError):
        library.save(entry(**other))
    assert list(tmp_path.iterdir()) == []


def test_damaged_files_are_passed_over_and_what_was_half_written_is_cleared(tmp_path: Path) -> None:
    library = Library(tmp_path)
    saved = library.save(entry())
    (tmp_path / f"{'a' * 16}.json").write_text('{"name": "half', encoding="utf-8")
    (tmp_path / f"{'b' * 16}.json").write_text("[" * 100_000, encoding="utf-8")
    (tmp_path / f"{'c' * 16}.json").write_text(json.dumps(entry(format=99, date="2030")), encoding="utf-8")
    (tmp_path / "notes.json").write_text("mine", encoding="utf-8")
    (tmp_path / ".123.part").write_text("half", encoding="utf-8")
    (tmp_path / ".reading-x").mkdir()
    again = Library(tmp_path)
    assert [each["id"] for each in again.listed()] == [saved["id"]]
    with pytest.raises(PageError, match="damaged"):
        again.get("a" * 16)
    with pytest.raises(PageError, match="newer version"):
        again.get("c" * 16)
    assert not (tmp_path / ".123.part").exists()
    assert not (tmp_path / ".reading-x").exists()
    assert (tmp_path / "notes.json").exists()


def test_names_are_one_plain_line(tmp_path: Path) -> None:
    assert Library(tmp_path).save(entry(name=" a\n\x1bb  c "))["name"] == "a b c"
