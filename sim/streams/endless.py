"""Numbers without end, drawn in blocks: a generator's call costs many times what the number does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final

from numpy.typing import NDArray

BLOCK: Final = 4096


def endless(draw: Callable[[int], NDArray[Any]], block: int = BLOCK) -> Iterator[Any]:
    """The numbers of `draw(block)`, `draw(block)`, … one by one: the same as `draw(1)` each time would give."""
    return chain.from_iterable(_blocks(draw, block))


def _blocks(draw: Callable[[int], NDArray[Any]], block: int) -> Iterator[list[Any]]:
    """Blocks without end: a generator function, because mypyc turns a generator expression into a list."""
    while True:
        yield draw(block).tolist()
