"""Folders of results and of studies: checked before a run, replaced in one step, and never lost between two.

A folder is filled in a scratch folder beside its place. Where the system can, it is then exchanged with the folder that
is there in one step. Elsewhere it takes two renames; if a process is killed between them, the earlier folder is put
back by whoever next writes or reads there. Scratch folders that a killed process left are removed by the next run.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.experiment.errors import ExperimentError, ResultsError
from sim.experiment.results.locks import locked, try_lock, unlock
from sim.experiment.results.manifest import FILE, kind_of

__all__ = ["Scratch", "check_place", "lock_of", "recover", "replace_folder", "scratch_beside", "writing"]

PREFIX, SUFFIX, ASIDE = ".frontdoor-", ".part", ".old"
OWNER = "owner.lock"
ABANDONED = 24 * 3600.0
"""Seconds after which a scratch folder that nobody says to own is removed."""
WAIT = 60.0
"""Seconds that a writer waits for another to finish replacing the same folder."""


class Scratch:
    """A folder of its own that goes when nothing refers to it any more, when Python ends, or with the next run."""

    def __init__(self, parent: Path | None = None) -> None:
        clear_scratch(parent or Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, suffix=SUFFIX, dir=parent))
        try:
            owner = try_lock(self.path / OWNER)
        except OSError:
            owner = None
        self._gone = weakref.finalize(self, _remove, self.path, owner)

    def remove(self) -> None:
        """Remove the folder now."""
        self._gone()


@contextmanager
def scratch_beside(out: Path, refusal: type[ExperimentError]) -> Iterator[Path]:
    """Give an empty scratch folder beside `out`, on the same disk, that is removed in the end.

    Raises:
        ExperimentError: of the class `refusal`, when it cannot be made.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = Scratch(out.parent)
    except OSError as error:
        raise refusal(f"{out} cannot be written: {error.strerror or error}") from None
    try:
        yield scratch.path
    finally:
        scratch.remove()


def _remove(path: Path, owner: int | None) -> None:
    if owner is not None:
        os.close(owner)  # first: Windows removes no file that is open
    shutil.rmtree(path, ignore_errors=True)


def clear_scratch(parent: Path) -> None:
    """Remove the scratch folders in `parent` whose processes are gone."""
    for folder in parent.glob(f"{PREFIX}*{SUFFIX}"):
        with suppress(OSError):
            if (folder / OWNER).exists():
                handle = try_lock(folder / OWNER)
                if handle is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    unlock(handle)
            elif time.time() - folder.stat().st_mtime > ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)


def check_place(out: Path, what: str, files: Mapping[str, str], kind: str = "") -> None:
    """See that a folder could be written to `out`: before a long run, not after.

    Args:
        out: the folder.
        what: what is written, in words: `results`, `a sweep`.
        files: names that may be in a folder of this kind.
        kind: of study; empty for the results of a run.

    Raises:
        ResultsError: when `out` holds something else, belongs to somebody else, or cannot be made or replaced.
    """
    elsewhere = "choose another folder with --out"
    try:
        recover(out)
        if out.is_dir():
            held = sorted(path.name for path in out.iterdir() if path.suffix != SUFFIX)
            if held:
                if kind_of(out) != kind:
                    raise ResultsError(f"{out} holds something other than {what}; {elsewhere}")
                known = {
                    *files,
                    *(f"{name.removesuffix('.parquet')}.csv" for name in files if name.endswith(".parquet")),
                }
                strange = next((name for name in held if name not in known), None)
                if strange is not None:
                    raise ResultsError(
                        f"{out} holds {strange}, which replacing the results would remove; move it, or {elsewhere}"
                    )
        elif out.exists() or out.is_symlink():
            raise ResultsError(f"{out} is a file, not a folder; choose another with --out")
        parent = next(path for path in out.absolute().parents if path.exists())
        if not parent.is_dir():
            raise ResultsError(f"{parent} is a file, not a folder; {elsewhere}")
        if out.exists() and not _may_replace(out.absolute()):
            raise ResultsError(f"{out} belongs to another user, and only they can replace it; {elsewhere}")
        longest = max(out.absolute().parts, key=lambda part: len(os.fsencode(part)))
        most = os.pathconf(parent, "PC_NAME_MAX") if hasattr(os, "pathconf") else 255
        if len(os.fsencode(longest)) > most:
            raise ResultsError(
                f"the name {longest[:40]}… is {len(os.fsencode(longest))} bytes long, and {parent} takes {most}; "
                "choose a shorter one with --out"
            )
        # Nothing but trying tells whether a folder can be written to: there are quotas, and disks that are read-only.
        Path(tempfile.mkdtemp(prefix=PREFIX, suffix=SUFFIX, dir=parent)).rmdir()
        clear_scratch(out.absolute().parent)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise ResultsError(f"the path {str(out)[:60]}… is too long; choose a shorter one with --out") from None
        where = next((path for path in (out, *out.absolute().parents) if _exists(path)), out)
        raise ResultsError(f"{where} cannot be written to ({error.strerror or error}); {elsewhere}") from None
    except ValueError as error:  # a character that no path may have
        raise ResultsError(f"{str(out)!r} is not a path ({error}); {elsewhere}") from None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _may_replace(out: Path) -> bool:
    """Whether this user may rename a folder: in one like /tmp only its owner, and that of the one around it, may."""
    user = os.geteuid() if hasattr(os, "geteuid") else 0
    around = out.parent.stat()
    sticky = bool(around.st_mode & 0o1000)
    return user == 0 or not sticky or user in (out.stat().st_uid, around.st_uid)


