"""Random numbers by name.

A stream is a Philox generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) keyed by a hash of
the master seed, the replication, the name of the decision and the batch of cases. A batch is drawn as one block, and
row k of the block belongs to case k of the batch: one case more adds a row and leaves the others as they were.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

WIDTH = 2
"""Draws of one stream that a case gets from its batch's block before it needs blocks of its own."""

WIDER = {"visit_interval": 24}
"""Streams from which a case draws often."""

OWN_BLOCK = 32


class Streams:
    """The streams of one replication.

    Args:
        seed: master seed of the run.
        replication: number of the replication, from 0.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._prefix = f"{seed}/{replication}/"

    def generator(self, name: str, *key: int) -> np.random.Generator:
        """A fresh generator for the decision `name` and the numbers in `key`: same arguments, same draws."""
        text = self._prefix + name + "/" + ",".join(map(str, key))
        digest = blake2b(text.encode(), digest_size=16).digest()
        return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))

    def batch(self, *key: int, cases: int) -> Batch:
        """The draws of `cases` cases that are made together (a month's referrals, an opening caseload)."""
        return Batch(self, key, cases)


class Batch:
    """Draws of a batch of cases, block by block as decisions ask for them."""

    __slots__ = ("_blocks", "_later", "cases", "key", "streams")

    def __init__(self, streams: Streams, key: tuple[int, ...], cases: int) -> None:
        self.streams = streams
        self.key = key
        self.cases = cases
        self._blocks: dict[str, NDArray[np.float64]] = {}
        self._later: Batch | None = None

    def block(self, name: str) -> NDArray[np.float64]:
        """Uniform draws of the stream `name`, shape (cases, WIDTH) or wider."""
        block = self._blocks.get(name)
        if block is None:
            shape = (self.cases, WIDER.get(name, WIDTH))
            block = self._blocks[name] = self.streams.generator(name, *self.key).random(shape)
        return block

    def later(self) -> Batch:
        """The batch of the same cases when they come back after closure: fresh draws, the same row numbers."""
        if self._later is None:
            self._later = Batch(self.streams, (*self.key, -1), self.cases)
        return self._later


class CaseDraws:
    """The draws of one case, each stream read in order, without end."""

    __slots__ = ("_batch", "_own", "_row", "_used")

    def __init__(self, batch: Batch, row: int) -> None:
        self._batch = batch
        self._row = row
        self._used: dict[str, int] = {}
        self._own: dict[str, list[float]] = {}

    def uniform(self, name: str) -> float:
        """The next uniform draw on (0, 1) of the stream `name`."""
        used = self._used.get(name, 0)
        self._used[name] = used + 1
        block = self._batch.block(name)
        width = block.shape[1]
        if used < width:
            return block.item(self._row, used)
        return self._own_draw(name, used - width)

    def later(self) -> CaseDraws:
        """Fresh draws for the same case when it comes back after closure."""
        return CaseDraws(self._batch.later(), self._row)

    def _own_draw(self, name: str, number: int) -> float:
        """A draw beyond the batch's: the case draws blocks of its own, one after the other."""
        block, place = divmod(number, OWN_BLOCK)
        if place == 0:
            generator = self._batch.streams.generator(name, *self._batch.key, self._row, block)
            self._own[name] = generator.random(OWN_BLOCK).tolist()
        return self._own[name][place]
