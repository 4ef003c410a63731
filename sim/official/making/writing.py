"""Small pieces of a scenario file, written the way a person writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sim.official.errors import OfficialError

__all__ = ["assumed_range", "check_folder", "counts", "figure", "number", "quoted", "shares", "write_together"]


def quoted(text: str) -> str:
    """Text in double quotes, as YAML and JSON both read it."""
    return json.dumps(text, ensure_ascii=False)


def number(value: float, places: int = 1) -> str:
    """A number without needless noughts."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(value: str, source: str, confidence: str) -> str:
    """A figure with its source, on one line."""
    return f"{{value: {value}, source: {quoted(source)}, confidence: {confidence}}}"


def assumed_range(low: str, high: str, value: str, source: str) -> str:
    """An assumption with its range, which uncertainty carries, on one line."""
    range_ = f"low: {low}, high: {high}, value: {value}, distribution: triangular"
    return f"{{{range_}, confidence: assumption, source: {quoted(source)}}}"


def counts(values: Mapping[str, float], places: int = 1) -> str:
    """A mapping of label to number on one line."""
    return "{" + ", ".join(f"{label}: {number(value, places)}" for label, value in values.items()) + "}"


def shares(values: Mapping[str, float]) -> str:
    """Shares in percent that sum to exactly 100, to a tenth: what rounding leaves goes to the largest."""
    tenths = {label: round(1000 * value) for label, value in values.items()}
    largest = max(tenths, key=lambda label: tenths[label])
    tenths[largest] += 1000 - sum(tenths.values())
    return "{" + ", ".join(f"{label}: {number(tenth / 10)}%" for label, tenth in tenths.items()) + "}"


def check_folder(folder: Path) -> None:
    """See that files could be written to a folder: before a long run, not after.

    Raises:
        OfficialError: when it is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise OfficialError(f"{folder} is a file, not a folder; choose another with --out")


def write_together(folder: Path, texts: Mapping[str, str]) -> None:
    """Write several files into a folder, each whole; all of them are ready before the first is put in place.

    Raises:
        OfficialError: when the folder is a file or cannot be written.
    """
    from sim.experiment.results.files import write_document

    check_folder(folder)
    try:
        for name, text in texts.items():
            write_document(folder / name, text)
    except OSError as error:
        raise OfficialError(f"{folder} cannot be written: {error.strerror or error}") from None
