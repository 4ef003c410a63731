"""The decision on one page of A4 for Word: the options in a table, two charts, what they mean and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Final

from sim.export import decision
from sim.export.errors import ExportError, library
from sim.export.pictures import draw, words
from sim.export.template import has_style, opened
from sim.export.texts import plain
from sim.report import figures
from sim.report.assumptions import first_line
from sim.report.decision import Cell as FirstScreenCell
from sim.report.decision import Decision as FirstScreen
from sim.report.decision import decision as first_screen
from sim.report.options import option_words
from sim.report.results_view import ResultsView

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from plotly.graph_objects import Figure

__all__ = ["write"]

FILE: Final = "decision.docx"
CHARTS: Final = ("unallocated", "assessments_open_over_45wd", "assessments_open", "caseload_mean")
"""Charts by what a committee asks about first: the first two that the results hold are on the page."""
OPTIONS: Final = 5
"""Scenarios that a page has room for, the baseline included."""
SENTENCES: Final = 3
CHART_WIDTH: Final = 760
CHART_HEIGHT: Final = 190
"""Size of a chart in CSS pixels: at the width of the page its letters are about 7 points."""
CHART_SHOWN_CM: Final = 4.2
"""Height of a chart on the page, which leaves room for five options in the table."""
HEADING_LETTERS: Final = 60


def write(view: ResultsView, folder: Path, template: Path | None = None) -> list[str]:
    """Write `decision.docx` into `folder`, in the styles of `template`; return a sentence for what is not on it.

    Without a browser the page has no charts.

    Raises:
        ExportError: when the template cannot be opened.
    """
    docx = library("docx")
    document = docx.Document() if template is None else opened(template)
    if template is None:
        _house_style(document)
    page = _Page(document, with_house_style=template is None)
    page.heading(decision.title(view))
    lead = decision.lead(view)
    if lead:
        page.text("", lead)
    page.small(decision.about(view))
    if len(view.scenarios) > OPTIONS:
        page.small(f"The first {OPTIONS} of {len(view.scenarios)} options are shown; results.xlsx has them all.")
    screen = first_screen(view)
    page.small(plain(screen.caption))
    _options(page, screen)
    page.small("")
    for option in option_words(view):
        if option.scenario == screen.chosen:
            words = " ".join((option.good, option.bad, option.cost))
            page.text(f"{option.scenario.letter} {plain(option.scenario.short)}: ", plain(words))
    if view.baseline is None:
        for _, sentences in decision.sentences(view, SENTENCES):
            page.text("", " ".join(sentences))
    notes = _charts(page, view)
    page.small(decision.sureness(view))
    page.small(plain(f"Assumption. {first_line(view, screen.chosen)}"))
    properties = document.core_properties
    properties.title, properties.subject = decision.title(view)[:255], "Simulated"
    properties.author, properties.comments, properties.language = "Front Door", "", "en-GB"
    document.save(str(folder / FILE))
    return notes


class _Page:
    """A document that is written from the top: what a style lacks in a template is left to its normal text."""

    def __init__(self, document: Document, *, with_house_style: bool) -> None:
        self.document = document
        self._house = with_house_style

    def _styled(self, text: str, *names: str) -> Paragraph:
        style = next((name for name in names if has_style(self.document, name)), None)
        return self.document.add_paragraph(text, style=style)

    def heading(self, text: str) -> None:
        self._styled(text, "Heading 1", "Title")

    def text(self, bold: str, text: str) -> None:
        paragraph = self.document.add_paragraph()
        if bold:
            paragraph.add_run(bold).bold = True
        paragraph.add_run(text)

    def small(self, text: str) -> None:
        self._styled(text, "Caption", "Normal")

    def table(self, rows: int, columns: int) -> Any:
        table = self.document.add_table(rows, columns)
        if has_style(self.document, "Table Grid"):
            table.style = "Table Grid"
        return table

    def width(self) -> int:
        """Room between the margins, in Word's units."""
        section = self.document.sections[-1]
        width, left, right = section.page_width, section.left_margin, section.right_margin
        if width is None or left is None or right is None:
            from docx.shared import Cm

            return int(Cm(17))
        return int(width - left - right)


