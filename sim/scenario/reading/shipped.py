"""The scenarios that come with the product, in a checkout and in an installed copy."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

SUFFIXES = (".yaml", ".yml")


@lru_cache(maxsize=1)
def folder() -> Path | None:
    """Return the folder of shipped scenarios: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent.parent
    for place in (package / "shipped", package.parent / "scenarios"):
        if place.is_dir():
            return place
    return None


def names() -> list[str]:
    """Return the names of the shipped scenarios in order, such as `croydon-surge` and `checks/mmc`."""
    place = folder()
    if place is None:
        return []
    files = (path.relative_to(place) for path in place.rglob("*") if path.suffix in SUFFIXES)
    inside = (path.with_suffix("").as_posix() for path in files)
    return sorted(inside, key=lambda name: (name.count("/"), name))


def find(name: str) -> Path | None:
    """Return the file of a shipped scenario by its name, or None."""
    place = folder()
    if place is None or name not in names():
        return None
    for suffix in SUFFIXES:
        path = place / f"{name}{suffix}"
        if path.is_file():
            return path
    return None


def name_of(path: Path) -> str:
    """Return the name of a scenario file: that of a shipped one, or the file's own without its suffix."""
    place = folder()
    if place is not None:
        try:
            return path.resolve().relative_to(place.resolve()).with_suffix("").as_posix()
        except ValueError:
            pass
    return path.stem
