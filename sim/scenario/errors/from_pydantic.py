"""Turns pydantic's errors into problems: one for each place, at the line where it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.scenario.errors.faults import FAULT, FAULTS
from sim.scenario.errors.problems import Path, Place, Problem, did_you_mean, find_place, path_text, show
from sim.scenario.reading.known_keys import discriminator_values, known_keys
from sim.scenario.reading.sources import is_figure

DISCRIMINATORS = ("distribution", "lever", "kind", "type")
"""Keys whose value pydantic puts into a location after the key of the section they stand in."""

MOST_ROWS = 1_000
"""Errors of pydantic that are turned into problems: nobody reads more, and comparing all would take minutes."""

_KEEP_LAST = ("missing", "extra_forbidden")


@dataclass(frozen=True, slots=True)
class _Refusal:
    raw: Path
    path: Path
    wrong: str
    right: str
    branch: bool  # one alternative of several: pydantic put a name of its own at the end of the location


def problems_of(
    error: ValidationError,
    model: type[BaseModel],
    value: object,
    places: Mapping[Path, Place],
    file: str,
) -> list[Problem]:
    """Return every problem in a pydantic error, in the order of the file.

    `value` is what was validated (plain mappings and lists), `places` says where each path was written, and
    `file` stands for paths that were not written anywhere.
    """
    refusals: list[_Refusal] = []
    for row in error.errors(include_url=False)[:MOST_ROWS]:
        loc = tuple(row["loc"])
        path = real_path(loc, value, keep_last=row["type"] in _KEEP_LAST)
        inner = _rows(row)
        if inner is not None:
            refusals += [_Refusal(loc, path + tuple(more), wrong, right, False) for more, wrong, right in inner]
            continue
        place, wrong, right = _say(row, model, loc, path)
        refusals.append(_Refusal(loc, place, wrong, right, len(path) < len(loc) and _at(value, path) is not None))
    problems = []
    for refusal in _collapse(refusals, value):
        place_ = find_place(places, refusal.path, file)
        problems.append(Problem(place_.file, place_.line, path_text(refusal.path), refusal.wrong, refusal.right))
    return sorted(problems, key=lambda problem: (problem.file, problem.line or 0))


def _rows(row: Any) -> list[tuple[Path, str, str]] | None:
    context = row.get("ctx", {})
    if row["type"] == FAULT:
        return [(context["path"], context["wrong"], context["right"])]
    if row["type"] == FAULTS:
        return list(context["rows"])
    return None


def real_path(loc: Path, value: object, keep_last: bool) -> Path:
    """Return a pydantic location without the names of union members and of validators in it."""
    path: list[str | int] = []
    node = value
    tagged = False
    for position, step in enumerate(loc):
        if step == "[key]":
            continue
        last = position == len(loc) - 1
        if isinstance(node, dict):
            if not tagged and any(node.get(key) == step for key in DISCRIMINATORS) and not (last and keep_last):
                tagged = True
            elif step in node:
                path.append(step)
                node, tagged = node[step], False
            elif last and keep_last:
                path.append(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            path.append(step)
            node, tagged = node[step], False
    return tuple(path)


def _at(value: object, path: Path) -> object:
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _collapse(refusals: list[_Refusal], value: object) -> list[_Refusal]:
    """Say one thing about each place where several alternatives of a union each refused the value."""
    kept: dict[Path, list[_Refusal]] = {}
    for refusal in refusals:
        deeper = any(len(o.path) > len(refusal.path) and o.path[: len(refusal.path)] == refusal.path for o in refusals)
        if refusal.branch and deeper:
            continue  # another alternative got further in and says more
        kept.setdefault(refusal.path, []).append(refusal)
    result: list[_Refusal] = []
    for path, rows in kept.items():
        if not isinstance(_at(value, path), (dict, list)):
            # A figure was meant: that it might also have been a mapping or a list is no help.
            figures = [row for row in rows if not row.wrong.endswith((_MAPPING[0], _LIST[0], _WORD))]
            words = [row for row in rows if row.wrong.endswith(_WORD)]
            understood = figures and is_figure(_at(value, path))
            rows = figures if understood else figures + words if figures else rows
        if len({row.raw for row in rows}) < 2:
            result += dict.fromkeys(rows)
            continue
        wrongs = list(dict.fromkeys(row.wrong for row in rows))
        rights = list(dict.fromkeys(row.right for row in rows))
        guesses = [row for row in rows if row.right.startswith("did you mean")]
        wrong = wrongs[0] if len(wrongs) == 1 else f"{show(_at(value, path))} does not fit here"
        result.append(_Refusal(rows[0].raw, path, wrong, guesses[0].right if guesses else ", or ".join(rights), False))
    return result


def _say(row: Any, model: type[BaseModel], loc: Path, path: Path) -> tuple[Path, str, str]:
    """Return the place, what is wrong and what would be right for one of pydantic's own errors."""
    kind, given, context = row["type"], row["input"], row.get("ctx", {})
    if kind == "missing":
        parent = path_text(path[:-1])
        return path, f"{show(path[-1])} is missing", f"add it{f' under {parent}' if parent else ''}"
    if kind == "extra_forbidden":
        known = known_keys(model, loc[:-1])
        return path, f"{show(path[-1])} is not a known key", did_you_mean(str(path[-1]), known)
    if kind in ("literal_error", "enum"):
        words = re.findall(r"'((?:[^'\\]|\\.)*)'", context["expected"]) or [context["expected"]]
        return path, f"{show(given)} {_WORD}", did_you_mean(str(given), words)
    if kind == "union_tag_invalid":
        key = context["discriminator"].strip("'")
        words = re.findall(r"'([^']*)'", context["expected_tags"])
        return (*path, key), f"{show(context['tag'])} {_WORD}", did_you_mean(context["tag"], words)
    if kind == "union_tag_not_found":
        key = context["discriminator"].strip("'")
        if not isinstance(given, dict):
            return path, f"{show(given)} is not a mapping", f"write keys and values under it, with {key}"
        words = discriminator_values(model, loc, key)
        return path, f"'{key}' is missing", f"add {key}: {' | '.join(words)}" if words else f"add {key}"
    simple = _SIMPLE.get(kind)
    if simple is not None:
        return path, f"{show(given)} {simple[0]}", simple[1]
    bound = _BOUNDS.get(kind)
    if bound is not None:
        limit = context[bound[0]]
        return path, f"{show(given)} is {bound[1]} {limit}", f"write {bound[2].format(limit)}"
    if kind in ("too_short", "string_too_short"):
        least = context.get("min_length", 1)
        wrong = "nothing is written here" if least == 1 else f"fewer than {least} are written here"
        return path, wrong, f"write {least} or more" if kind == "too_short" else "write some text"
    if kind in ("too_long", "string_too_long"):
        most = context["max_length"]
        length = context.get("actual_length") or len(given)
        return (
            path,
            f"{length:,} are written here" if kind == "too_long" else f"{show(given)} is too long",
            (f"write {most:,} or fewer" if kind == "too_long" else f"write {most:,} characters or fewer"),
        )
    if kind in ("value_error", "assertion_error"):
        text = re.sub(r"^(Value error|Assertion failed), ", "", row["msg"])
        wrong, _, right = text.partition("; ")
        return path, wrong, right
    text = row["msg"][:1].lower() + row["msg"][1:]
    if text.startswith("input should be "):
        return path, f"{show(given)} does not fit here", "write " + text.removeprefix("input should be ")
    return path, f"{show(given)} does not fit here", text


_WORD = "is not known here"
_NUMBER = ("is not a number", "write a number such as 1.5")
_WHOLE = ("is not a whole number", "write a whole number such as 12")
_DATE = ("is not a date", "write a date as year-month-day, such as 2016-04-01")
_MAPPING = ("is not a mapping", "write keys and values under it")
_LIST = ("is not a list", "write one item a line, each after a dash")
_SIMPLE: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "finite_number"), _NUMBER),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type", "dataclass_type"), _MAPPING),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type"), _LIST),
    **dict.fromkeys(("bool_type", "bool_parsing"), ("is not yes or no", "write true or false")),
    "string_type": ("is not text", "write text, in quotes if it looks like a number"),
    "none_required": ("does not fit here", "leave it empty"),
}
_BOUNDS: dict[str, tuple[str, str, str]] = {
    "greater_than": ("gt", "not above", "a number above {}"),
    "greater_than_equal": ("ge", "below", "{} or more"),
    "less_than": ("lt", "not below", "a number below {}"),
    "less_than_equal": ("le", "above", "{} or less"),
}
