"""A folder of published files: any figure by table, column, area and year."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sim.official.errors import OfficialError
from sim.official.published.areas import ENGLAND, Area, Areas
from sim.official.published.cells import CODES, ROUNDS_TO_ZERO, PublishedCell, read_cell
from sim.official.published.layout import TOPICS, Topic, plain

__all__ = ["Statistics"]

_YEAR = re.compile(r"(\d{4})(?:\D*(\d{2}|\d{4}))?")


@dataclass
class _Table:
    """One file: for each year and area, its row; for each figure, its place in the row and its name there."""

    file: str
    columns: dict[str, tuple[int, str]]
    rows: dict[tuple[str, int], list[str]] = field(default_factory=dict)


class Statistics:
    """The published figures in a folder.

    Files are found by how their names begin (`c1…`), or, where they were renamed, by their columns; each is read when
    it is first asked for.

    Raises:
        OfficialError: when the folder holds none of the files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not folder.is_dir():
            raise OfficialError(f"{folder} is not a folder; give the folder that holds the DfE's files with --data")
        self._paths = _find(folder)
        if not self._paths:
            raise OfficialError(f"{folder} holds none of the DfE's files (such as c1_children_in_need_referrals_….csv)")
        self._areas = Areas()
        self._tables: dict[str, _Table | None] = {}

    @cached_property
    def areas(self) -> Areas:
        """Every area in the files of children in need."""
        for topic in ("c1", "d1", "b7", "workforce"):
            self._table(topic)
        if not self._areas.all():
            raise OfficialError(f"the files in {self.folder} have no rows of local authorities")
        return self._areas

    def file(self, topic: str) -> str:
        """The name of a table's file, or how it would begin."""
        path = self._paths.get(topic)
        return path.name if path is not None else f"{TOPICS[topic].begins[0]}….csv"

    def has(self, topic: str) -> bool:
        """Whether the folder holds a table."""
        return topic in self._paths

    def need(self, topic: str) -> None:
        """See that a table is there and can be read.

        Raises:
            OfficialError: naming the file that is missing.
        """
        if self._table(topic) is None:
            known = TOPICS[topic]
            raise OfficialError(
                f"{self.folder} has no file {known.begins[0]}….csv ({known.what}: {known.publication}); "
                "add it to the folder"
            )

    def years(self, topic: str, area: Area) -> list[int]:
        """The years in which a table has a row for an area, in order."""
        table = self._table(topic)
        return sorted(year for key, year in table.rows if key == area.key) if table is not None else []

    def cell(self, topic: str, column: str, area: Area, year: int) -> PublishedCell:
        """One figure; without a file, column or row, a cell with no number whose code says which is missing.

        Raises:
            OfficialError: when the cell holds neither a number nor a known code.
        """
        table = self._table(topic)
        if table is None:
            return PublishedCell(None, "no such file", self.file(topic), column, area.name, year)
        place_and_name = table.columns.get(column)
        row = table.rows.get((area.key, year))
        if place_and_name is None or row is None:
            why = "no such column" if place_and_name is None else "no row"
            return PublishedCell(
                None, why, table.file, column if place_and_name is None else place_and_name[1], area.name, year
            )
        place, name = place_and_name
        text = row[place] if place < len(row) else ""
        value, code = read_cell(text)
        if value is None and code not in CODES and code not in ROUNDS_TO_ZERO:
            raise OfficialError(
                f"{table.file}, column {name}, {area.name}, {year}: '{text.strip()}' is neither a number nor a code "
                "such as c or x"
            )
        if value is not None and value < 0:
            raise OfficialError(f"{table.file}, column {name}, {area.name}, {year}: {text.strip()} is below nought")
        return PublishedCell(value, code, table.file, name, area.name, year)

    def _table(self, topic: str) -> _Table | None:
        if topic not in self._tables:
            path = self._paths.get(topic)
            self._tables[topic] = None if path is None else self._read(TOPICS[topic], path)
        return self._tables[topic]

    def _read(self, topic: Topic, path: Path) -> _Table:
        rows = _rows(path)
        head = [plain(name) for name in rows[0]]
        table = _Table(path.name, _columns(topic, rows[0]))
        for needed in topic.needed:
            if needed not in table.columns:
                names = " or ".join(topic.columns[needed][:2])
                raise OfficialError(f"{path.name} has no column {names} ({topic.what}); is it the DfE's own file?")

        def place(*names: str) -> int | None:
            return next((head.index(name) for name in names if name in head), None)

        year_at = place("time_period", "year", "reporting_year")
        if year_at is None:
            raise OfficialError(f"{path.name} has no column time_period")
        level_at = place("geographic_level", "level")
        name_at = place("la_name", "local_authority", "local_authority_name")
        old_at, new_at = place("old_la_code", "la_code"), place("new_la_code", "ons_code")
        region_at, region_code_at = place("region_name", "region"), place("region_code")

        def cell_text(row: list[str], at: int | None) -> str:
            return row[at].strip() if at is not None and at < len(row) else ""

        for number, row in enumerate(rows[1:], 2):
            if not any(text.strip() for text in row):
                continue
            year = _year(cell_text(row, year_at))
            if year is None:
                raise OfficialError(
                    f"{path.name}:{number}: column time_period: '{cell_text(row, year_at)}' is not a year"
                )
            name, region = cell_text(row, name_at), cell_text(row, region_at)
            level = cell_text(row, level_at).lower() or (
                "local authority" if name else "regional" if region else "national"
            )
            if level.startswith("local"):
                key = self._areas.seen(
                    "local authority", name, cell_text(row, old_at), cell_text(row, new_at), region, year
                )
            elif level.startswith("region"):
                key = self._areas.seen("regional", region, "", cell_text(row, region_code_at), region, year)
            else:
                key = self._areas.seen("national", ENGLAND, "", "", "", year)
            table.rows[key, year] = row
        return table


