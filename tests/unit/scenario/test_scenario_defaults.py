"""Defaults are not checked when they are made, so that is done here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel, TypeAdapter

import sim.scenario.schema
from sim.scenario.sections.base import Section
from sim.scenario.sections.stages import StageName
from sim.scenario.stage_names import STAGE_NAMES

pytestmark = pytest.mark.unit


def sections(base: type[BaseModel] = Section) -> Iterator[type[BaseModel]]:
    for section in base.__subclasses__():
        yield section
        yield from sections(section)


DEFAULTS = [
    (section, name)
    for section in sorted(set(sections()), key=lambda section: section.__name__)
    if section.__module__.startswith(sim.scenario.__name__)
    for name, field in section.model_fields.items()
    if isinstance(field.default, BaseModel)
]


def test_there_are_defaults_to_check() -> None:
    assert len(DEFAULTS) > 40


@pytest.mark.parametrize(("section", "name"), DEFAULTS, ids=lambda value: getattr(value, "__name__", value))
def test_a_default_is_what_a_scenario_that_says_the_same_would_have(section: type[BaseModel], name: str) -> None:
    default = section.model_fields[name].default
    said = default.model_dump(exclude_unset=True)
    checked = TypeAdapter(type(default)).validate_python(said)
    assert checked == default
    assert checked.model_dump() == default.model_dump()


def test_a_scenario_names_the_stages_of_a_recording_in_their_order() -> None:
    assert get_args(StageName) == STAGE_NAMES
