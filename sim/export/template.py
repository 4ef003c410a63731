"""A council's own Word template: opened, emptied of its text, its styles, headers and margins kept."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.export.errors import ExportError, library

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["has_style", "opened"]

_TEMPLATE: Final = b"wordprocessingml.template.main+xml"
_DOCUMENT: Final = b"wordprocessingml.document.main+xml"
_MACROS: Final = b"macroEnabled"
_TYPES: Final = "[Content_Types].xml"
_LARGEST: Final = 100_000_000
"""Bytes that a template may hold when it is unpacked: more is no template."""


def opened(path: Path) -> Document:
    """Return the Word document or template at `path` without its text; headers and footers stay.

    Raises:
        ExportError: when there is no such file or Word would not open it.
    """
    docx = library("docx")
    if not path.is_file():
        raise ExportError(f"{path} is not a file; --template takes a Word document (.docx) or template (.dotx)")
    try:
        document: Document = docx.Document(io.BytesIO(_as_document(path)))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ExportError(f"{path} is not a Word document (.docx) or template (.dotx)") from error
    body = document.element.body
    for element in list(body):
        if not element.tag.endswith("}sectPr"):
            body.remove(element)
    return document


def _as_document(path: Path) -> bytes:
    """The file's bytes; those of a template (.dotx) with the type of a document, which it differs by alone."""
    with zipfile.ZipFile(path) as packed:
        types = packed.read(_TYPES)
        if _MACROS in types:
            raise ExportError(f"{path} holds macros; save it as a template without macros (.dotx)")
        if sum(entry.file_size for entry in packed.infolist()) > _LARGEST:
            raise ExportError(f"{path} unpacks to more than 100 MB, which is no template")
        if _TEMPLATE not in types:
            return path.read_bytes()
        changed = io.BytesIO()
        with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as document:
            for entry in packed.infolist():
                content = types.replace(_TEMPLATE, _DOCUMENT) if entry.filename == _TYPES else packed.read(entry)
                document.writestr(entry, content)
        return changed.getvalue()


def has_style(document: Document, name: str) -> bool:
    """Say whether a document has a style of that name."""
    return any(style.name == name for style in document.styles)
