"""A council's own workbook as a start: read, and not kept."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from sim.serve.desk import Desk
from sim.serve.errors import PageError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, "choose a workbook"),
        ({"data": "!"}, "did not arrive whole"),
        ({"data": "", "as_at": "31/03/2026"}, "YYYY-MM-DD"),
        ({"data": base64.b64encode(b"PK no").decode()}, "the workbook is not a workbook that can be read"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_leaves_nothing(tmp_path: Path, given: Any, wrong: str) -> None:
    with pytest.raises(PageError, match=wrong):
        Desk(tmp_path).ask("returns", given)
    assert list(tmp_path.iterdir()) == []
