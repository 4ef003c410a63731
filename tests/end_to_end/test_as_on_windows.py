"""What Windows does otherwise, simulated here: workers that are spawned, an old console, CRLF, files held open."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import sim
from sim.cli.entry import cli
from sim.experiment.errors import ResultsError
from sim.experiment.results import directory, files, locks
from sim.experiment.running.executor import MOST_ON_WINDOWS, at_most
from sim.export.errors import ExportError
from sim.export.staging import staged

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--set", "period.end=2016-05-31")
COMMAND = (sys.executable, str(ROOT / "cli.py"))

SPAWNED = f"""
import multiprocessing, os, sys
sys.path.insert(0, {str(ROOT)!r})
multiprocessing.get_all_start_methods = lambda: ["spawn"]
del os.fork
import sim.experiment.running.shared_past as shared_past
shared_past.FORKS = False
from sim.cli import main
if __name__ == "__main__":
    main()
"""


def test_spawned_workers_give_the_same_results(tmp_path: Path) -> None:
    (tmp_path / "frontdoor_spawned.py").write_text(SPAWNED)
    arguments = ("compare", "tiny", "tiny", "-n", "2", *SHORT)
    for program, workers in ((tmp_path / "frontdoor_spawned.py", "2"), (ROOT / "cli.py", "1")):
        done = subprocess.run(
            [sys.executable, str(program), *arguments, "-w", workers, "--out", workers],
            cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    for table in ("summary.csv", "measures.parquet", "journeys.parquet"):
        assert (tmp_path / "2" / table).read_bytes() == (tmp_path / "1" / table).read_bytes()


def test_no_more_workers_than_windows_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_most(100, 500) == 100
    monkeypatch.setattr("sim.experiment.running.executor.sys.platform", "win32")
    assert (at_most(100, 500), at_most(100, 7), at_most(4, 500)) == (MOST_ON_WINDOWS, 7, 4)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_old_console_shows_plain_letters(encoding: str, tmp_path: Path) -> None:
    """In place of an error: for the curly quotes and minus signs of ours, and whatever a title holds."""
    (tmp_path / "mine.yaml").write_text('extends: tiny\ntitle: "Łódź → “north”, −5%"\n', encoding="utf-8")
    for arguments in (
        ("run", "mine.yaml", "-n", "1", *SHORT),
        ("check", "mine.yaml"),
        ("measures",),
        ("measures", "assessments_45wd_pct"),
        ("list",),
        ("compare", "tiny", "mine.yaml", "-n", "2", *SHORT),
    ):
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=tmp_path, capture_output=True, timeout=120, check=False,
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        )  # fmt: skip
        shown = (done.stdout + done.stderr).decode(encoding)
        assert done.returncode == 0, shown
        assert "UnicodeEncodeError" not in shown


def test_files_are_read_and_written_as_utf8_whatever_the_system_says(tmp_path: Path) -> None:
    """Python warns of each file that is opened in the encoding of the system; warnings are errors here."""
    (tmp_path / "mine.yaml").write_text("extends: tiny\ntitle: Łódź\n", encoding="utf-8")
    strict = (sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", str(ROOT / "cli.py"))
    for arguments in (
        ("run", "mine.yaml", "-n", "1", "-w", "1", "--out", "out", *SHORT),
        ("report", "out"),
        ("export", "out", "--to", "powerbi,xlsx"),
        ("new", "other"),
        ("check", "mine.yaml"),
    ):
        done = subprocess.run(
            [*strict, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)


def test_line_ends_of_windows_change_nothing_and_keep_their_numbers(tmp_path: Path) -> None:
    text = "extends: tiny\r\ntitle: mine\r\ndemand:\r\n  referrals_a_year: 600\r\n"
    (tmp_path / "feeds.yaml").write_bytes(text.replace("\r\n", "\n").encode())
    (tmp_path / "crlf.yaml").write_bytes(text.encode())
    (tmp_path / "marked.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    hashes = {sim.load(tmp_path / f"{name}.yaml").content_hash for name in ("feeds", "crlf", "marked")}
    assert len(hashes) == 1
    (tmp_path / "wrong.yaml").write_bytes(text.replace("600", "many").encode())
    wrong = CliRunner().invoke(cli, ["check", str(tmp_path / "wrong.yaml")], standalone_mode=True)
    assert "wrong.yaml:4:" in str(wrong.exception or wrong.output)


@pytest.fixture
def held_open(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders of which another program holds a file open: Windows then renames them as little as the file."""
    folders: list[Path] = []
    rename = Path.rename

    def refused(self: Path, target: Any) -> Path:
        if any(
            self.absolute() == folder.absolute() or self.absolute().parent == folder.absolute() for folder in folders
        ):
            raise PermissionError(errno.EACCES, "The process cannot access the file because it is being used")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    monkeypatch.setattr(directory, "_exchange", lambda first, other: False)
    return folders


def test_results_that_excel_holds_open_stay_and_the_new_ones_go_beside(
    held_open: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["run", "tiny", "-n", "1", "-w", "1", *SHORT, "--out", "out", "-q"]
    assert cli.main(arguments, standalone_mode=False) == 0
    before = (tmp_path / "out" / "summary.csv").read_bytes()
    held_open.append(tmp_path / "out")
    assert cli.main([*arguments, "--seed", "9"], standalone_mode=False) == 0
    shown = capsys.readouterr()
    assert "out is left as it was: another program, such as Excel, holds one of its files open." in shown.err
    assert "The new results are in out-2." in shown.err
    assert "Results: out-2" in shown.out
    assert (tmp_path / "out" / "summary.csv").read_bytes() == before
    assert (tmp_path / "out-2" / "report.html").is_file()
    assert sorted(path.name for path in tmp_path.glob("[!.]*")) == ["out", "out-2"]


def test_a_study_that_excel_holds_open_stays(held_open: list[Path], tmp_path: Path) -> None:
    out = directory.replace_folder(tmp_path / "out", lambda folder: (folder / "a.csv").write_text("old"))
    held_open.append(out)
    with pytest.raises(ResultsError, match=r"another program holds one of its files open .*; close it, or choose"):
        directory.replace_folder(out, lambda folder: (folder / "a.csv").write_text("new"))
    assert (out / "a.csv").read_text() == "old"


def test_an_export_that_excel_holds_open_stays(held_open: list[Path], tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "results.xlsx").write_text("old")
    held_open.append(tmp_path / "exports")
    with (
        pytest.raises(ExportError, match=r"is left as it was .* open in another program"),
        staged(tmp_path / "exports") as new,
    ):
        (new / "results.xlsx").write_text("new")
    assert (tmp_path / "exports" / "results.xlsx").read_text() == "old"


def test_only_a_file_that_may_be_written_to_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")
    modes: list[int] = []
    monkeypatch.setattr(
        files.os, "fsync", lambda handle: modes.append(fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE)
    )
    files.write_text(tmp_path / "a.txt", "text", lasting=True)
    assert modes == [os.O_RDWR]


def test_a_lock_goes_where_no_open_file_can_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    unlink, close = Path.unlink, os.close

    def refused(self: Path, missing_ok: bool = False) -> None:
        if not closed:
            raise PermissionError(errno.EACCES, "The process cannot access the file")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)
    monkeypatch.setattr(locks.os, "close", lambda handle: (close(handle), closed.append(handle)))
    with locks.locked(tmp_path / "a.lock", 1.0) as mine:
        assert mine
    assert not (tmp_path / "a.lock").exists()
