"""Files whole or not at all; tables without formulas; reading with limits."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from sim.experiment.errors import ResultsError
from sim.experiment.results import files
from sim.experiment.results.table_files import read_table, write_table

pytestmark = pytest.mark.unit


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.write_text(path, "first\n")

    def half(part: Path) -> None:
        part.write_text("sec")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        files.write_whole(path, half)
    assert path.read_text() == "first\n"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1"])
@pytest.mark.parametrize("kind", ["object", "category", "str"])
def test_a_text_that_would_be_a_formula_is_inert_and_read_back(text: str, kind: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": pd.Series([text, "a=b", "–"]).astype(kind), "value": [-1.5, 2.0, 3.0]})
    files.write_csv(frame, tmp_path / "table.csv")
    cell = (tmp_path / "table.csv").read_bytes().split(b"\n")[1].strip(b'"')
    assert cell.startswith(b"'" + text.replace("\r", " ").encode())
    again = files.read_csv(tmp_path / "table.csv", ["name", "value"])
    assert again is not None
    assert list(again["name"]) == [text.replace("\r", " "), "a=b", "–"]
    assert list(frame["name"]) == [text, "a=b", "–"]
    assert list(again["value"]) == [-1.5, 2.0, 3.0]


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ResultsError, match="is not a file"):
        files.read_json(tmp_path / "pipe")
    assert files.read_csv(tmp_path / "pipe") is None
    with pytest.raises(ResultsError, match="is missing"):
        read_table(tmp_path / "pipe")


def test_a_manifest_beyond_all_measure_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_JSON", 3)
    (tmp_path / "large.json").write_text("[1, 2]")
    with pytest.raises(ResultsError, match="is too large to read: 6 bytes"):
        files.read_json(tmp_path / "large.json")


def test_a_table_says_what_it_lacks(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"value": ["many"], "name": ["a"]}), tmp_path / "table.parquet", "note")
    with pytest.raises(ResultsError, match="has no column month"):
        read_table(tmp_path / "table.parquet", ["month"])
    with pytest.raises(ResultsError, match="its column value holds no figures"):
        read_table(tmp_path / "table.parquet", figures=["value"])
    (tmp_path / "table.csv").write_text('a,b\n"1')
    with pytest.raises(ResultsError, match="cannot be read"):
        files.read_csv(tmp_path / "table.csv")
