"""Random numbers by name.

A stream is a Philox generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) keyed by a hash of
the master seed, the replication, the name of the decision and the batch of cases. A batch is drawn as one block, and
row k of the block belongs to case k of the batch: one case more adds a row and leaves the others as they were.

This file is slow to read because it is fast: a run reads draws more often than anything else. One generator is set anew
for each block instead of one being created, blocks are Python arrays instead of numpy's (a float in half the time), and
a row marks in its own first slot how many of its draws are used, so that most reads touch one place in memory.
"""

from __future__ import annotations

from array import array
from hashlib import blake2b
from struct import Struct
from typing import Any, Final

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray
from typing_extensions import override

WIDTH: Final = 2
"""Draws of one stream that a case gets from its batch's block before it needs blocks of its own."""

OFTEN_WIDTH: Final = 24
"""Draws that a case gets of a stream from which it draws often."""

OWN_BLOCK: Final = 32

AT_A_TIME: Final = 4
"""Numbers that Philox makes at a time: draws can begin at any four of them."""

RETURNED: Final = -1
"""Ends the key of a batch once for each time that its cases have come back."""

WORDS: Final = Struct("=2Q")
"""A key of Philox."""


class _Key(ISeedSequence):
    """A seed sequence that is the key itself: given a key, numpy gathers entropy all the same, and does not use it."""

    def __init__(self, digest: bytes) -> None:
        self._words = np.frombuffer(digest, np.uint64)

    @override
    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[Any]:
        assert (n_words, dtype) == (len(self._words), np.uint64), "Philox takes a key of two long words"
        return self._words


