"""Results for other programs: Excel, Word, Power BI and pictures.

`export_results` writes them; the library of each format is imported when that format is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sim.experiment.results.results import Results

__all__ = ["FORMATS", "check_libraries", "export_results", "read_formats"]

FORMATS: Final[dict[str, str]] = {
    "xlsx": "a workbook: cover, contents, notes, and one table a sheet",
    "docx": "the decision on one page, for a committee",
    "powerbi": "a star schema as CSV and Parquet, with a data dictionary and its relationships",
    "png": "each chart of the report as a picture",
    "events": "an event log of the journeys, for process-mining tools and for vidigi",
}
"""What results can be exported to."""


def read_formats(text: str, known: Collection[str] = FORMATS) -> tuple[str, ...]:
    """Return the formats that a list such as `xlsx,docx` names, each once, in its order.

    Raises:
        ExportError: when a name is not in `known`, or none is given.
    """
    from difflib import get_close_matches

    from sim.export.errors import ExportError

    names = [name.strip().lower().removeprefix(".") for name in text.split(",") if name.strip()]
    if not names:
        raise ExportError(f"no format is named; choose from {', '.join(known)}")
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"choose from {', '.join(known)}"
            raise ExportError(f"'{name}' is not a format to export to; {hint}")
    return tuple(dict.fromkeys(names))


def check_libraries(formats: Sequence[str]) -> None:
    """See that what the formats need is installed: before a long run, not after.

    Raises:
        ExportError: saying which extra to install, when a library is missing.
    """
    from sim.export.errors import library

    for name in formats:
        if name in _LIBRARIES:
            library(_LIBRARIES[name])


def export_results(
    results: Results, out: Path, formats: Sequence[str], template: Path | None = None, against: str | None = None
) -> tuple[list[Path], list[str]]:
    """Write results to `out` in each format, all of them whole or none at all.

    `template` is a Word document whose styles the page takes; `against` names the scenario that the Word page compares
    every other with (None: the one that each builds on). Returns the files and folders written, and a sentence
    for each thing that could not be part of them.

    Raises:
        ExportError: when a format is unknown, its library is missing, or `out` cannot be written.
    """
    from importlib import import_module

    from sim.export.staging import staged
    from sim.report.results_view import ResultsView

    asked = read_formats(",".join(formats))
    writers: dict[str, Callable[..., list[str]]] = {
        name: import_module(f"sim.export.{module}").write for name, module in _MODULES.items() if name in asked
    }
    view, notes = ResultsView(results, against), []
    with staged(out) as folder:
        for name, write in writers.items():
            notes += write(view, folder, template) if name == "docx" else write(view, folder)
    return [out / _WRITTEN[name] for name in writers], notes


_MODULES: Final = {"xlsx": "workbook", "docx": "word", "powerbi": "powerbi", "png": "pictures", "events": "event_log"}
_LIBRARIES: Final = {"xlsx": "xlsxwriter", "docx": "docx", "png": "kaleido"}
_WRITTEN: Final = {
    "xlsx": "results.xlsx",
    "docx": "decision.docx",
    "powerbi": "powerbi",
    "png": "charts",
    "events": "events",
}