def lock_of(out: Path) -> Path:
    """The lock file of a folder, beside it."""
    return out.parent / f"{PREFIX}{hashlib.sha256(os.fsencode(out.name)).hexdigest()[:16]}.lock"


@contextmanager
def writing(out: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold a folder's lock while the body writes to it.

    Raises:
        ResultsError: when another process writes to it for longer than `wait` seconds.
    """
    out = out.resolve()
    with locked(lock_of(out), wait) as mine:
        if not mine:
            raise ResultsError(
                f"another frontdoor is writing to {out}; wait until it ends, or choose another folder with --out"
            )
        yield


def replace_folder(out: Path, fill: Callable[[Path], None], *, beside: bool = False) -> Path:
    """Have `fill` write everything into a scratch folder, and put that where `out` is in one step; return its path.

    `beside`: where another program holds a file of `out` open, as Excel does on Windows, the new folder gets the first
    free name of `out-2`, `out-3` … instead.

    Raises:
        ResultsError: when it cannot be written; an earlier folder then stays.
    """
    out = out.resolve()
    with scratch_beside(out, ResultsError) as scratch:
        try:
            staging = scratch / "results"
            staging.mkdir()
            fill(staging)
            with writing(out):
                recover(out)
                try:
                    _swap(staging, out)
                except PermissionError as error:
                    if not out.exists():
                        raise
                    if not beside:
                        raise ResultsError(
                            f"{out} is left as it was: another program holds one of its files open "
                            f"({error.strerror}); close it, or choose another folder with --out"
                        ) from error
                    out = _free_name(out)
                    staging.rename(out)
        except OSError as error:
            raise ResultsError(f"{out} cannot be written: {error.strerror or error}") from error
    return out


def _free_name(out: Path) -> Path:
    number = 2
    while (free := out.with_name(f"{out.name}-{number}")).exists():
        number += 1
    return free


def recover(out: Path) -> None:
    """Put an earlier folder back that a process, killed between two renames, left aside."""
    if out.exists() or out.is_symlink() or not out.parent.is_dir():
        return
    aside = _aside(out)
    if (aside / FILE).is_file():
        with suppress(OSError):
            aside.rename(out)


def _aside(out: Path) -> Path:
    return lock_of(out.resolve()).with_suffix(ASIDE)


def _swap(staging: Path, out: Path) -> None:
    """Put the new folder where the old one is; if that fails the old one stays."""
    if not out.exists():
        staging.rename(out)
        return
    if _exchange(staging, out):
        return  # the old one lies in the scratch folder, and goes with it
    aside = _aside(out)
    shutil.rmtree(aside, ignore_errors=True)
    out.rename(aside)
    try:
        staging.rename(out)
    except OSError:
        aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange(first: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system or the file system cannot."""
    here, swap = -100, 2  # AT_FDCWD; RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS are both 2
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            failed = system.renamex_np(os.fsencode(first), os.fsencode(other), swap)
        else:
            failed = system.renameat2(here, os.fsencode(first), here, os.fsencode(other), swap)
    except (AttributeError, OSError, TypeError):
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV):
        return False
    raise OSError(code, os.strerror(code))
