"""Folders replaced in one step, locked while written, found sound before a run, and recovered after a kill."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.experiment.errors import ResultsError
from sim.experiment.results import directory
from sim.experiment.results.directory import Scratch, check_place, recover, replace_folder, writing
from sim.experiment.results.locks import try_lock, unlock

pytestmark = pytest.mark.unit

FILES = {"manifest.json": "what was run", "table": "figures"}
MANIFEST = '{"product": "frontdoor"}'


def fill(text: str) -> directory.Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "manifest.json").write_text(MANIFEST)
        (folder / "table").write_text(text)

    return write


def check(out: Path) -> None:
    check_place(out, "results", FILES)


@pytest.mark.parametrize("exchanges", [True, False])
def test_a_folder_is_replaced_and_nothing_is_left(
    exchanges: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchanges:
        monkeypatch.setattr(directory, "_exchange", lambda old, new: False)
    for text in ("first", "second"):
        replace_folder(tmp_path / "out", fill(text))
        assert (tmp_path / "out" / "table").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux's")
def test_linux_exchanges_in_one_step(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert directory._exchange(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "new").exists()
    assert (tmp_path / "new" / "old").exists()


def test_an_earlier_folder_comes_back_after_a_kill_between_two_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    out = replace_folder(tmp_path / "out", fill("first"))
    monkeypatch.setattr(directory, "_exchange", lambda old, new: False)
    rename = Path.rename

    def killed(self: Path, target: Path) -> Path:
        if self.name == "results":
            raise KilledError
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KilledError):
        replace_folder(out, fill("second"))
    assert not out.exists()
    monkeypatch.undo()
    recover(out)
    assert (out / "table").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_second_writer_is_refused_while_the_first_writes(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from sim.experiment.results.directory import writing\n"
        "with writing(Path(sys.argv[1])):\n    print('writing', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "out")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"writing\n"
        with pytest.raises(ResultsError, match="another frontdoor is writing to"), writing(tmp_path / "out", wait=0.0):
            pass
        first.kill()
        first.wait()
    with writing(tmp_path / "out", wait=10.0):  # a lock goes with its process, killed or not
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_that_is_gone_is_taken_anew(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = try_lock(path)
    assert first is not None
    assert try_lock(path) is None
    unlock(first, path)
    second = try_lock(path)
    assert second is not None
    assert path.exists()
    unlock(second, path)


def test_scratch_folders_of_killed_processes_are_cleared(tmp_path: Path) -> None:
    mine = Scratch(tmp_path)
    (tmp_path / ".frontdoor-killed.part").mkdir()
    (tmp_path / ".frontdoor-killed.part" / directory.OWNER).touch()
    (tmp_path / ".frontdoor-new.part").mkdir()  # not locked yet
    (tmp_path / ".frontdoor-old.part").mkdir()
    long_ago = time.time() - 2 * directory.ABANDONED
    os.utime(tmp_path / ".frontdoor-old.part", (long_ago, long_ago))
    check(tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {mine.path.name, ".frontdoor-new.part"}
    mine.remove()


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in /tmp, where only its owner may rename a folder."""
    out = replace_folder(tmp_path / "out", fill("theirs"))
    tmp_path.chmod(0o1777)
    check(out)
    monkeypatch.setattr(os, "geteuid", lambda: out.stat().st_uid + 1)
    with pytest.raises(ResultsError, match="belongs to another user"):
        check(out)


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system")])
def test_a_place_that_takes_no_files_is_found_by_trying(
    error: OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> str:
        raise error

    monkeypatch.setattr(directory.tempfile, "mkdtemp", refused)
    with pytest.raises(ResultsError, match=rf"cannot be written to \({error.strerror}\)"):
        check(tmp_path / "out")


def test_part_files_of_a_killed_report_do_not_stand_in_the_way(tmp_path: Path) -> None:
    out = replace_folder(tmp_path / "out", fill("first"))
    (out / ".0123456789ab.part").touch()
    check(out)
    (out / "notes.txt").touch()
    with pytest.raises(ResultsError, match=r"holds notes\.txt"):
        check(out)
