"""The manifest: written and read back, an earlier version's read, a newer one's and a damaged one refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.experiment.errors import ResultsError
from sim.experiment.results.manifest import FORMAT, Manifest
from sim.experiment.running.runner import run

pytestmark = pytest.mark.unit


@pytest.fixture
def saved(short: Any, tmp_path: Path) -> tuple[Path, Manifest]:
    results = run(short(demand__referrals_a_year={"low": 400, "high": 500}), replications=1, journeys="none")
    return results.save(tmp_path / "out", report=False), results.manifest


def rewritten(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    values = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps({key: value for key, value in values.items() if value is not ...}, default=str))


def test_what_is_read_is_what_was_written(saved: tuple[Path, Manifest]) -> None:
    folder, manifest = saved
    assert Manifest.read(folder).plain() == json.loads(json.dumps(manifest.plain()))
    assert manifest.format == FORMAT
    assert [row.path for row in manifest.scenarios[0].uncertain] == ["demand.referrals_a_year"]
    with pytest.raises(ValueError, match="frozen"):
        manifest.seed = 2


def test_results_from_before_versions_are_read(saved: tuple[Path, Manifest]) -> None:
    folder, manifest = saved
    rewritten(folder, format=..., restarts=..., uncertainty=..., ensemble=..., controls=...)
    assert "format" not in json.loads((folder / "manifest.json").read_text())
    earlier = Manifest.read(folder)
    assert earlier.format == 1
    assert earlier.controls == "off"
    assert earlier.scenarios == Manifest.model_validate(json.loads(json.dumps(manifest.plain()))).scenarios


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"format": FORMAT + 1, "product_version": "9.9"}, r"a newer version of frontdoor \(9\.9\)"),
        ({"scenarios": []}, "is damaged: scenarios"),
        ({"scenarios": ...}, "is damaged: scenarios"),
        ({"replications": -1}, "is damaged: replications"),
        ({"controls": "perhaps"}, "is damaged: controls"),
        ({"product": "another"}, r"has no manifest\.json of frontdoor"),
    ],
)
def test_another_layout_is_refused_in_a_sentence(
    saved: tuple[Path, Manifest], changes: dict[str, Any], wrong: str
) -> None:
    folder, _ = saved
    rewritten(folder, **changes)
    with pytest.raises(ResultsError, match=wrong) as caught:
        Manifest.read(folder)
    assert "\n" not in str(caught.value)


def test_runs_are_the_same_whatever_their_replications(short: Any) -> None:
    few = run(short(), replications=1, journeys="none").manifest
    assert few.same_run(run(short(), replications=2, journeys="none").manifest)
    assert not few.same_run(run(short(), replications=1, seed=2, journeys="none").manifest)
    assert not few.same_run(run(short(demand__referrals_a_year=450), replications=1, journeys="none").manifest)
