"""From the files of the returns to a scenario, a page of fits, and a list of problems: `frontdoor from-returns`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sim.experiment.errors import ExperimentError
from sim.returns.annex_a.lists import read_annex_a
from sim.returns.cin_census.census import read_cin_census
from sim.returns.errors import ReturnsError
from sim.returns.making.base import Base, average_council, official_council
from sim.returns.making.scenario import Made, make_scenario
from sim.returns.problems import Problems
from sim.returns.records import Returns
from sim.returns.workforce_census.census import Staff, read_workforce_census

__all__ = ["FromReturns", "from_returns"]


@dataclass
class FromReturns:
    """The scenario's text, what it could not tell from the returns, and what was wrong in them."""

    made: Made
    problems: Problems
    written: list[Path] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The scenario file."""
        return self.made.text

    @property
    def notes(self) -> list[str]:
        """What the returns do not tell, and where it is from instead, one sentence each."""
        return self.made.notes

    def page(self) -> str:
        """The page that shows each fit against the data, as HTML."""
        from sim.returns.page import render

        return render(self.made, self.problems)


def from_returns(
    *,
    annex_a: str | Path | None = None,
    cin: str | Path | None = None,
    workforce: str | Path | None = None,
    as_at: date | None = None,
    data: str | Path | None = None,
    area: str | None = None,
    name: str = "Your council",
    out: str | Path | None = None,
    page: str | Path | None = None,
    report: str | Path | None = None,
) -> FromReturns:
    """Make a scenario from a council's own returns; any one of the three is enough.

    `as_at` is the day of the Annex A extract where its ages do not tell it. `data` is a folder with the DfE's files,
    which fill what is missing for the council that the censuses or `area` name; without it the average council of
    England does. `out`, `page` (HTML) and `report` (.xlsx or .csv) are written if they are named, all of them or none.

    Raises:
        ReturnsError: when a file cannot be read at all, or nothing is given.
        OfficialError: when the official statistics lack a file or the council.
    """
    problems = Problems()
    if not (annex_a or cin or workforce):
        raise ReturnsError("give at least one return: --annex-a, --cin or --workforce")
    for given in (annex_a, cin, workforce):
        if given is not None and not Path(given).is_file():
            raise ReturnsError(f"{given}: there is no such file")
    targets = [Path(target) for target in (out, page, report) if target is not None]
    _check_targets(targets, [Path(given) for given in (annex_a, cin, workforce) if given is not None])
    all_returns: list[Returns] = []
    if annex_a is not None:
        with _silent(annex_a):
            all_returns.append(read_annex_a(Path(annex_a), problems, as_at))
    if cin is not None:
        with _silent(cin):
            all_returns.append(read_cin_census(Path(cin), problems, None if annex_a is not None else as_at))
    staff: Staff | None = None
    if workforce is not None:
        with _silent(workforce):
            staff = read_workforce_census(Path(workforce), problems)
    base = _base(all_returns, staff, data, area)
    result = FromReturns(make_scenario(all_returns, staff, base, name), problems)
    _check(result.text)
    _write(result, out, page, report)
    return result


@contextmanager
def _silent(path: str | Path) -> Iterator[None]:
    """An error that nobody foresaw may quote a cell: say where in the program it arose, and nothing of the file."""
    try:
        yield
    except ExperimentError:
        raise
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        at = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace is not None else "?"
        raise ReturnsError(f"{path} cannot be read: {type(error).__name__} in {at}; please report this") from None


def _base(all_returns: list[Returns], staff: Staff | None, data: str | Path | None, area: str | None) -> Base:
    if data is None:
        return average_council()
    codes = [one.council_code for one in all_returns] + ([staff.council_code] if staff is not None else [])
    known = area or next((code for code in codes if code), "")
    days = [one.as_at for one in all_returns if one.as_at is not None] + ([staff.as_at] if staff is not None else [])
    return official_council(Path(data), known, max(days).year)


def _check(text: str) -> None:
    """The scenario must be one that can be read; if it is not, that is a fault of ours, said without a traceback."""
    import tempfile

    from sim.scenario import load

    with tempfile.TemporaryDirectory(prefix="frontdoor-") as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        load(path)


def _check_targets(targets: list[Path], given: list[Path]) -> None:
    inputs = {path.resolve() for path in given}
    for target in targets:
        if target.is_dir():
            raise ReturnsError(f"{target} is a folder; give the name of a file")
        if target.resolve() in inputs:
            raise ReturnsError(f"{target} is one of the returns; it would be written over. Give another name")
    if len({target.resolve() for target in targets}) < len(targets):
        raise ReturnsError("two of --out, --page and --report name the same file")


def _write(result: FromReturns, out: str | Path | None, page: str | Path | None, report: str | Path | None) -> None:
    from sim.experiment.results.files import write_document
    from sim.returns.problem_report import report_bytes

    # All of them are ready before the first is put in place.
    html = result.page() if page is not None else ""
    table = report_bytes(result.problems, Path(report)) if report is not None else b""
    target: str | Path = ""
    try:
        if report is not None:
            target = report
            write_document(Path(report), table)
            result.written.append(Path(report))
        if page is not None:
            target = page
            write_document(Path(page), html)
            result.written.append(Path(page))
        if out is not None:
            target = out
            write_document(Path(out), result.text)
            result.written.append(Path(out))
    except OSError as error:
        raise ReturnsError(f"{target} cannot be written: {error.strerror or error}") from None
