"""Statistical neighbours from a file that the user gives: who is near whom is not in the DfE's tables."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.official.errors import OfficialError
from sim.official.published.areas import Area
from sim.official.published.statistics import Statistics

__all__ = ["read_neighbours"]


def read_neighbours(path: Path, statistics: Statistics, area: Area) -> tuple[Area, ...]:
    """Return an area's neighbours, nearest first.

    The first column names the council, the others name neighbours, by name or code: one row for each council (as in the
    Department's local authority interactive tool) or one row for each pair. Other cells, such as distances, are passed
    over.

    Raises:
        OfficialError: when the file cannot be read or has no row of the area.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise OfficialError(f"{path} cannot be read: {error.strerror or error}") from None
    neighbours: dict[str, Area] = {}
    for row in csv.reader(text.splitlines()):
        if not row or _area(statistics, row[0]) is not area:
            continue
        for cell in row[1:]:
            other = _area(statistics, cell)
            if other is not None and other is not area:
                neighbours[other.key] = other
    if not neighbours:
        raise OfficialError(
            f"{path} names no neighbour of {area.name}: write the council first in a row, then its neighbours"
        )
    return tuple(neighbours.values())


def _area(statistics: Statistics, text: str) -> Area | None:
    name = text.strip()
    if not name or (name.replace(".", "", 1).isdigit() and len(name) != 3):
        return None
    try:
        area = statistics.areas.find(name)
    except OfficialError:
        return None
    return area if area.level == "local authority" else None
