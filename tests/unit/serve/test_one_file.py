"""The page as one file: what is put into it, and what is refused."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

from sim.serve.errors import PageError
from sim.serve.in_browser import Bridge
from sim.serve.one_file import build, gather, parts

pytestmark = pytest.mark.unit


def wheel(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "x = 1\n")
        archive.writestr(f"{name}/tests/test_x.py", "no\n")
    return held.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a Pyodide of made-up parts."""
    packages = {}
    for name in parts.LOCKED:
        content = wheel(f"{name.replace('-', '_')}_made_up")
        (tmp_path / f"{name}.whl").write_bytes(content)
        packages[name] = {"file_name": f"{name}.whl", "sha256": hashlib.sha256(content).hexdigest()}
    (tmp_path / parts.LOCK).write_text(json.dumps({"info": {"python": "3.14.0"}, "packages": packages}), "utf-8")
    for name in parts.CORE:
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def test_the_modules_become_one_script_in_which_each_name_occurs_once() -> None:
    script = build.bundle()
    assert not re.search(r"^(import|export)\b", script, flags=re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", script, flags=re.MULTILINE)
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
    assert "</script" not in script
    there = {
        file.name.removesuffix(".js")
        for file in files("sim.serve").joinpath("page").iterdir()
        if file.name.endswith(".js")
    }
    assert there == {*build.MODULES, "transport-server"}


def test_both_transports_offer_the_same() -> None:
    page = files("sim.serve").joinpath("page")
    offered = [
        set(
            re.findall(
                r"^export (?:async )?(?:function|const) (\w+)", page.joinpath(f"{name}.js").read_text("utf-8"), re.M
            )
        )
        for name in ("transport-server", "transport-worker")
    ]
    assert offered[0] == offered[1]


def test_the_file_holds_libraries_the_product_and_its_scenarios_and_may_ask_for_nothing(folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(parts.site_archive(folder))) as archive:
        names = set(archive.namelist())
    assert {
        "numpy_made_up/__init__.py",
        "sim/serve/in_browser.py",
        "sim/shipped/tiny.yaml",
        "yaml/__init__.py",
    } <= names
    assert not [name for name in names if "/tests/" in name or name.endswith((".so", ".pyc")) or name.startswith("..")]
    text = build.build(folder)
    assert "connect-src 'none'" in text
    assert 'src="page' not in text
    assert 'href="page' not in text
    assert text == build.build(folder)  # nothing of the day or the machine is in it


def test_the_folder_is_filled_from_the_two_archives(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    core, carrier, filled = tmp_path / "core.tgz", tmp_path / "carrier.whl", tmp_path / "filled"
    with tarfile.open(core, "w:gz") as archive:
        for name in (*parts.CORE, parts.LOCK):
            archive.add(folder / name, f"package/{name}")
    with zipfile.ZipFile(carrier, "w") as wheels:
        for name in parts.LOCKED:
            wheels.write(folder / f"{name}.whl", f"{gather.CARRIED}{name}.whl")
    assert gather.main([str(core), str(carrier), str(filled)]) == 0
    assert parts.site_archive(filled) == parts.site_archive(folder)
    capsys.readouterr()
    assert gather.main([str(core), str(core), str(filled)]) == 2
    assert "cannot be taken out" in capsys.readouterr().err


def test_a_wheel_that_is_not_what_the_lock_says_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "numpy.whl").write_bytes(wheel("other"))
    with pytest.raises(PageError, match=r"numpy\.whl is not the file that Pyodide's lock names"):
        parts.site_archive(folder)
    assert build.main([str(folder), str(folder / "out.html")]) == 2
    assert "SHA-256" in capsys.readouterr().err
    assert not (folder / "out.html").exists()


def test_a_folder_without_its_parts_is_said(tmp_path: Path, folder: Path) -> None:
    assert build.main([str(tmp_path / "nothing")]) == 2
    (folder / "pyodide.asm.wasm").unlink()
    with pytest.raises(PageError, match=r"pyodide\.asm\.wasm is missing"):
        parts.core_files(folder)


def test_the_bridge_answers_and_refuses_in_json(tmp_path: Path) -> None:
    bridge = Bridge(tmp_path)
    assert json.loads(bridge.ask("catalogue", "{}"))["options"] == 4
    with pytest.raises(PageError):
        bridge.ask("open", '{"kind": "shipped", "name": "nothing"}')
    assert "no shipped scenario" in json.loads(bridge.refusal())["error"]
    text = "extends: tiny\nperiod: {start: 2016-04-01, end: 2016-06-30}\n"
    comparison = {"start": {"kind": "file", "name": "a.yaml", "text": text}, "options": [{"name": "A"}], "runs": 1}
    bridge.begin_run(json.dumps(comparison))
    told = []
    while event := bridge.next_event():
        told.append(json.loads(event)["kind"])
    assert told == ["progress", "progress", "picture", "end"]
    assert bridge.exported("page", json.dumps(comparison)).startswith(b"<!DOCTYPE html>")
    bridge.begin_run(json.dumps(comparison))
    bridge.stop()
    assert bridge.next_event() == ""