def _house_style(document: Document) -> None:
    """A4 with letters and margins that leave room for everything on one page."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.5)
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        fonts.set(qn("w:ascii"), "Arial")
        fonts.set(qn("w:hAnsi"), "Arial")
    for name, size, after in (("Normal", 9, 3), ("Heading 1", 14, 4), ("Caption", 8.5, 4)):
        style: Any = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0x1D, 0x1D, 0x1B)
        style.font.bold = name == "Heading 1"
        style.paragraph_format.space_before = Pt(0)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _options(page: _Page, screen: FirstScreen) -> None:
    """The table of the report's first screen: a row a measure, a column an option, its verdict beside its figure."""
    columns = screen.columns[:OPTIONS]
    table = page.table(1 + len(screen.rows), 1 + len(columns))
    _fill(table.cell(0, 0), "Measure", bold=True)
    for column, (scenario, against) in enumerate(columns, 1):
        name = shorten(f"{scenario.letter}: {plain(scenario.short)}", HEADING_LETTERS, placeholder=" …")
        _fill(table.cell(0, column), f"{name}, against {against}" if against else name, bold=True)
    for place, row in enumerate(screen.rows, 1):
        _fill(table.cell(place, 0), f"{row.label} ({row.note})" if row.note else row.label)
        for column, cell in enumerate(row.cells[:OPTIONS], 1):
            _fill(table.cell(place, column), _cell_words(cell))
    _repeat_header(table)
    _widths(page, table, len(columns))


def _cell_words(cell: FirstScreenCell) -> str:
    """A figure and its verdict: `100 (▲ worse, 52 more)`. The figures that a pair repeats are left to the columns."""
    if not cell.word:
        return cell.figure
    difference = "" if cell.verdict in ("unknown", "unclear") else cell.difference
    verdict = ", ".join(part for part in (f"{cell.arrow} {cell.word}".strip(), difference) if part)
    return plain(f"{cell.figure} ({verdict})")


def _widths(page: _Page, table: Any, options: int) -> None:
    first = int(page.width() * (0.4 if options < 3 else 0.28))
    rest = (page.width() - first) // options
    table.autofit = False
    for row in table.rows:
        for column, cell in enumerate(row.cells):
            cell.width = rest if column else first


def _fill(cell: _Cell, text: str, *, bold: bool = False) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(8.5)
    paragraph.paragraph_format.space_after = Pt(1)


def _repeat_header(table: Any) -> None:
    """Mark the first row as the header, which a screen reader reads with each cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    row = table.rows[0]._tr.get_or_add_trPr()
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row.append(header)


def _charts(page: _Page, view: ResultsView) -> list[str]:
    """Add two charts with their messages above them; without a browser, say so."""
    drawn = figures(view.results)
    chosen = [drawn[name] for name in CHARTS if name in drawn][:2]
    try:
        with _pictures(chosen) as files:
            for figure, file in zip(chosen, files, strict=True):
                message, drawing = words(figure)
                page.text(message, "")
                paragraph = page.document.add_paragraph()
                paragraph.paragraph_format.space_after = 0
                picture = paragraph.add_run().add_picture(str(file), width=min(page.width(), _full_width()))
                picture._inline.docPr.set("descr", f"{message}. {drawing}")
                picture._inline.docPr.set("title", message)
    except ExportError as error:  # no browser, or the library that draws is not there
        return [f"The page has no charts: {str(error)[0].lower()}{str(error)[1:]}."]
    return []


def _full_width() -> int:
    from docx.shared import Cm

    return int(Cm(CHART_SHOWN_CM * CHART_WIDTH / CHART_HEIGHT))


@contextmanager
def _pictures(chosen: list[Figure]) -> Iterator[list[Path]]:
    """Draw charts for the page: without their titles, which stand above them as text."""
    import plotly.graph_objects as go

    with TemporaryDirectory(prefix="frontdoor-") as folder:
        files = {}
        for place, figure in enumerate(chosen):
            shorter = go.Figure(figure)
            shorter.update_xaxes(title=None, tickangle=0, dtick="M6")  # the message says what they are
            for label in shorter.layout.annotations:  # the table says what a letter stands for
                label.text = str(label.text).partition("<br>")[0]
            shorter.update_layout(title=None, height=CHART_HEIGHT, margin={**_margin(figure), "t": 8, "b": 28, "r": 90})
            files[Path(folder) / f"{place}.png"] = shorter
        draw(files, CHART_WIDTH)
        yield list(files)


def _margin(figure: Figure) -> dict[str, Any]:
    margin: dict[str, Any] = figure.layout.margin.to_plotly_json()
    return margin
