r"""The one place that writes to the terminal: what a file, a title or an option holds never steers it.

Control characters and characters that turn the direction of writing (Unicode's bidirectional controls) are shown by
their number, whoever wrote them: `\x1b` in place of an escape.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

__all__ = ["guarded", "harmless", "raw_errors"]

_BIDIRECTIONAL: Final = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_LINES: Final = (0x2028, 0x2029, 0xFEFF)
_SHOWN: Final = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in (*range(0x20), *range(0x7F, 0xA0), *_BIDIRECTIONAL, *_LINES)
    if chr(code) not in "\n\t"
}


_PLAIN: Final = str.maketrans(
    {"\u2212": "-", "–": "-", "—": "-", "→": "->", "≥": ">=", "≤": "<=", "…": "...", "“": '"', "”": '"', "‘": "'",
     "’": "'", "×": "x", "£": "GBP "}
)  # fmt: skip
"""Letters for signs that an old console lacks."""


def harmless(text: str) -> str:
    """Return a text with every character that steers a terminal shown by its number; line feeds and tabs stay."""
    return text.translate(_SHOWN)


def _representable(text: str, encoding: str | None) -> str:
    """The text with what the terminal's encoding lacks, as that of many Windows consoles does, in plain letters."""
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        plain = text.translate(_PLAIN)
        return plain.encode(encoding, "replace").decode(encoding)
    return text


class _Guarded:
    """A text stream that makes all that is written to it harmless."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, harmless."""
        self._stream.write(_representable(harmless(text), getattr(self._stream, "encoding", None)))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write several texts, harmless."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            # click would write bytes there, past the guard.
            raise AttributeError(name)
        return getattr(self._stream, name)


@contextmanager
def guarded() -> Iterator[None]:
    """Guard standard output and standard error while the body runs."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Guarded(before[0]), _Guarded(before[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def raw_errors() -> TextIO:
    """Standard error without the guard, for a progress bar, which steers the terminal and shows numbers only."""
    stream = sys.stderr
    return stream._stream if isinstance(stream, _Guarded) else stream
