"""Ctrl-C and SIGTERM: the same end, and none while results are saved."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

__all__ = ["HeldBack", "as_interrupts", "held_back"]

_INSISTED: Final = 3
"""Ctrl-C so often stops even a saving that does not end."""


class HeldBack:
    """Whether the run was asked to stop while it was saving."""

    def __init__(self) -> None:
        self.times = 0

    def note(self, number: int, frame: FrameType | None) -> None:
        """Note a signal; the third one interrupts."""
        self.times += 1
        if self.times >= _INSISTED:
            raise KeyboardInterrupt


@contextmanager
def as_interrupts() -> Iterator[None]:
    """While the body runs SIGTERM does as Ctrl-C does: what is complete is kept."""
    with _handled({signal.SIGTERM: signal.default_int_handler}):
        yield


@contextmanager
def held_back() -> Iterator[HeldBack]:
    """While the body runs Ctrl-C and SIGTERM are only noted."""
    noted = HeldBack()
    with _handled(dict.fromkeys((signal.SIGINT, signal.SIGTERM), noted.note)):
        yield noted


@contextmanager
def _handled(handlers: dict[signal.Signals, Any]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
