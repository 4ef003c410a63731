"""From the rows of the lists to records: every cell converted, what cannot be read noted, duplicates left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sim.returns.annex_a.cells import UNREADABLE, is_blank, number_of, plain, text_of, to_date, to_yes
from sim.returns.annex_a.layout import ListColumn
from sim.returns.annex_a.workbook import Sheet, read_sheets
from sim.returns.as_at import AgesKnown, as_at_of, window_of
from sim.returns.codes import episode_status, is_interim_order, source_of
from sim.returns.problems import Problems
from sim.returns.records import Enquiry, Numbers, RecordedSpell, Referral, Returns

__all__ = ["read_annex_a"]

Row = dict[str, Any]
_WRONG = {"date": "this is not a date", "birth": "this is not a date", "yes": "this is neither yes nor no"}
_DAYS_A_YEAR = 365.25
_NO_NAMES = frozenset(
    ("team", "teams", "duty", "unit", "worker", "workers", "manager", "social", "service", "services", "locality",
     "assessment", "the", "and", "of", "no", "not", "allocated", "unallocated", "vacant", "agency", "children", "child",
     "care", "family")
)  # fmt: skip
"""Words that stand in the worker's column without being names: those of duty, a team, or a vacancy."""
_SUPPORT: dict[bool | None, str] = {True: "support", False: "no support", None: ""}
_IN_PRESENT = (
    "contacts",
    "early_help",
    "referrals",
    "assessments",
    "enquiries",
    "episodes",
    "protection",
    "looked_after",
)


def read_annex_a(path: Path, problems: Problems, as_at: date | None = None) -> Returns:
    """Read lists 1 to 8 of an Annex A workbook.

    `as_at` is the day that the extract was taken; without it the decimal ages of the children tell it.

    Raises:
        ReturnsError: when the workbook cannot be opened or holds none of the lists.
    """
    reader = _ListReader(path.name, problems)
    returns = Returns("Annex A")
    for sheet in read_sheets(path, problems):
        key = _IN_PRESENT[sheet.layout.number - 1]
        returns.present.add(key)
        returns.place[key] = sheet.layout.name
        _READERS[key](returns, reader, sheet)
    returns.team_names = reader.safe_team_names()
    as_at_of(returns, as_at, reader.ages_known)
    window_of(returns)
    assert returns.as_at is not None
    for child, born in reader.born.items():
        returns.ages[child] = (returns.as_at - born).days / _DAYS_A_YEAR
    for child, age in reader.aged.items():
        returns.ages.setdefault(child, age)
    return returns


class _ListReader:
    """Converts the rows of one workbook and numbers its children, teams and workers."""

    def __init__(self, file: str, problems: Problems) -> None:
        self._file = file
        self._problems = problems
        self._children, self._teams, self._workers = Numbers(), Numbers(), Numbers()
        self._team_texts: list[str] = []
        self._worker_words: set[str] = set()
        self._unnamed = 0
        self.born: dict[int, date] = {}
        self.aged: dict[int, float] = {}
        self.ages_known = AgesKnown()

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Rows with a child and the list's main date; blank, total and repeated rows are left out."""
        columns = [column for column in sheet.layout.columns if column.key in sheet.at]
        seen: set[tuple[Any, ...]] = set()
        main = sheet.layout.main
        for number, cells in enumerate(sheet.rows, sheet.first_row):
            if all(is_blank(cell) for cell in cells):
                continue
            row = {column.key: self._cell(sheet, column, cells[sheet.at[column.key]], number) for column in columns}
            if row.get("child", "") == "" and row[main] is None:
                self._add(sheet, number, "", "there is neither a child nor a date", "the row was left out")
                continue
            if row[main] is None:
                column = next(column for column in columns if column.key == main)
                self._add(sheet, number, sheet.place_of(column), "there is no date", "the row was left out")
                continue
            if row[main] is UNREADABLE:
                continue
            key = tuple(row.values())
            if key in seen and row.get("child", "") != "":
                self._add(sheet, number, "", "the row repeats one above", "it was counted once")
                continue
            seen.add(key)
            self._number(sheet, number, row)
            yield row

    def _cell(self, sheet: Sheet, column: ListColumn, value: Any, number: int) -> Any:
        kind = column.kind
        if kind in ("text", "team", "worker", "child"):
            return "" if is_blank(value) else text_of(value)
        convert: Callable[[Any], Any] = {"date": to_date, "birth": to_date, "yes": to_yes}.get(kind, number_of)
        read = convert(value)
        if read is not UNREADABLE:
            return read
        if column.key == sheet.layout.main:
            self._add(sheet, number, sheet.place_of(column), "this is not a date", "the row was left out")
            return UNREADABLE
        wrong = _WRONG.get(kind, "this is not a number of 0 or more")
        instead = "it was taken as blank"
        self._add(sheet, number, sheet.place_of(column), wrong, instead)
        return None

    def _number(self, sheet: Sheet, number: int, row: Row) -> None:
        if row.get("child", "") == "":
            self._unnamed += 1
            row["child"] = -self._unnamed
            self._add(sheet, number, "", "there is no child unique ID", "it was counted as a child of its own")
        else:
            row["child"] = self._children.of(row["child"].lower())
        born, age = row.pop("birth", None), row.pop("age", None)
        if born is not None:
            self.born[row["child"]] = born
        if age is not None and age < 120:
            self.aged.setdefault(row["child"], age)
            if born is not None:
                self.ages_known.add(born, age)
        team, worker = row.pop("team", ""), row.pop("worker", "")
        row["team"] = self._teams.of(plain(team))
        if len(self._teams) > len(self._team_texts):
            self._team_texts.append(team)
        words = plain(worker)
        row["worker"] = self._workers.of(words)
        self._worker_words.update(word for word in words.split() if word not in _NO_NAMES)

    def safe_team_names(self) -> list[str]:
        """Team names; one that has a word of a worker's name, or a figure of four or more, becomes `team 3`."""
        names = []
        for number, text in enumerate(self._team_texts):
            words = set(plain(text).split())
            private = any(self._of_a_worker(word) or (word.isdigit() and len(word) > 3) for word in words)
            names.append(f"team {number + 1}" if private else text)
        return names

    def _of_a_worker(self, word: str) -> bool:
        """Whether a word is a part of a worker's name, or begins with one (Quimbys)."""
        return any(
            word[:length] in self._worker_words for length in range(2, len(word) + 1) if self._begins(word, length)
        )

    @staticmethod
    def _begins(word: str, length: int) -> bool:
        return length > 3 or word[length:] in ("", "s")

    def ended(self, sheet: Sheet, row: Row) -> date | None:
        """The end of a row, if it is not before its start; what ends before it starts is taken as ended that day."""
        end: date | None = row.get("end")
        if end is not None and end < row["start"]:
            self._problems.add(
                self._file, sheet.layout.name, None, "", "a row ends before it starts", "its length was taken as none"
            )
            return row["start"]  # type: ignore[no-any-return]
        return end

    def _add(self, sheet: Sheet, number: int, column: str, wrong: str, instead: str) -> None:
        self._problems.add(self._file, sheet.layout.name, number, column, wrong, instead)


