"""Every key of a scenario file as tables: what may be written, the default and the meaning.

`docs/analyst/scenario-keys.md` is made from it. Each section is described once, where it is first used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import getdoc
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sim.scenario.reading.editor_schema import plain_default
from sim.scenario.reading.known_keys import alternatives, is_model
from sim.scenario.schema import Scenario
from sim.scenario.sections.dated_lever import DatedLever
from sim.scenario.values.durations import Duration

_FORMS: Final = (
    ("A share from", "share"),
    ("A relative change", "change"),
    ("A rate a year", "rate a year"),
    ("A factor", "factor"),
    ("A whole number", "whole number"),
    ("People", "whole number"),
    ("Children", "whole number"),
    ("Posts", "number"),
    ("A number", "number"),
    ("A share or a count", "number or share"),
    ("Hours", "hours"),
    ("Pounds", "pounds"),
    ("A date", "date"),
    ("A month", "month"),
)
"""How the description of a value's JSON Schema begins, and the word for what is written."""
_PLAIN: Final = {str: "text", bool: "true or false", float: "number", int: "whole number"}


@dataclass(frozen=True, slots=True)
class SectionKey:
    """One key of a section."""

    key: str
    form: str
    """What may be written, in words; a section's name stands in angle brackets, a word to be copied in backquotes."""
    default: str
    """As it would be written; empty where there is none, or where it is a section's own defaults."""
    meaning: str

    @property
    def written(self) -> str:
        """What may be written, with `section` in place of the names of sections."""
        sections = re.sub("(<[^>]*>)( or <[^>]*>)*", "section", self.form).replace(
            "list of section", "list of sections"
        )
        return " or ".join(dict.fromkeys(sections.split(" or ")))

    @property
    def default_word(self) -> str:
        """The only word that the key may hold, or an empty text."""
        return self.form.strip("`") if self.form.startswith("`") and " or " not in self.form else ""


@dataclass(frozen=True, slots=True)
class SectionKeys:
    """One section, and where it is first used."""

    name: str
    """The section's name in words."""
    path: str
    """Where it stands in a file, such as `teams.NAME.workers`."""
    text: str
    rows: tuple[SectionKey, ...]


def key_tables() -> list[SectionKeys]:
    """Return a table for the scenario itself, and for each section in the order in which a file uses them."""
    tables: list[SectionKeys] = []
    seen: set[type] = set()
    _collect(Scenario, "", tables, seen)
    return tables


def _collect(section: Any, path: str, tables: list[SectionKeys], seen: set[type]) -> None:
    if section in seen:
        return
    seen.add(section)
    rows = tuple(_row(key, field) for key, field in section.model_fields.items())
    tables.append(SectionKeys(words(section.__name__), path, _text(section), rows))
    for key, field in section.model_fields.items():
        for kind, inner_path in _sections_within(field.annotation, f"{path}.{key}" if path else key):
            _collect(kind, inner_path, tables, seen)


def _text(section: Any) -> str:
    """The docstring of a section; of a lever, also what it changes and when, without the names of phases."""
    text = (getdoc(section) or "").strip()
    if issubclass(section, DatedLever):
        when = re.sub(r" \([A-Z]+\)", "", section.applies)
        text += f"\n\nIt changes {section.touches}. It applies {when}."
    return text


def _sections_within(annotation: Any, path: str) -> list[tuple[Any, str]]:
    """The sections that a key may hold, with their paths."""
    within: list[tuple[Any, str]] = []
    for kind in alternatives(annotation):
        origin = get_origin(kind)
        if is_model(kind):
            within.append((kind, path))
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            within += _sections_within(get_args(kind)[1], f"{path}.NAME")
        elif isinstance(origin, type) and issubclass(origin, Sequence):
            within += _sections_within(get_args(kind)[0], path)
    return within


def words(name: str) -> str:
    """Return the name of a section in words: `PreProceedings` as `pre proceedings`, `TeamSection` as `team`."""
    parted = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return parted.removesuffix(" section")


def _row(key: str, field: FieldInfo) -> SectionKey:
    return SectionKey(key, _form(field.annotation, field.metadata), _default(field), field.description or "")


def _form(annotation: Any, metadata: Sequence[Any] = ()) -> str:
    for mark in metadata:
        if isinstance(mark, WithJsonSchema) and mark.json_schema:
            return _form_of_schema(mark.json_schema)
    origin = get_origin(annotation)
    if origin is Annotated:
        kind, *marks = get_args(annotation)
        return _form(kind, marks)
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in get_args(annotation))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, value = get_args(annotation)
        return f"{_form(value)} by {_form(key).replace('text', 'name')}"
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return f"list of {_form(get_args(annotation)[0])}"
    if is_model(annotation):
        return f"<{words(annotation.__name__)}>"
    if annotation is Duration:
        return "duration"
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    forms = [_form(part) for part in get_args(annotation) if part is not type(None)]
    return _joined(list(dict.fromkeys(forms)))


def _joined(forms: list[str]) -> str:
    distributions = [form for form in forms if form in _DISTRIBUTIONS]
    if len(distributions) > 1:
        forms = ["distribution", *(form for form in forms if form not in _DISTRIBUTIONS)]
    return " or ".join(forms)


_DISTRIBUTIONS: Final = tuple(
    f"<{name}>" for name in ("fixed", "exponential", "lognormal", "gamma", "weibull", "uniform", "bands")
)


def _form_of_schema(schema: Mapping[str, Any]) -> str:
    text = str(schema.get("description", ""))
    for beginning, form in sorted(_FORMS, key=lambda pair: -len(pair[0])):
        if text.startswith(beginning):
            return form
    if any(inner.get("type") == "object" for inner in schema.get("anyOf", ())):
        return "number, or number by date"
    return "name"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if field.is_required() or value is PydanticUndefined:
        return "required"
    if value is None or value in ("", {}, []):
        return ""
    if is_model(type(value)):
        return "" if not hasattr(value, "mean_working_days") else _written(value.model_dump())
    return _written(value)


def _written(value: Any) -> str:
    """A default as it would be written in a file."""
    if isinstance(value, Duration):
        return f"{value.amount:g} {value.unit}"
    value = plain_default(value)
    if isinstance(value, Mapping):
        if value.get("distribution") == "fixed":
            return _written(value["value"])
        return ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_written(inner) for inner in value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
