"""A page that is served by a process of its own, and questions to it as anybody on this machine could ask them."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Served:
    """A running page: its process, port, token and library."""

    process: subprocess.Popen[str]
    port: int
    token: str
    library: Path

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}/{self.token}/"

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None,
        *, host: str | None = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        """Send a request as it is; return status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", f"127.0.0.1:{self.port}" if host is None else host)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None and "Content-Length" not in (headers or {}):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def own_headers(self, **other: str) -> dict[str, str]:
        """The headers of a question that the page itself asks."""
        return {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json"} | other

    def ask(self, path: str, given: Any) -> tuple[int, Any]:
        """Ask as the page does; return status and answer."""
        status, body = self.send("POST", f"/{self.token}/{path}", json.dumps(given).encode(), self.own_headers())
        return status, json.loads(body)

    def events(self, comparison: Any) -> list[dict[str, Any]]:
        """Run a comparison to its end; return what was told."""
        status, body = self.send("POST", f"/{self.token}/run", json.dumps(comparison).encode(), self.own_headers())
        assert status == 200, body
        return [json.loads(part[6:]) for part in body.decode().split("\n\n") if part.startswith("data: ")]


@contextmanager
def served(library: Path, *arguments: str, folder: Path) -> Iterator[Served]:
    """Serve the page while the body runs."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), "serve", "--no-browser", "--library", str(library), *arguments],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/([\w-]+)/", line)
        assert found is not None, line
        yield Served(process, int(found[1]), found[2], library)
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
