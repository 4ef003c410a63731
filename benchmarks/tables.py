"""Put a generated table between two markers of a page, or see that it is what would be generated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def replace(page: str, name: str, text: str) -> str:
    """The page with `text` between `<!-- begin NAME … -->` and `<!-- end NAME -->`.

    Raises:
        ValueError: where the page does not hold both markers, in this order.
    """
    end = f"<!-- end {name} -->"
    head, opened, rest = page.partition(f"<!-- begin {name} ")
    comment, closed, body = rest.partition("-->")
    _, ended, tail = body.partition(end)
    if not (opened and closed and ended):
        raise ValueError(f"The page does not hold '<!-- begin {name} … -->' and '{end}'.")
    return f"{head}{opened}{comment}{closed}\n\n{text}\n\n{end}{tail}"


def write(path: Path, name: str, text: str) -> None:
    """Replace the table of that name in a page."""
    path.write_text(replace(path.read_text(encoding="utf-8"), name, text), encoding="utf-8")
