"""Exports from the command line: what is written, what is refused, and charts in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from PIL import Image

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).resolve().parents[2]
BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium on this machine: install chromium to draw charts"
)


def frontdoor(*arguments: str | Path, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *map(str, arguments)],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    out = folder / "out"
    text = (ROOT / "scenarios" / "tiny.yaml").read_text(encoding="utf-8")
    (folder / "busy.yaml").write_text(text.replace("referrals_a_year: 480", "referrals_a_year: 900"), encoding="utf-8")
    short = ("--set", "period.end=2016-12-31", "-n", "2", "-w", "1", "--journeys", "none", "-q")
    frontdoor("compare", "tiny", folder / "busy.yaml", *short, "--out", out)
    return out


def test_tables_and_page_stand_in_the_results_folder(results: Path) -> None:
    done = frontdoor("export", results, "--to", "xlsx,docx,powerbi", BROWSER_PATH="/nowhere/chromium")
    assert sorted(path.name for path in (results / "exports").iterdir()) == [
        "README.txt", "decision.docx", "powerbi", "results.xlsx",
    ]  # fmt: skip
    assert done.stdout.count("Written: ") == 3
    assert done.stderr.startswith("The page has no charts: ")
    assert "\nexports " in (results / "README.txt").read_text(encoding="utf-8")


def test_a_comparison_exports_and_compares_with_the_scenario_that_is_named(results: Path, tmp_path: Path) -> None:
    busy = results.parent / "busy.yaml"
    short = ("--set", "period.end=2016-06-30", "-n", "2", "-w", "1", "--journeys", "none", "-q", "--out", tmp_path)
    done = frontdoor("compare", "tiny", busy, *short, "--export", "xlsx,docx", "--against", busy,
                     BROWSER_PATH="/nowhere/chromium")  # fmt: skip
    assert done.stdout.count("Export:  ") == 2
    assert (tmp_path / "exports" / "results.xlsx").is_file()
    assert "\nexports " in (tmp_path / "README.txt").read_text(encoding="utf-8")
    against_busy = (tmp_path / "report.html").read_bytes()
    assert "Each option is compared with “" in against_busy.decode()
    frontdoor("report", tmp_path)
    assert (tmp_path / "report.html").read_bytes() == against_busy, "the folder does not know what was compared"
    frontdoor("report", tmp_path, "--against", "tiny")
    assert (tmp_path / "report.html").read_bytes() != against_busy


def test_a_browser_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    browser.chmod(0o755)
    script = (
        "import plotly.graph_objects as go; from pathlib import Path; from sim.export.pictures import draw;"
        f"draw({{Path({str(tmp_path / 'a.png')!r}): go.Figure()}}, patience=4)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT), "BROWSER_PATH": str(browser)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr.strip().splitlines()[-1].startswith("sim.export.errors.ExportError: pictures need ")
    assert not (tmp_path / "a.png").exists()
    if Path("/proc").is_dir():
        command = Path("/proc", (tmp_path / "pid").read_text().strip(), "cmdline")
        assert not command.exists() or command.read_bytes() == b""  # gone, or ended and not yet taken note of


def test_results_with_exports_can_be_replaced(results: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(results, copy)
    frontdoor("export", copy, "--to", "powerbi")
    short = ("--set", "period.end=2016-06-30", "-n", "1", "-w", "1", "--journeys", "none", "-q")
    frontdoor("run", "tiny", *short, "--out", copy)
    assert not (copy / "exports").exists()


@needs_browser
def test_charts_are_drawn_and_stand_in_the_page(results: Path, tmp_path: Path) -> None:
    done = frontdoor("export", results, "--to", "docx,png", "--out", tmp_path / "out")
    assert done.stderr == ""
    pictures = {path.stem: path for path in (tmp_path / "out" / "charts").iterdir()}
    assert {"unallocated", "assessments_open_over_45wd", "caseload_mean"} <= set(pictures)
    with Image.open(pictures["unallocated"]) as picture:
        assert picture.width == 1920
        shades = picture.convert("L").histogram()
    assert sum(count > 50 for count in shades) > 20  # lines and letters, not blank paper
    page = docx.Document(str(tmp_path / "out" / "decision.docx"))
    described = [shape._inline.docPr.get("descr") for shape in page.inline_shapes]
    assert len(described) == 2
    assert all(text.endswith("(simulated)") for text in described)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine: install it to count pages")
@needs_browser
@pytest.mark.parametrize("options", [2, 5])
def test_the_page_is_one_page(results: Path, tmp_path: Path, options: int) -> None:
    if options > 2:
        others = []
        for number in range(1, options):
            others.append(tmp_path / f"option-{number}.yaml")
            others[-1].write_text(
                f"extends: tiny\ntitle: A longer title, option {number}\nquestion: Why?\ndescription: Busy.\n"
                f"demand: {{referrals_a_year: {480 + 100 * number}}}\n"
            )
        results = tmp_path / "out"
        short = ("--set", "period.end=2016-06-30", "-n", "2", "-w", "1", "--journeys", "none", "-q", "--out", results)
        frontdoor("compare", "tiny", *others, *short)
    frontdoor("export", results, "--to", "docx", "--out", tmp_path / "page")
    office = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "page" / "decision.docx"]
    subprocess.run(office, check=True, timeout=120, capture_output=True)
    assert len(re.findall(rb"/Type/Page\b(?!s)", (tmp_path / "decision.pdf").read_bytes())) == 1


def test_bad_input_is_one_sentence(results: Path, tmp_path: Path) -> None:
    for arguments, words in (
        (("compare", "tiny", "tiny", "--export", "xls"), "'xls' is not a format to export to; did you mean xlsx?"),
        (
            ("compare", "tiny", "croydon-2017", "--against", "tyni"),
            "there is no scenario 'tyni'; choose from tiny, croydon-2017",
        ),
        (("report", results, "--against", "bsy"), "there is no scenario 'bsy'; did you mean busy?"),
        (("export", results, "--to", "docx", "--against", "bsy"), "there is no scenario 'bsy'; did you mean busy?"),
    ):
        assert words in frontdoor(*arguments, code=2).stderr
    damaged = tmp_path / "damaged"
    shutil.copytree(results, damaged)
    (damaged / "measures.parquet").write_bytes(b"PAR1")
    for arguments, said in (
        ((results, "--to", "xls"), "'xls' is not a format to export to; did you mean xlsx?"),
        ((tmp_path / "nowhere", "--to", "xlsx"), "nowhere is not a folder of results"),
        ((damaged, "--to", "xlsx"), "measures.parquet cannot be read"),
        ((results, "--to", "docx", "--template", tmp_path / "none.dotx"), "none.dotx is not a file"),
    ):
        stderr = frontdoor("export", *arguments, code=2).stderr
        assert said in stderr
        assert stderr.count("\n") == 1
    assert "--template is for a Word page" in frontdoor(
        "export", results, "--to", "xlsx", "--template", "a.docx", code=2
    ).stderr  # fmt: skip


def test_open_hands_the_report_to_the_browser(results: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/asked\n')
    browser.chmod(0o755)
    frontdoor("open", results, BROWSER=str(browser))
    assert (tmp_path / "asked").read_text().strip() == (results / "report.html").as_uri()
    assert "is not a folder of results" in frontdoor("open", tmp_path / "nowhere", code=2).stderr


def test_a_measure_is_explained_by_its_id() -> None:
    text = frontdoor("measures", "assessments_45wd_pct").stdout
    assert text.startswith("Assessments completed within 45 working days (assessments_45wd_pct)\n")
    assert "Unit:             %; higher is better" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "did you mean assessments_45wd_pct?" in frontdoor("measures", "assessments_45wd", code=2).stderr
