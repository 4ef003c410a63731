"""Take the pictures of README and the site again: `python docs/take_pictures.py [RESULTS FOLDER]`.

Without a folder a small comparison is run first (Croydon, its surge, the surge teams; 10 replications). Needs Chromium,
whose command may be named in the environment variable CHROMIUM. No connection is used.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SCENARIOS = ("croydon-2017", "croydon-surge", "croydon-surge-teams")
BEFORE_LENGTHS = r"<section id=.(read|open|demand).*?</section>"
CHART = "unallocated"
"""The chart that README shows: the first whose name begins so, otherwise the first of all."""


def browser() -> str:
    """Find the command of Chromium."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name) if name else None
        if path:
            return path
    sys.exit("Chromium was not found. Install it, or name its command: CHROMIUM=/path/to/chromium")


def take(page: Path, picture: Path, width: int, height: int) -> None:
    """Take the first screen of a page."""
    command = [
        browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--virtual-time-budget=10000",
        f"--window-size={width},{height}", f"--screenshot={picture}", page.resolve().as_uri(),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def take_returns(temporary: Path) -> None:
    """Write docs/pictures/returns-open.png and returns.png: the page of fits of a simulated council's own returns."""
    from datetime import date

    from sim import from_returns, load, run
    from sim.returns.export.write import export_returns

    council = load("england-average", period__end="2026-04-30")
    run(council, replications=1, workers=1).save(temporary / "council")
    workbook, *_ = export_returns(temporary / "council", ["annex-a"], as_at=date(2026, 3, 31), out=temporary)
    from_returns(annex_a=workbook, name="A simulated council", page=temporary / "fits.html")
    take(temporary / "fits.html", PICTURES / "returns-open.png", 1280, 800)
    html = (temporary / "fits.html").read_text(encoding="utf-8")
    (temporary / "lengths.html").write_text(re.sub(BEFORE_LENGTHS, "", html, flags=re.DOTALL), encoding="utf-8")
    take(temporary / "lengths.html", PICTURES / "returns.png", 1280, 900)


def main() -> None:
    """Write docs/pictures/report.png, chart.png, returns-open.png and returns.png."""
    sys.path.insert(0, str(ROOT))
    from sim import load_results

    with TemporaryDirectory() as temporary:
        take_returns(Path(temporary))
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary) / "results"
        if not folder.exists():
            command = [sys.executable, str(ROOT / "cli.py"), "compare", *SCENARIOS, "-n", "10", "--out", str(folder)]
            subprocess.run(command, check=True)
        take(folder / "report.html", PICTURES / "report.png", 1280, 900)
        figures = load_results(folder).figures()
        name = next((name for name in figures if name.startswith(CHART)), next(iter(figures)))
        page = Path(temporary) / "chart.html"
        figures[name].write_html(page, include_plotlyjs=True, default_height="460px", config={"displayModeBar": False})
        take(page, PICTURES / "chart.png", 1000, 480)


if __name__ == "__main__":
    main()
