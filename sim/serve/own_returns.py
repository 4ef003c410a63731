"""A council's own Annex A workbook as a start: read where the page runs, and not kept."""

from __future__ import annotations

import base64
import binascii
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from sim.serve.errors import PageError

__all__ = ["scenario_of"]

NAME: Final = "annex-a.xlsx"
"""What the workbook is called in messages: its own name may name a person."""
MOST_NOTES: Final = 40


def scenario_of(given: Any, scratch: Path) -> dict[str, Any]:
    """Make a scenario from a workbook.

    `given` holds `data`, the workbook in base64, and `as_at`, a day as YYYY-MM-DD where the workbook does not tell it
    (otherwise empty). Returns the scenario's `text`, and `notes`: what was wrong in the workbook and what it does not
    tell, a sentence each. The copy in `scratch` is gone when this returns.

    Raises:
        PageError: when what was sent is no workbook or no day.
        ReturnsError: when the workbook cannot be read.
    """
    from sim.returns.errors import ReturnsError
    from sim.returns.from_returns import from_returns

    if not isinstance(given, Mapping) or not isinstance(given.get("data"), str):
        raise PageError("choose a workbook")
    try:
        data = base64.b64decode(given["data"], validate=True)
        day = given.get("as_at")
        as_at = date.fromisoformat(str(day)) if day else None
    except binascii.Error:
        raise PageError("the workbook did not arrive whole; choose it again") from None
    except ValueError:
        raise PageError("write the day of the extract as YYYY-MM-DD") from None
    scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".reading-", dir=scratch))
    try:
        (folder / NAME).write_bytes(data)
        result = from_returns(annex_a=folder / NAME, as_at=as_at)
    except ReturnsError as error:
        raise PageError(str(error).replace(f"{folder / NAME}", "the workbook")) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    notes = [*result.problems.summary(), *result.notes]
    more = len(notes) - MOST_NOTES
    return {"text": result.text, "notes": notes[:MOST_NOTES] + ([f"And {more} more."] if more > 0 else [])}
