"""Every key of a scenario file is described, and the page of keys is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli.schema_command import as_markdown
from sim.scenario.reading.key_tables import SectionKeys, key_tables

pytestmark = pytest.mark.unit

PAGE = Path(__file__).parents[3] / "docs" / "analyst" / "scenario-keys.md"
NOT_DESCRIBED = {"lever", "distribution"}
"""Words that choose between sections."""


def table(path: str) -> SectionKeys:
    return next(table for table in key_tables() if table.path == path)


def test_the_page_of_keys_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_markdown(key_tables()), (
        "run: frontdoor schema --markdown > docs/analyst/scenario-keys.md"
    )


def test_every_key_outside_distributions_has_a_meaning() -> None:
    bare = [
        f"{table.path}.{row.key}"
        for table in key_tables()
        for row in table.rows
        if not row.meaning and row.key not in NOT_DESCRIBED and table.path != "stages.assessment.habit"
    ]
    assert bare == []


def test_every_section_is_listed_once_with_a_text() -> None:
    tables = key_tables()
    names = [table.name for table in tables]
    assert len(names) == len(set(names))
    assert all(table.text for table in tables)


def test_a_row_says_what_may_be_written_and_the_default() -> None:
    rows = {row.key: row for row in table("teams.NAME.workers").rows}
    assert (rows["count"].written, rows["count"].default) == ("whole number", "required")
    assert (rows["cap"].written, rows["cap"].default) == ("number or `none`", "none")
    assert rows["leaks"].written == "section or `none`"
    periods = {row.key: row for row in table("period").rows}
    assert periods["start"].written == "date"
    stages = {row.key: row for row in table("stages.assessment").rows}
    assert (stages["standard"].written, stages["standard"].default) == ("duration", "45 working days")
    assert stages["habit"].written == "distribution or `none`"
