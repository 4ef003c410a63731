"""Reading a census file element by element, in little memory, refusing document types and entities.

Expat hands over each element as it comes; only the element in hand (a child, a worker) is kept. A census declares no
document type: a file that does could hide an entity that grows without end or names another file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from sim.returns.errors import ReturnsError

__all__ = ["Node", "nodes"]

CHUNK = 1 << 16
LONGEST_TEXT = 1_000


@dataclass(slots=True)
class Node:
    """An element: its name without a namespace, its text, the line it starts on, and what is inside."""

    name: str
    line: int
    text: str = ""
    inside: list[Node] = field(default_factory=list)

    def all(self, name: str) -> list[Node]:
        """The elements of a name directly inside."""
        return [node for node in self.inside if node.name == name]

    def value(self, name: str) -> str:
        """The text of the first element of a name directly inside; empty when there is none."""
        return next((node.text for node in self.inside if node.name == name), "")


def nodes(path: Path, wanted: Collection[str]) -> Iterator[Node]:
    """Yield each element of a wanted name when it is complete; nothing else is kept.

    Raises:
        ReturnsError: when the file cannot be read, is not well-formed, or declares a document type or entities.
    """
    reader = _NodeReader(path, frozenset(wanted))
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                reader.feed(chunk, last=False)
                yield from reader.take()
            reader.feed(b"", last=True)
            yield from reader.take()
    except OSError as error:
        raise ReturnsError(f"{path} cannot be read: {error.strerror or error}") from None


class _NodeReader:
    def __init__(self, path: Path, wanted: frozenset[str]) -> None:
        self._path = path
        self._wanted = wanted
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._done: list[Node] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse

    def feed(self, chunk: bytes, last: bool) -> None:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            # The reason alone: expat's own text holds nothing of the file.
            reason = expat.ErrorString(error.code)
            raise ReturnsError(f"{self._path}, line {error.lineno}: this is not well-formed XML ({reason})") from None
        except ValueError:
            raise ReturnsError(f"{self._path} is not in an encoding that XML allows") from None

    def take(self) -> Iterator[Node]:
        done, self._done = self._done, []
        yield from done

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self._open or name in self._wanted:
            self._open.append(Node(name, self._parser.CurrentLineNumber))
            self._texts.append([])

    def _end(self, _tag: str) -> None:
        if not self._open:
            return
        node = self._open.pop()
        node.text = "".join(self._texts.pop())[:LONGEST_TEXT].strip()
        if self._open:
            self._open[-1].inside.append(node)
        else:
            self._done.append(node)

    def _characters(self, data: str) -> None:
        if self._open:
            self._texts[-1].append(data)

    def _refuse(self, *_declaration: Any) -> None:
        line = self._parser.CurrentLineNumber
        raise ReturnsError(
            f"{self._path}, line {line}: the file declares a document type or an entity, which no census does; "
            "it was not read"
        )
