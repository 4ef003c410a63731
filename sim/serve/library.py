"""Saved comparisons: a folder with one JSON file each, written whole or not at all."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sim.experiment.errors import ResultsError
from sim.experiment.results.files import read_json, write_text
from sim.serve.errors import PageError

__all__ = ["Library"]

FORMAT: Final = 1
MOST: Final = 500
"""Comparisons that a library holds."""
LONGEST_NAME: Final = 80
LONGEST_DESCRIPTION: Final = 2_000
LARGEST: Final = 3_000_000
"""Bytes of one comparison."""
_ID: Final = re.compile(r"[0-9a-f]{16}")


class Library:
    """Comparisons by an id of our own: no name from the page is ever part of a path.

    A comparison holds its options, and the picture of its results as they were when it was saved. The runs themselves
    are not kept: they come out the same when they are made again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ResultsError(f"the library {folder} cannot be made: {error.strerror or error}") from None
        for left in (*folder.glob(".reading-*"), *folder.glob(".writing-*")):  # of a page that was ended
            shutil.rmtree(left, ignore_errors=True)
        for part in folder.glob(".*.part"):
            part.unlink(missing_ok=True)

    def listed(self) -> list[dict[str, Any]]:
        """Id, name, description and date of each comparison, the newest first; damaged files are left out."""
        listed = []
        for path in self.folder.glob("*.json"):
            if _ID.fullmatch(path.stem):
                try:
                    entry = self._read(path)
                except PageError:
                    continue
                listed.append({"id": path.stem, **{key: entry[key] for key in ("name", "description", "date")}})
        return sorted(listed, key=lambda entry: str(entry["date"]), reverse=True)

    def get(self, id_: Any) -> dict[str, Any]:
        """A comparison, whole.

        Raises:
            PageError: when there is none of that id, or its file is damaged.
        """
        path = self._path(id_)
        if not path.is_file():
            raise PageError("this comparison is not in the library any more")
        return {"id": path.stem, **self._read(path)}

    def save(self, given: Any) -> dict[str, Any]:
        """Keep a comparison under a new id and return its line of the list.

        Raises:
            PageError: when it has no name, is too large, or the library is full or cannot be written.
        """
        from sim.serve.asked import read_comparison

        if not isinstance(given, Mapping):
            raise PageError("a comparison cannot be read")
        name, description = (_line(given.get(key), key, most) for key, most in
                             (("name", LONGEST_NAME), ("description", LONGEST_DESCRIPTION)))  # fmt: skip
        if not name:
            raise PageError("give the comparison a name")
        read_comparison(given.get("comparison"))
        entry = {
            "format": FORMAT,
            "name": name,
            "description": description,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "comparison": given["comparison"],
            "picture": given.get("picture"),
        }
        text = json.dumps(entry, ensure_ascii=False)
        if len(text.encode("utf-8", errors="replace")) > LARGEST:
            raise PageError("this comparison is too large to save")
        if sum(1 for _ in self.folder.glob("*.json")) >= MOST:
            raise PageError(f"the library holds {MOST} comparisons; delete some first")
        id_ = secrets.token_hex(8)
        try:
            write_text(self.folder / f"{id_}.json", text, lasting=True)
        except (OSError, UnicodeEncodeError) as error:
            why = getattr(error, "strerror", None) or "it holds signs that cannot be written"
            raise PageError(f"the comparison cannot be saved: {why}") from None
        return {"id": id_, **{key: entry[key] for key in ("name", "description", "date")}}

    def delete(self, id_: Any) -> None:
        """Delete a comparison; one that is gone already is no error.

        Raises:
            PageError: when the id is none, or the file cannot be deleted.
        """
        try:
            self._path(id_).unlink(missing_ok=True)
        except OSError as error:
            raise PageError(f"the comparison cannot be deleted: {os.strerror(error.errno or 0)}") from None

    def _path(self, id_: Any) -> Path:
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            raise PageError("there is no such comparison")
        return self.folder / f"{id_}.json"

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            if path.stat().st_size > 2 * LARGEST:
                raise PageError("this comparison's file is too large")
            values = read_json(path)
        except (OSError, ResultsError):
            raise PageError("this comparison's file is damaged") from None
        if not isinstance(values, dict) or not all(
            isinstance(values.get(key), kind)
            for key, kind in (("name", str), ("description", str), ("date", str), ("comparison", dict))
        ):
            raise PageError("this comparison's file is damaged")
        if values.get("format") != FORMAT:
            raise PageError("this comparison was saved by a newer version")
        return values


def _line(value: Any, what: str, most: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise PageError(f"the {what} is longer than {most} letters")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
