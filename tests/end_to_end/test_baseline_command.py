"""`frontdoor baseline` from the command line: what it writes, says, and refuses."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from sim.cli import main

pytestmark = pytest.mark.end_to_end

FOLDER = Path(__file__).resolve().parents[1] / "unit" / "official"


def _extract(folder: Path) -> Path:
    """The made-up files of the unit tests."""
    spec = importlib.util.spec_from_file_location("official_extract", FOLDER / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Extract(folder).write({("d1", "Southmere, Borough of", 2018, "CPP_At31"): "c"})
    return folder


def _frontdoor(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_baseline_writes_a_scenario_that_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = _extract(tmp_path / "data"), tmp_path / "mine.yaml"
    assert _frontdoor("baseline", "--data", data, "--area", "southmere", "--year", "2018", "--out", out) == 0
    said = capsys.readouterr().out
    assert "used Far North instead" in said
    assert "1 figure or band stands in for missing ones." in said
    assert _frontdoor("check", out) == 0
    assert "Sound." in capsys.readouterr().out


def test_list_shows_councils_with_codes_and_years(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _frontdoor("baseline", "--data", _extract(tmp_path / "data"), "--list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Northshire", "901", "E06000901", "Far", "North", "2015-2018"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--area", "Northshyre", "--year", "2018"), "did you mean Northshire?"),
        (("--area", "Northshire", "--year", "2022"), "has no row of Northshire in 2022"),
        (("--year", "2018"), "say which council with --area"),
        (("--area", "Northshire", "--localities", "one"), "names fewer than two parts"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    data, out = _extract(tmp_path / "data"), tmp_path / "mine.yaml"
    assert _frontdoor("baseline", "--data", data, "--out", out, *arguments) == 2
    error = capsys.readouterr().err.strip()
    assert said in error
    assert "\n" not in error
    assert not out.exists()
