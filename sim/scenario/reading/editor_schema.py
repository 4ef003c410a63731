"""The JSON Schema of scenario files, for editors that complete and check as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.reading.lever_lists import KEY as MORE_LEVERS
from sim.scenario.reading.lever_lists import LEVERS
from sim.scenario.reading.sources import BLOCK, CONFIDENCES
from sim.scenario.uncertainty.uncertain_figure import RANGE_DISTRIBUTIONS

if TYPE_CHECKING:
    from pydantic import BaseModel

_SAID = {
    "source": {"type": "string", "description": "Where the figure came from."},
    "date": {"type": ["string", "number"], "description": "When it was published, or what it describes."},
    "confidence": {"enum": list(CONFIDENCES)},
    "note": {"type": "string"},
}
_END = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[^A-Za-z]*[0-9]"}]}
_RANGE = {
    "description": "A figure that is known only as a range, drawn once for each replication.",
    "type": "object",
    "properties": {
        "low": _END,
        "high": _END,
        "value": {**_END, "description": "The central figure, which holds where uncertainty is off."},
        "distribution": {"enum": list(RANGE_DISTRIBUTIONS), "default": "uniform"},
        **_SAID,
    },
    "required": ["low", "high"],
    "additionalProperties": False,
}
_BLOCK = {
    "description": "One source for every figure of this section that has none of its own.",
    "anyOf": [{"type": "string"}, {"type": "object", "properties": _SAID, "additionalProperties": False}],
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    Every figure may be written plainly, as `{value: ..., source: ..., date: ..., confidence: ...}`, or as a range
    `{low: ..., high: ...}`. Nothing is required, because a file that extends another says only what differs;
    `frontdoor check` knows what is missing.
    """
    from sim.scenario.schema import Scenario

    return schema_of(Scenario)


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file validated by a model."""
    generated = model.model_json_schema()
    definitions = {name: _walk(inner) for name, inner in generated.pop("$defs", {}).items()}
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_walk(generated)}
    schema["properties"] = {
        "extends": {
            "type": "string",
            "description": "A file beside this one, or the name of a shipped scenario, to start from.",
        },
        **schema["properties"],
    }
    if LEVERS in schema["properties"]:
        schema["properties"][MORE_LEVERS] = {
            **schema["properties"][LEVERS],
            "description": "Levers added to those of the file that this one extends.",
        }
    schema["$defs"] = {**definitions, "source": _BLOCK, "range": _RANGE}
    return schema


def _walk(schema: Any) -> Any:
    """Return a schema of what a file may say: sources allowed everywhere, nothing required."""
    if isinstance(schema, list):
        return [_walk(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    walked: dict[str, Any] = {}
    for key, inner in schema.items():
        if key in ("required", "discriminator"):
            continue
        if key in ("properties", "patternProperties"):
            walked[key] = {name: _sourced(field_schema) for name, field_schema in inner.items()}
        elif key in ("items", "additionalProperties") and isinstance(inner, dict):
            walked[key] = _sourced(inner)
        elif key == "oneOf":
            walked["anyOf"] = _walk(inner)  # without required keys, several alternatives may fit
        elif key == "default":
            walked[key] = plain_default(inner)
        else:
            walked[key] = _walk(inner) if key in ("anyOf", "allOf") else inner
    if walked.get("type") == "object":
        walked["properties"] = {**walked.get("properties", {}), BLOCK: {"$ref": "#/$defs/source"}}
    return walked


def plain_default(value: Any) -> Any:
    """Write a duration as one would type it, inside any default."""
    if isinstance(value, dict):
        if set(value) == {"amount", "unit"}:
            return f"{value['amount']:g} {value['unit']}"
        return {key: plain_default(inner) for key, inner in value.items()}
    return [plain_default(inner) for inner in value] if isinstance(value, list) else value


def _sourced(schema: Any) -> Any:
    """Return a schema that takes a value plainly, or with its source beside it; plain text needs none."""
    walked = _walk(schema)
    if not isinstance(walked, dict) or _is_words(walked):
        return walked
    outer = {key: walked.pop(key) for key in ("title", "description", "default") if key in walked}
    wrapped = {
        "type": "object",
        "properties": {"value": walked, **_SAID},
        "required": ["value"],
        "additionalProperties": False,
    }
    range_ = [{"$ref": "#/$defs/range"}] if _is_figure(walked) else []
    return {**outer, "anyOf": [walked, wrapped, *range_]}


def _is_figure(schema: dict[str, Any]) -> bool:
    """Return whether a schema takes one number, perhaps with a unit, which may be a range in its place."""
    if "anyOf" in schema:
        return any(_is_figure(inner) for inner in schema["anyOf"])
    return schema.get("type") in ("number", "integer") or schema.get("const") == 0


def _is_words(schema: dict[str, Any]) -> bool:
    """Return whether a schema takes only words (a title, a choice), which have no source."""
    if "anyOf" in schema:
        return all(_is_words(inner) or inner.get("type") == "null" for inner in schema["anyOf"])
    return "const" in schema or "enum" in schema or (schema.get("type") == "string" and "pattern" not in schema)