class Streams:
    """The streams of one replication.

    Args:
        seed: master seed of the run.
        replication: number of the replication, from 0.
        often: name of the stream from which a case draws often, if there is one.
    """

    def __init__(self, seed: int, replication: int, often: str = "") -> None:
        self.often = often
        self._hash = blake2b(f"{seed}/{replication}/".encode(), digest_size=16)
        self._philox = np.random.Philox(key=0)
        self._key: dict[str, tuple[int, ...]] = {"counter": (0, 0, 0, 0), "key": (0, 0)}
        # Python's own numbers in place of numpy's: setting them takes a third of the time.
        self._fresh: Any = {**self._philox.state, "state": self._key, "buffer": (0, 0, 0, 0)}
        self._shared = np.random.Generator(self._philox)

    def _digest(self, name: str, key: tuple[int, ...]) -> bytes:
        digest = self._hash.copy()
        digest.update((name + "/" + ",".join([str(number) for number in key])).encode())
        return digest.digest()

    def generator(self, name: str, *key: int) -> np.random.Generator:
        """A fresh generator for the decision `name` and the numbers in `key`: same arguments, same draws."""
        return np.random.Generator(np.random.Philox(_Key(self._digest(name, key))))  # type: ignore[arg-type]

    def at_once(self, name: str, *key: int) -> np.random.Generator:
        """What `generator` gives, for draws that are all taken at once: it is one generator, set anew each time."""
        return self._set(name, key, 0)

    def uniforms(self, many: int, name: str, *key: int) -> NDArray[np.float64]:
        """The first uniform draws on (0, 1) of `generator(name, *key)`."""
        return self.part(name, key, 0, many)

    def part(self, name: str, key: tuple[int, ...], start: int, many: int) -> NDArray[np.float64]:
        """Uniform draws of `generator(name, *key)`: `many` of them, from place `start` on."""
        before = start % AT_A_TIME
        drawn = self._set(name, key, start // AT_A_TIME).random(before + many)
        return drawn[before:] if before else drawn

    def batch(self, *key: int, cases: int) -> Batch:
        """The draws of `cases` cases that are made together (a month's referrals, an opening caseload)."""
        return Batch(self, key, cases, 0)

    def _set(self, name: str, key: tuple[int, ...], counter: int) -> np.random.Generator:
        """The one generator, set to the stream of a name and a key; the first `counter` fours of it are left out."""
        self._key["counter"] = (counter, 0, 0, 0)
        self._key["key"] = WORDS.unpack(self._digest(name, key))
        self._philox.state = self._fresh
        return self._shared


class Batch:
    """Draws of a batch of cases, block by block as decisions ask for them.

    A block is one array, row after row. After the first read, a row's first slot holds minus the number of draws used.
    Most reads fall on memory outside the processor's caches; this way each needs one place of it.

    Args:
        cases: rows of a block.
        start: number of the first row; above 0 for a case that has a batch of its own.
    """

    __slots__ = ("_later", "blocks", "cases", "key", "often", "start", "streams")

    def __init__(self, streams: Streams, key: tuple[int, ...], cases: int, start: int) -> None:
        self.streams = streams
        self.often = streams.often
        self.key = key
        self.cases = cases
        self.start = start
        self.blocks: dict[str, array[float]] = {}
        self._later: Batch | None = None

    def block(self, name: str) -> array[float]:
        """The block of a stream, drawn when it is first asked for."""
        block = self.blocks.get(name)
        if block is None:
            width = OFTEN_WIDTH if name == self.often else WIDTH
            drawn = self.streams.part(name, self.key, self.start * width, self.cases * width)
            # Python's own arrays give a float in half the time that numpy's take.
            block = self.blocks[name] = array("d", drawn.tobytes())
        return block

    def first(self, name: str, row: int) -> float:
        """The first draw of one case, which has not been read yet and is not by this."""
        return self.block(name)[row * (OFTEN_WIDTH if name == self.often else WIDTH)]

    def later(self, row: int) -> CaseDraws:
        """The draws of a case when it comes back after closure: fresh ones, of the same row."""
        key = (*self.key, RETURNED)
        if RETURNED in self.key:
            # So few come back again that a whole block would be drawn for two or three of its rows.
            return CaseDraws(Batch(self.streams, key, 1, self.start + row), 0)
        if self._later is None:
            self._later = Batch(self.streams, key, self.cases, 0)
        return _ReturnedDraws(self._later, row)


class CaseDraws:
    """The draws of one case, each stream read in order, without end. A row of a batch has one reader."""

    __slots__ = ("_batch", "_own", "_row")

    def __init__(self, batch: Batch, row: int) -> None:
        self._batch = batch
        self._row = row
        self._own: dict[str, list[float]] | None = None

    def uniform(self, name: str) -> float:
        """The next uniform draw on (0, 1) of the stream `name`."""
        batch = self._batch
        block = batch.blocks.get(name)
        if block is None:
            block = batch.block(name)
        width = OFTEN_WIDTH if name == batch.often else WIDTH
        start = self._row * width
        first = block[start]
        if first >= 0.0:
            block[start] = -1.0
            return first
        block[start] = first - 1.0
        used = int(-first)
        if used < width:
            return block[start + used]
        return self._own_draw(name, used - width)

    def later(self) -> CaseDraws:
        """Fresh draws for the same case when it comes back after closure."""
        return self._batch.later(self._row)

    def _own_draw(self, name: str, number: int) -> float:
        """A draw beyond the batch's: the case draws blocks of its own, one after the other."""
        own = self._own
        if own is None:
            own = self._own = {}
        place = number % OWN_BLOCK
        if place == 0:
            batch, block = self._batch, number // OWN_BLOCK
            key = (*batch.key, batch.start + self._row, block)
            own[name] = batch.streams.part(name, key, 0, OWN_BLOCK).tolist()
        return own[name][place]


class _ReturnedDraws(CaseDraws):
    """The draws of a case that has come back once: few of these draw often, and those have a row drawn for each."""

    __slots__ = ("_often",)

    def __init__(self, batch: Batch, row: int) -> None:
        super().__init__(batch, row)
        self._often = CaseDraws(Batch(batch.streams, batch.key, 1, row), 0)

    @override
    def uniform(self, name: str) -> float:
        return self._often.uniform(name) if name == self._batch.often else super().uniform(name)
