"""How Sphinx builds the documentation: `make docs`. The site reads and searches from a folder, without a network."""

from __future__ import annotations

import pkgutil
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

import sim  # noqa: E402 (found by the line above)

project = "Front Door"
author = "Front Door contributors"
version = release = str(sim.__version__)
language = "en_GB"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
default_role = "code"  # docstrings are written with single backticks
myst_heading_anchors = 3
myst_enable_extensions = ["fieldlist"]
# Pages link to files outside docs/ (tests, a template): the repository shows them, the site leaves them as text.
# A class that its package exports has two names for cross-references; either will do.
suppress_warnings = ["myst.xref_missing", "docutils", "ref.python"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}

html_theme = "furo"
html_title = "Front Door"
html_static_path = ["_static"]
html_css_files = ["front-door.css"]
html_show_sphinx = False
html_copy_source = False

# The API reference has a page for each package, written before each build: nothing lists modules by hand.
ROOMS = ("calendar", "streams", "scenario", "model", "measures", "experiment", "report", "official", "returns")


def _reference(room: str) -> str:
    package = f"sim.{room}"
    folder = DOCS.parent / "sim" / room
    modules = sorted(module.name for module in pkgutil.walk_packages([str(folder)], prefix=f"{package}."))
    # Search finds its names, and not its words: pages for readers come first.
    lines = [
        "---",
        "nosearch: true",
        "---",
        "",
        f"# `{package}`",
        "",
        "```{eval-rst}",
        f".. automodule:: {package}",
        "   :no-index:",
        "```",
        "",
    ]
    for module in modules:
        lines += [f"## `{module}`", "", "```{eval-rst}", f".. automodule:: {module}", "```", ""]
    return "\n".join(lines)


def _write_reference(app: object) -> None:
    folder = DOCS / "reference"
    folder.mkdir(exist_ok=True)
    for room in ROOMS:
        page, text = folder / f"{room}.md", _reference(room)
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


def setup(app: object) -> None:
    """Write the pages of the API reference before Sphinx looks for pages."""
    _write_reference(app)
