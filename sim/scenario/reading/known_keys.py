"""What a pydantic model knows at a path: the keys of a section, or the names a discriminator may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel


def alternatives(kind: Any) -> list[Any]:
    """Return the plain types that an annotation allows, with unions and Annotated taken apart."""
    origin = get_origin(kind)
    if origin is Annotated or getattr(kind, "__value__", None) is not None:
        return alternatives(get_args(kind)[0] if origin is Annotated else kind.__value__)
    if origin in (Union, UnionType):
        return [part for argument in get_args(kind) for part in alternatives(argument)]
    return [kind]


def is_model(kind: Any) -> bool:
    """Whether a type is a section with keys of its own."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _tags(model: type[BaseModel]) -> set[str]:
    """Return the words that can stand for a model in a path: its name, and values of its literal fields."""
    words = {model.__name__}
    for field in model.model_fields.values():
        if get_origin(field.annotation) is Literal:
            words.update(str(value) for value in get_args(field.annotation))
    return words


def step_into(kinds: Sequence[Any], step: str | int) -> list[Any]:
    """Return the types that the sections, mappings and lists among `kinds` allow one step further in."""
    inside: list[Any] = []
    for kind in kinds:
        origin = get_origin(kind)
        if is_model(kind) and step in kind.model_fields:
            inside += alternatives(kind.model_fields[step].annotation)
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            inside += alternatives(get_args(kind)[1])
        elif isinstance(origin, type) and issubclass(origin, Sequence) and isinstance(step, int):
            inside += alternatives(get_args(kind)[0])
    return inside


def kinds_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[Any]:
    """Return the types a model allows at a pydantic location, with or without tags of unions in it."""
    kinds: list[Any] = [model]
    for step in loc:
        inside = step_into(kinds, step)
        if inside:
            kinds = inside
        else:
            tagged = [kind for kind in kinds if is_model(kind) and step in _tags(kind)]
            kinds = tagged or kinds
    return kinds


def known_keys(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Return the keys that the sections allowed at a location know, in the order of their definition."""
    names: dict[str, None] = {}
    for kind in kinds_at(model, loc):
        if is_model(kind):
            names.update(dict.fromkeys(kind.model_fields))
    return list(names)


def is_tagged(kinds: Sequence[Any], node: Mapping[str, Any]) -> list[Any]:
    """Return the types that fit a mapping's own word for its kind (`lever: cap`), or all where it says none."""
    for key in ("lever", "distribution"):
        if key in node:
            fitting = [k for k in kinds if is_model(k) and key in k.model_fields and node[key] in _words(k, key)]
            return fitting or list(kinds)
    return list(kinds)


def _words(kind: Any, key: str) -> tuple[Any, ...]:
    return get_args(kind.model_fields[key].annotation)


def is_open(model: type[BaseModel], loc: Sequence[str | int]) -> bool:
    """Return whether a location holds a mapping with names of the user's own (teams, localities, months)."""
    origins = [get_origin(kind) for kind in kinds_at(model, loc)]
    return any(isinstance(origin, type) and issubclass(origin, Mapping) for origin in origins)


def discriminator_values(model: type[BaseModel], loc: Sequence[str | int], key: str) -> list[str]:
    """Return the words that `key` may hold to choose between the sections allowed at a location."""
    words: dict[str, None] = {}
    for kind in kinds_at(model, loc):
        if is_model(kind) and key in kind.model_fields:
            words.update(dict.fromkeys(str(value) for value in get_args(kind.model_fields[key].annotation)))
    return list(words)
