"""The page for Word, opened by python-docx: table, the council's styles, and what is said without a browser."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Cm

from sim.export.errors import ExportError
from sim.export.word import write
from sim.report.decision import decision as first_screen
from sim.report.results_view import ResultsView

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are drawn in tests/end_to_end; here there is nothing to draw them with."""
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")


def template(path: Path, kind: str = "document") -> Path:
    """A council's template: its own heading style, narrow margins, a header, and a text to be replaced."""
    document = docx.Document()
    document.add_paragraph("Type your report here")
    document.sections[0].left_margin = Cm(4)
    document.sections[0].header.paragraphs[0].text = "Borough of Example"
    document.styles["Heading 1"].font.name = "Council Sans"
    kept = io.BytesIO()
    document.save(kept)
    with zipfile.ZipFile(kept) as packed, zipfile.ZipFile(path, "w") as out:
        for entry in packed.infolist():
            content = packed.read(entry)
            if entry.filename == "[Content_Types].xml":
                content = content.replace(b"document.main+xml", f"{kind}.main+xml".encode())
            out.writestr(entry, content)
    return path


def test_the_page_says_what_is_simulated_and_holds_the_table(view: ResultsView, tmp_path: Path) -> None:
    notes = write(view, tmp_path)
    page = docx.Document(str(tmp_path / "decision.docx"))
    texts = [paragraph.text for paragraph in page.paragraphs]
    assert any(text.startswith("Simulated by Front Door") for text in texts)
    (table,) = page.tables
    assert [cell.text[:2] for cell in table.rows[0].cells] == ["Me", "A:", "B:"]
    assert table.cell(1, 0).text.startswith("Overdue assessments (")
    answer = first_screen(view)
    assert texts[:2] == [answer.title, answer.lead]
    assert answer.sure in texts
    verdicts = [cell for row in answer.rows for cell in row.cells if cell.word]
    assert verdicts
    shown = " ".join(cell.text for row in table.rows for cell in row.cells)
    assert all(cell.word in shown for cell in verdicts)
    assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
    section = page.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    (note,) = notes
    assert note.startswith("The page has no charts: pictures need Chromium or Chrome, which was not found")
    assert not page.inline_shapes


@pytest.mark.parametrize("kind", ["document", "template"])
def test_a_template_lends_its_styles_header_and_margins(view: ResultsView, tmp_path: Path, kind: str) -> None:
    path = template(tmp_path / f"council.{'docx' if kind == 'document' else 'dotx'}", kind)
    write(view, tmp_path, path)
    page = docx.Document(str(tmp_path / "decision.docx"))
    assert page.styles["Heading 1"].font.name == "Council Sans"
    assert page.paragraphs[0].style.name == "Heading 1"
    assert round(page.sections[0].left_margin.cm, 2) == 4.0
    assert page.sections[0].header.paragraphs[0].text == "Borough of Example"
    assert not any("Type your report" in paragraph.text for paragraph in page.paragraphs)


def test_what_is_no_template_is_refused_in_a_sentence(view: ResultsView, tmp_path: Path) -> None:
    text = tmp_path / "notes.docx"
    text.write_text("no Word document")
    for path in (text, tmp_path / "missing.docx"):
        with pytest.raises(ExportError, match=r"Word document \(.docx\) or template \(.dotx\)$"):
            write(view, tmp_path, path)


def test_a_template_with_macros_is_refused(view: ResultsView, tmp_path: Path) -> None:
    path = tmp_path / "council.dotm"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("[Content_Types].xml", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml")
    with pytest.raises(ExportError, match="holds macros"):
        write(view, tmp_path, path)
