"""What README and docs tell a reader to type works: shell commands, scenario files and Python, in the order of a page.

A block is run unless a comment before it says why not (`<!-- not run: reason -->`). `<!-- file: NAME -->` before a YAML
block saves it under that name. Replications are cut to two.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    if not {"reference", "_build"} & set(page.relative_to(ROOT).parts)
)
SHELL = ("sh", "console")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, text, line, and the comment just before it."""

    language: str
    text: str
    line: int
    comment: str

    @property
    def excused(self) -> bool:
        return self.comment.startswith("not run:")

    @property
    def file(self) -> str:
        return self.comment.removeprefix("file:").strip() if self.comment.startswith("file:") else ""


def blocks(text: str) -> list[Block]:
    tokens = MarkdownIt("commonmark").parse(text)
    result = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "fence":
            comment = re.match(r"\s*<!--\s*(.*?)\s*-->", before.content, re.S) if before is not None else None
            line = token.map[0] + 1 if token.map else 0
            result.append(Block(token.info.strip(), token.content, line, comment[1] if comment else ""))
    return result


def small(text: str) -> str:
    """The same with few replications: the test is whether it works, not what comes out."""
    text = re.sub(r"(-n|--replications) \d+", r"\1 2", text)
    if re.match(r"frontdoor (run|compare) ", text) and not re.search(r" (-n|--precision) ", text):
        text = re.sub(r" --minutes \S+", "", text).partition("#")[0] + " -n 2"
    return re.sub(r"replications=\d+", "replications=2", text)


def command(line: str) -> list[str]:
    words = shlex.split(small(line), comments=True)
    assert words[0] == "frontdoor", f"a shell block that runs holds frontdoor commands only: {line}"
    return [sys.executable, str(ROOT / "cli.py"), *words[1:]]


def run(arguments: list[str], folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FRONTDOOR_PLAIN": "1"}
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{arguments[1:]}\n{done.stdout}\n{done.stderr}"


def runnable(page: Path) -> list[Block]:
    wanted = (*SHELL, "python")
    return [
        block
        for block in blocks(page.read_text(encoding="utf-8"))
        if not block.excused and (block.language in wanted or block.file)
    ]


@pytest.mark.end_to_end
@pytest.mark.parametrize(
    "page", [page for page in PAGES if runnable(page)], ids=lambda page: str(page.relative_to(ROOT))
)
def test_what_a_page_tells_the_reader_to_type_works(page: Path, tmp_path: Path) -> None:
    for block in runnable(page):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            run([sys.executable, "-c", small(block.text)], tmp_path)
        else:
            for line in block.text.replace("\\\n", " ").splitlines():
                if line.strip() and not line.startswith("#"):
                    run(command(line), tmp_path)


@pytest.mark.end_to_end
def test_each_block_that_is_not_run_says_why() -> None:
    silent = [
        f"{page.relative_to(ROOT)}:{block.line}"
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.excused and len(block.comment.removeprefix("not run:").strip()) < 10
    ]
    assert not silent


@pytest.mark.end_to_end
def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    # The API reference is written when the site is built.
    assert [link for link in broken if "reference/" not in link] == []
