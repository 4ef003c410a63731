"""Locks between processes: held while a file is open, and gone with the process that holds it, by whatever end."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["locked", "try_lock", "unlock"]

_ASK_AGAIN = 0.05
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.EACCES, errno.EPERM, errno.EROFS)


def try_lock(path: Path) -> int | None:
    """Lock a file, made where it is missing, and return its handle; None when another process holds it.

    Raises:
        OSError: when the file cannot be opened, or its file system has no locks.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _lock(handle):
                os.close(handle)
                return None
            # Whoever held it before removed the file: a lock on what is gone would keep nobody out.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.stat(path)):  # noqa: PTH116 (beside fstat)
                    return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def unlock(handle: int, path: Path | None = None) -> None:
    """Give a lock back; with `path` its file goes too."""
    refused = False
    if path is not None:
        try:
            path.unlink()
        except PermissionError:  # Windows removes no file that is open
            refused = True
        except OSError:
            pass
    os.close(handle)
    if path is not None and refused:
        with suppress(OSError):  # unless another process has opened it by now
            path.unlink()


@contextmanager
def locked(path: Path, wait: float) -> Iterator[bool]:
    """Hold the lock on a file while the body runs; give False when another holds it for `wait` seconds and longer.

    Where the file system has no locks, or the lock's file cannot be made, nothing is locked: one writer is then sound,
    two are not kept apart.
    """
    began = time.monotonic()
    while True:
        try:
            handle = try_lock(path)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            yield True
            return
        if handle is not None or time.monotonic() - began >= wait:
            break
        time.sleep(_ASK_AGAIN)
    if handle is None:
        yield False
        return
    try:
        yield True
    finally:
        unlock(handle, path)


def _lock(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
