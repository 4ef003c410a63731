"""The served page from outside: who is let in, what is refused, and what many clients and a sudden end do to it."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.end_to_end

_SPEC = importlib.util.spec_from_file_location("served", Path(__file__).with_name("served.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
helpers = importlib.util.module_from_spec(_SPEC)
sys.modules["served"] = helpers
_SPEC.loader.exec_module(helpers)

TEXT = "extends: tiny\ntitle: Short\nperiod: {start: 2016-04-01, end: 2016-06-30}\n"
SHORT: dict[str, Any] = {
    "start": {"kind": "file", "name": "short.yaml", "text": TEXT},
    "options": [{"name": "As it is", "changes": {}}, {"name": "More", "changes": {"referrals": 900}}],
    "runs": 2,
}
LONG = {"start": {"kind": "shipped", "name": "surrey-base"}, "options": SHORT["options"][:1], "runs": 100}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("served")
    with helpers.served(folder / "library", "--at-once", "1", folder=folder) as running:
        yield running


def children_of(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for path in listed for child in path.read_text().split()]


def test_the_page_and_its_parts_are_given(page: Any) -> None:
    status, body = page.send("GET", f"/{page.token}/")
    assert status == 200
    assert b"What if" in body
    for part in ("page/main.js", "page/page.css", "page/govuk-frontend.css", "page/govuk-frontend.LICENCE.txt"):
        assert page.send("GET", f"/{page.token}/{part}")[0] == 200
    assert b"plotly" in page.send("GET", f"/{page.token}/plotly.js")[1][:2000].lower()


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1", "localhost", "127.0.0.1:1", "evil.localhost:80", ""])
def test_a_wrong_host_is_turned_away(page: Any, host: str) -> None:
    assert page.send("GET", f"/{page.token}/", host=host)[0] in (400, 421)


@pytest.mark.parametrize("path", ["/", "/x/", "/{t}x/", "/{t}", "//{t}/", "/page/main.js", "/../{t}/", "/favicon.ico"])
def test_a_wrong_token_is_turned_away(page: Any, path: str) -> None:
    status, body = page.send("GET", path.format(t=page.token))
    assert status in (403, 404)
    assert page.token.encode() not in body


@pytest.mark.parametrize(
    "path",
    ["page/../desk.py", "page/..%2fdesk.py", "page/%2e%2e/%2e%2e/pyproject.toml", "page//etc/passwd", "page/README.md",
     "page/%00", "page/..\\desk.py", "../../../../etc/passwd", "page/main.js/../../app.py"],
)  # fmt: skip
def test_no_path_leads_out_of_the_page(page: Any, path: str) -> None:
    status, body = page.send("GET", f"/{page.token}/{path}")
    assert status in (400, 403, 404)
    assert b"import" not in body
    assert b"root:" not in body


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Origin": "http://example.org"}, 403), ({"Origin": "null"}, 403), ({"Origin": ""}, 403),
     ({"Content-Type": "text/plain"}, 415), ({"Content-Type": "application/x-www-form-urlencoded"}, 415)],
)  # fmt: skip
def test_another_page_cannot_ask(page: Any, headers: dict[str, str], status: int) -> None:
    assert page.send("POST", f"/{page.token}/ask/catalogue", b"{}", page.own_headers(**headers))[0] == status
    assert page.send("POST", f"/{page.token}/ask/catalogue", b"{}", page.own_headers())[0] == 200
    assert page.send("PUT", f"/{page.token}/ask/catalogue", b"{}", page.own_headers())[0] == 405


def test_200_megabytes_are_refused_before_they_are_read(page: Any) -> None:
    headers = page.own_headers(**{"Content-Length": "200000000"})
    status, body = page.send("POST", f"/{page.token}/ask/open", b"{", headers)
    assert status == 413
    assert "4 MB" in json.loads(body)["error"]


def test_200_megabytes_of_no_stated_length_are_refused_on_the_way(page: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 1
            yield b"x" * 1_000_000

    headers = page.own_headers(**{"Host": f"127.0.0.1:{page.port}", "Transfer-Encoding": "chunked"})
    try:
        connection.request("POST", f"/{page.token}/ask/open", parts(), headers, encode_chunked=True)
        assert connection.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server has hung up: it read no further
    finally:
        connection.close()
    assert sent < 60
    assert page.ask("ask/catalogue", {})[0] == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"NaN", b"null", b"[]", b'"x"', b"1e999"])
def test_what_is_no_question_gets_a_sentence(page: Any, body: bytes) -> None:
    for path in ("ask/open", "ask/look", "library/save", "export/report"):
        status, answer = page.send("POST", f"/{page.token}/{path}", body, page.own_headers())
        assert status == 400, (path, answer)
        assert json.loads(answer)["error"]


@pytest.mark.parametrize(
    "text", ["a: [", "!!python/name:os.system", "extends: /etc/passwd", "extends: ../x.yaml", "- 1"]
)
def test_a_malformed_file_is_refused_with_each_problem(page: Any, text: str) -> None:
    status, answer = page.ask("ask/open", {"kind": "file", "name": "../../bad.yaml", "text": text})
    assert status == 400
    assert answer["problems"][0]["file"] == "bad.yaml"
    assert "root:" not in json.dumps(answer)


def test_a_run_is_told_as_it_goes_and_its_files_can_be_taken(page: Any) -> None:
    events = page.events(SHORT)
    assert events[-1]["kind"] == "end"
    assert [event["runs"] for event in events if event["kind"] == "picture"][-1] == 2
    status, body = page.send(
        "POST", f"/{page.token}/export/report", json.dumps(SHORT).encode(), page.own_headers()
    )  # fmt: skip
    assert (status, body[:15]) == (200, b"<!DOCTYPE html>")
    refused = page.events(SHORT | {"options": [{"name": "x", "changes": {"nothing": 1}}]})
    assert [event["kind"] for event in refused] == ["refused"]


def test_a_closed_tab_stops_its_run_and_the_next_one_has_its_turn(page: Any) -> None:
    body = json.dumps(LONG).encode()
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
    headers = page.own_headers(**{"Content-Length": str(len(body))})
    connection.request("POST", f"/{page.token}/run", body, headers)
    answer = connection.getresponse()
    while not answer.readline().startswith(b'data: {"kind": "progress"'):
        pass
    answer.close()
    connection.close()  # the tab is gone; only one run goes on at once
    assert page.events(SHORT)[-1]["kind"] == "end"


def test_fifty_clients_at_once_all_get_an_answer(page: Any) -> None:
    def client(number: int) -> str:
        if number % 5 == 0:
            return str(page.events(SHORT)[-1]["kind"])
        option = {"name": "x", "changes": {"referrals": 500 + 10 * (number % 7)}}
        status, answer = page.ask("ask/look", {"start": SHORT["start"], "option": option})
        assert status == 200, answer
        return "look"

    with ThreadPoolExecutor(50) as clients:
        told = list(clients.map(client, range(50)))
    assert (told.count("end"), told.count("look")) == (10, 40)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc to see that nothing is left")
def test_killed_and_started_again_the_library_is_whole_and_nothing_is_left(tmp_path: Path) -> None:
    library = tmp_path / "library"
    entry = {"name": "Kept", "description": "", "comparison": SHORT, "picture": None}
    with helpers.served(library, folder=tmp_path) as running:
        ids = [running.ask("library/save", entry)[1]["id"] for _ in range(3)]
        with ThreadPoolExecutor(4) as clients:  # it is ended in the middle of saving
            saving = [clients.submit(running.ask, "library/save", entry) for _ in range(60)]
            family = children_of(running.process.pid)
            family += [child for process in family for child in children_of(process)]
            os.kill(running.process.pid, signal.SIGKILL)
            confirmed = [f.result()[1]["id"] for f in saving if f.exception() is None and f.result()[0] == 200]
        deadline = time.monotonic() + 20
        while any(Path(f"/proc/{child}").exists() for child in family) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not [child for child in family if Path(f"/proc/{child}").exists()]
    with helpers.served(library, folder=tmp_path) as again:
        listed = {each["id"] for each in again.ask("library/list", {})[1]}
        assert listed >= {*ids, *confirmed}
        assert all(again.ask("library/get", {"id": id_})[0] == 200 for id_ in listed)
        assert len(list(library.iterdir())) == len(listed)
        assert again.ask("library/delete", {"id": ids[0]})[0] == 200
        assert ids[0] not in {each["id"] for each in again.ask("library/list", {})[1]}
        assert again.ask("library/get", {"id": "../../x"})[0] == 400


def test_a_port_that_is_taken_and_a_file_that_is_not_there_are_said(page: Any, tmp_path: Path) -> None:
    import subprocess

    for arguments, wrong in ((("--port", str(page.port)), "cannot be used"), (("nothing.yaml",), "there is no file")):
        done = subprocess.run(
            [sys.executable, str(helpers.ROOT / "cli.py"), "serve", "--no-browser", *arguments],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert wrong in done.stderr
        assert "Traceback" not in done.stderr