def _find(folder: Path) -> dict[str, Path]:
    """The file of each topic: by the beginning of its name, else by columns that no other table has."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    paths: dict[str, Path] = {}
    for topic in TOPICS.values():
        for begins in topic.begins:
            named = [path for path in files if re.match(rf"{begins}(?![0-9a-z])|{begins}_", path.name.lower())]
            if named:
                # Of several editions the last name has the latest years.
                paths[topic.id] = named[-1]
                break
    strange = [path for path in files if path not in paths.values()]
    if strange and len(paths) < len(TOPICS):
        for path in strange:
            head = _rows(path, head_only=True)[0]
            fits = {topic.id: len(_columns(topic, head)) for topic in TOPICS.values() if topic.id not in paths}
            whole = [name for name, count in fits.items() if count == len(TOPICS[name].columns)]
            # Tables of lengths share columns: the one with most of its own wins, and a tie is no answer.
            best = sorted(whole, key=lambda name: fits[name], reverse=True)
            if best and (len(best) == 1 or fits[best[0]] > fits[best[1]]):
                paths[best[0]] = path
    return paths


def _rows(path: Path, *, head_only: bool = False) -> list[list[str]]:
    """A file's rows, the heading first; a byte order mark is taken off, an old encoding understood."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise OfficialError(f"{path.name} cannot be read: {error.strerror or error}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    lines = text.splitlines()
    if not lines or not lines[0].strip():
        raise OfficialError(f"{path.name} is empty")
    return list(csv.reader(lines[:1] if head_only else lines))


def _columns(topic: Topic, heading: list[str]) -> dict[str, tuple[int, str]]:
    """Where each figure of a topic stands in a heading, and what it is called there."""
    head = [plain(name) for name in heading]
    columns: dict[str, tuple[int, str]] = {}
    for figure, names in topic.columns.items():
        place = next((head.index(name) for name in names if name in head), None)
        if place is not None:
            columns[figure] = (place, heading[place].strip().lstrip("\ufeff"))
    return columns


def _year(text: str) -> int | None:
    """The year in which a period ends: `2018`, `201718` and `2017-18` are all 2018."""
    match = _YEAR.fullmatch(text)
    if match is None:
        return None
    first, last = match.groups()
    if last is None:
        return int(first)
    return int(last) if len(last) == 4 else int(first[:2] + last)
