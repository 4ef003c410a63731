"""The report's charts as PNG pictures: the same Plotly figures, drawn by a browser that asks for nothing outside."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.export.browser import DRAWN, NONE_FOUND, TOO_LATE
from sim.export.errors import ExportError, library
from sim.report import figures
from sim.report.charts.chart import HEIGHT
from sim.report.results_view import ResultsView

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["draw", "words", "write"]

WIDTH: Final = 960
SCALE: Final = 2
PATIENCE: Final = 120
"""Seconds after which a browser is given up (assumption: a dozen charts take 10 on two cores)."""


def write(view: ResultsView, folder: Path) -> list[str]:
    """Write the folder `charts` into `folder`: a PNG for each chart of the report, named by its id.

    Raises:
        ExportError: when there is no browser to draw them with.
    """
    out = folder / "charts"
    out.mkdir()
    draw({out / f"{name}.png": figure for name, figure in figures(view.results).items()})
    return []


def draw(pictures: Mapping[Path, Figure], width: int = WIDTH, patience: float = PATIENCE) -> None:
    """Draw each figure into its PNG file, `width` CSS pixels wide and twice as many dots.

    Raises:
        ExportError: when there is no browser, or it has drawn nothing after `patience` seconds.
    """
    library("kaleido")
    jobs = [
        {
            "fig": json.loads(figure.to_json()),
            "path": str(path.absolute()),
            "opts": {"format": "png", "width": width, "height": figure.layout.height or HEIGHT, "scale": SCALE},
        }
        for path, figure in pictures.items()
    ]
    code, answer = _in_a_program(json.dumps(jobs), patience)
    if code == NONE_FOUND:
        raise ExportError(
            "pictures need Chromium or Chrome, which was not found or did not start on this machine; install it, or "
            "say where it is with BROWSER_PATH"
        )
    if code == TOO_LATE:
        raise ExportError(f"pictures need a browser, and the one on this machine drew nothing in {patience:g} seconds")
    lost = next((path for path in pictures if not path.is_file() or path.read_bytes()[:4] != b"\x89PNG"), None)
    if code != DRAWN or lost is not None:
        reason = " ".join(answer.split())[:200]
        raise ExportError(f"the browser could not draw the charts{': ' + reason if reason else '; try again'}")


def _in_a_program(jobs: str, patience: float) -> tuple[int, str]:
    """Run `sim.export.browser`; return its code and what it said."""
    script = Path(__file__).with_name("browser.py")
    done = subprocess.run(
        [sys.executable, "-P", str(script), str(patience)],
        input=jobs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def words(figure: Figure) -> tuple[str, str]:
    """Return a figure's message and what it draws, as plain text: its title's first part and the rest."""
    title = str(figure.layout.title.text or "")
    message, _, rest = title.rpartition("</b><br>")
    texts = (re.sub(r"<[^>]+>", " ", part) for part in (message, rest))
    first, second = (" ".join(html.unescape(text).split()) for text in texts)
    return first, second
