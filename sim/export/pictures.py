"""The report's charts as PNG pictures: the same Plotly figures, drawn by a browser that asks for nothing outside."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.export.errors import ExportError, library
from sim.report import figures
from sim.report.charts.chart import HEIGHT
from sim.report.results_view import ResultsView

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["NO_BROWSER", "NoBrowserError", "draw", "words", "write"]

WIDTH: Final = 960
SCALE: Final = 2
NO_BROWSER: Final = "pictures need Chromium or Chrome, which was not found on this machine"


class NoBrowserError(ExportError):
    """No browser is there to draw pictures with."""


def write(view: ResultsView, folder: Path) -> list[str]:
    """Write the folder `charts` into `folder`: a PNG for each chart of the report, named by its id.

    Raises:
        NoBrowserError: when there is no browser to draw them with.
    """
    out = folder / "charts"
    out.mkdir()
    draw({out / f"{name}.png": figure for name, figure in figures(view.results).items()})
    return []


def draw(pictures: Mapping[Path, Figure], width: int = WIDTH) -> None:
    """Draw each figure into its PNG file, `width` CSS pixels wide and twice as many dots.

    Raises:
        NoBrowserError: when there is no browser to draw them with.
    """
    kaleido = library("kaleido")
    # They log tracebacks of messages that they can do without, such as that of a browser that ends.
    for name in ("choreographer", "kaleido"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    failures = library_errors()
    jobs: list[dict[str, Any]] = [
        {
            "fig": figure,
            "path": str(path),
            "opts": {"format": "png", "width": width, "height": figure.layout.height or HEIGHT, "scale": SCALE},
        }
        for path, figure in pictures.items()
    ]
    try:
        # Without MathJax, which would be fetched; plotly.js comes with Plotly.
        kaleido.write_fig_from_object_sync(jobs, kopts={"mathjax": False})
    except failures as error:
        raise NoBrowserError(f"{NO_BROWSER}; install it, or say where it is with BROWSER_PATH") from error
    lost = next((path for path in pictures if not path.is_file() or path.read_bytes()[:4] != b"\x89PNG"), None)
    if lost is not None:
        raise ExportError(f"the browser did not draw {lost.stem}; try again")


def library_errors() -> tuple[type[Exception], ...]:
    """What is raised where no browser is found, or the one found does not start."""
    from choreographer.browsers.chromium import ChromeNotFoundError
    from choreographer.errors import BrowserFailedError

    return (ChromeNotFoundError, BrowserFailedError)


def words(figure: Figure) -> tuple[str, str]:
    """Return a figure's message and what it draws, as plain text: its title's first part and the rest."""
    title = str(figure.layout.title.text or "")
    message, _, rest = title.rpartition("</b><br>")
    texts = (re.sub(r"<[^>]+>", " ", part) for part in (message, rest))
    first, second = (" ".join(html.unescape(text).split()) for text in texts)
    return first, second
