"""Numbers without end, drawn in blocks: a generator's call costs many times what the number does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, repeat
from typing import Any, Final

from numpy.typing import NDArray

BLOCK: Final = 4096


def endless(draw: Callable[[int], NDArray[Any]], block: int = BLOCK) -> Iterator[Any]:
    """The numbers of `draw(block)`, `draw(block)`, … one by one: the same as `draw(1)` each time would give."""
    return chain.from_iterable(draw(many).tolist() for many in repeat(block))
