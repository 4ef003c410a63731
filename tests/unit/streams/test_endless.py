"""Numbers in blocks are the numbers one by one."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from sim.streams import endless

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("block", [1, 7, 4096])
def test_blocks_hold_the_numbers_that_single_draws_would_give(block: int) -> None:
    singly, blocks = np.random.default_rng(3), np.random.default_rng(3)
    expected = [singly.lognormal(1.0, 0.5) for _ in range(50)]
    found = list(islice(endless(lambda many: blocks.lognormal(1.0, 0.5, many), block), 50))
    assert found == expected
    assert all(type(number) is float for number in found)
