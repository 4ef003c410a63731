"""Formats, files that appear whole or not at all, and what is said when something is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sim.experiment.results.results import Results
from sim.export import FORMATS, export_results, read_formats
from sim.export.errors import ExportError
from sim.export.staging import describe_in_readme, staged

pytestmark = pytest.mark.unit


def test_formats_are_read_once_each_in_order() -> None:
    assert read_formats("XLSX, docx,.png,xlsx,") == ("xlsx", "docx", "png")


@pytest.mark.parametrize(
    ("text", "said"), [("xls", "did you mean xlsx?"), ("odt", f"choose from {', '.join(FORMATS)}"), (" ,", "no format")]
)
def test_an_unknown_format_is_named(text: str, said: str) -> None:
    with pytest.raises(ExportError) as caught:
        read_formats(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(("library", "extra", "name"), [("xlsxwriter", "excel", "xlsx"), ("docx", "word", "docx"),
                                                        ("kaleido", "pictures", "png")])  # fmt: skip
def test_a_missing_library_says_which_extra_to_install(
    compared: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, extra: str, name: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ExportError, match=rf"pip install 'frontdoor-sim\[{extra}\]'$"):
        export_results(compared, tmp_path / "out", [name])
    assert not list(tmp_path.iterdir())


def test_when_one_format_fails_none_appears_and_the_old_stay(
    compared: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "results.xlsx").write_text("old")
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    with pytest.raises(ExportError, match="Chromium or Chrome"):
        export_results(compared, out, ["xlsx", "png"])
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("results.xlsx", "old")]


def test_earlier_exports_are_replaced_and_others_kept(compared: Results, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    assert export_results(compared, out, ["powerbi"]) == ([out / "powerbi"], [])
    (out / "mine.txt").write_text("mine")
    (out / "powerbi" / "stale.csv").write_text("stale")
    export_results(compared, out, ["xlsx", "powerbi"])
    assert sorted(path.name for path in out.iterdir()) == ["README.txt", "mine.txt", "powerbi", "results.xlsx"]
    assert not (out / "powerbi" / "stale.csv").exists()
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    readme = (out / "README.txt").read_text(encoding="utf-8")
    assert "results.xlsx" in readme
    assert "decision.docx" not in readme


def _write_two(out: Path) -> None:
    with staged(out) as new:
        for name in ("a", "b"):
            (new / name).write_text("new")


def test_a_move_that_fails_puts_back_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("a", "b"):
        (out / name).write_text("old")
    rename = Path.rename

    def full(path: Path, target: Path) -> Path:
        if path.name == "b" and path.parent.name == "new":
            raise OSError("no space left")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(ExportError, match="no space left"):
        _write_two(out)
    assert {path.name: path.read_text() for path in out.iterdir()} == {"a": "old", "b": "old"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ExportError, match="is a file, not a folder"), staged(tmp_path / "out"):
        pass


def test_the_readme_of_the_results_names_the_exports_once(compared: Results, tmp_path: Path) -> None:
    out = compared.save(tmp_path / "out", report=False)
    for _ in range(2):
        describe_in_readme(out)
    lines = (out / "README.txt").read_text(encoding="utf-8").split("\n")
    assert sum(line.startswith("exports ") for line in lines) == 1
    assert lines.index("") < next(n for n, line in enumerate(lines) if line.startswith("exports ")) < lines.index("", 2)
