"""Councils, regions and England as the files name them, and finding one by what a planner types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from sim.official.errors import OfficialError

__all__ = ["ENGLAND", "REORGANISED", "Area", "Areas", "Level", "fold"]

ENGLAND = "England"

Level = str
"""`national`, `regional` or `local authority`."""

REORGANISED: dict[str, tuple[str, int]] = {
    "Bournemouth, Christchurch and Poole": ("Bournemouth, Poole and a part of Dorset", 2019),
    "North Northamptonshire": ("Northamptonshire", 2021),
    "West Northamptonshire": ("Northamptonshire", 2021),
    "Cumberland": ("Cumbria", 2023),
    "Westmorland and Furness": ("Cumbria", 2023),
    "Bournemouth": ("now a part of Bournemouth, Christchurch and Poole", 2019),
    "Poole": ("now a part of Bournemouth, Christchurch and Poole", 2019),
    "Northamptonshire": ("now North Northamptonshire and West Northamptonshire", 2021),
    "Cumbria": ("now Cumberland and Westmorland and Furness", 2023),
}
"""Councils that were merged or split: what they were before or are now, and in which April."""


def fold(name: str) -> str:
    """A name without case, signs and the words that councils carry or leave out."""
    words_only = "".join(letter if letter.isalnum() else " " for letter in name.lower().replace("&", " and "))
    words = [
        word
        for word in words_only.split()
        if word not in ("council", "county", "borough", "city", "of", "the", "london", "metropolitan", "royal", "upon")
    ]
    return " ".join(words or words_only.split())


@dataclass
class Area:
    """A council, a region or England: its names and codes in any year, and the region around it.

    A council is one as long as it keeps its old (three-figure) code, whatever its nine-figure code becomes.
    """

    key: str
    name: str
    level: Level
    region: str = ""
    codes: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)

    @property
    def old_code(self) -> str:
        """The three-figure code, or nothing."""
        return next((code for code in sorted(self.codes) if len(code) == 3), "")


class Areas:
    """Every area in the files."""

    def __init__(self) -> None:
        self._by_key: dict[str, Area] = {}
        self._by_code: dict[str, Area] = {}

    def seen(self, level: Level, name: str, old: str, new: str, region: str, year: int) -> str:
        """Note a row's area and return its key."""
        codes = [code for code in (old, new) if code]
        known = next((self._by_code[code] for code in codes if code in self._by_code), None)
        if known is None:
            # Without codes the name has to do. With them it does not: a name can pass to another council.
            key = f"{level}:{codes[0] if codes else fold(name)}"
            known = self._by_key.setdefault(key, Area(key, name, level, region))
        for code in codes:
            known.codes.add(code)
            self._by_code.setdefault(code, known)
        known.years.add(year)
        known.region = known.region or region
        return known.key

    def get(self, key: str) -> Area:
        """The area of a key."""
        return self._by_key[key]

    def all(self, level: Level = "local authority") -> list[Area]:
        """The areas of a level, by name."""
        return sorted((area for area in self._by_key.values() if area.level == level), key=lambda area: area.name)

    def named(self, level: Level, name: str) -> Area | None:
        """The area of a level with exactly this name."""
        return next((area for area in self.all(level) if fold(area.name) == fold(name)), None)

    def find(self, wanted: str, year: int | None = None) -> Area:
        """Find a council, a region or England by name, old or new code.

        With a year, one of two councils of the same name that has figures in that year is preferred.

        Raises:
            OfficialError: when there is none, with the nearest names.
        """
        text = " ".join(wanted.split())
        if text.upper() in self._by_code:
            return self._by_code[text.upper()]
        folded = fold(text)
        matches = [area for area in self._by_key.values() if fold(area.name) == folded]
        # London is a region of its own as well as Inner and Outer London: councils first.
        matches.sort(key=lambda area: (area.level != "local authority", area.level, area.key))
        if matches:
            if year is not None:
                return next((area for area in matches if year in area.years), matches[0])
            return matches[0]
        raise OfficialError(self._unknown(text))

    def _unknown(self, text: str) -> str:
        names = {fold(area.name): area.name for area in self._by_key.values()}
        folded = fold(text)
        reorganised = {fold(name): name for name in REORGANISED}
        if folded in reorganised:
            name = reorganised[folded]
            what, year = REORGANISED[name]
            was = what if what.startswith("now") else f"until then {what}"
            return f"{name} is not in these files: its councils were reorganised in April {year} ({was})"
        inside = [names[name] for name in names if len(folded) > 3 and folded in name]
        close = inside[:3] or [names[name] for name in get_close_matches(folded, names, 3, 0.6)]
        if close:
            return f"there is no area '{text}' in the files; did you mean {_or(close)}?"
        return f"there is no area '{text}' in the files; --list shows what there is"


def _or(names: Iterable[str]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"