def _contacts(returns: Returns, reader: _ListReader, sheet: Sheet) -> None:
    returns.contacts += [RecordedSpell(row["child"], row["start"]) for row in reader.rows(sheet)]


def _early_help(returns: Returns, reader: _ListReader, sheet: Sheet) -> None:
    returns.early_help += [
        RecordedSpell(row["child"], row["start"], reader.ended(sheet, row)) for row in reader.rows(sheet)
    ]


def _referrals(returns: Returns, reader: _ListReader, sheet: Sheet) -> None:
    rows = list(reader.rows(sheet))
    numbers = [row["number"] for row in rows if row.get("number") is not None]
    # Some systems count the referral itself, some only those before it.
    itself = 1 if numbers and min(numbers) >= 1 else 0
    for row in rows:
        number = row.get("number")
        again = None if number is None else number > itself
        source = source_of(plain(row.get("source", "")))
        returns.referrals.append(
            Referral(row["child"], row["start"], source, row.get("nfa"), again, row["team"], row["worker"])
        )


def _assessments(returns: Returns, reader: _ListReader, sheet: Sheet) -> None:
    for row in reader.rows(sheet):
        status = _SUPPORT[row.get("support")]
        end = reader.ended(sheet, row)
        returns.assessments.append(RecordedSpell(row["child"], row["start"], end, status, row["team"], row["worker"]))


def _enquiries(returns: Returns, reader: _ListReader, sheet: Sheet) -> None:
    for row in reader.rows(sheet):
        returns.enquiries.append(
            Enquiry(
                row["child"], row["start"], row.get("conference"), row.get("unnecessary"), row.get("planned"),
                row["team"], row["worker"],
            )
        )  # fmt: skip


def _episodes(returns: Returns, reader: _ListReader, sheet: Sheet) -> None:
    for row in reader.rows(sheet):
        status = episode_status(plain(row.get("status", "")))
        end = reader.ended(sheet, row)
        returns.episodes.append(RecordedSpell(row["child"], row["start"], end, status, row["team"], row["worker"]))


def _protection(returns: Returns, reader: _ListReader, sheet: Sheet) -> None:
    for row in reader.rows(sheet):
        end = reader.ended(sheet, row)
        returns.protection.append(RecordedSpell(row["child"], row["start"], end, "", row["team"], row["worker"]))


def _looked_after(returns: Returns, reader: _ListReader, sheet: Sheet) -> None:
    for row in reader.rows(sheet):
        interim = is_interim_order(plain(row.get("status", "")))
        order = row.get("order")
        start = order if interim and order is not None else row["start"]
        status = "interim order" if interim else ""
        end = row.get("end")
        returns.looked_after.append(RecordedSpell(row["child"], start, end, status, row["team"], row["worker"]))


_READERS: dict[str, Callable[[Returns, _ListReader, Sheet], None]] = {
    "contacts": _contacts, "early_help": _early_help, "referrals": _referrals, "assessments": _assessments,
    "enquiries": _enquiries, "episodes": _episodes, "protection": _protection, "looked_after": _looked_after,
}  # fmt: skip
