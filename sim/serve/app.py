"""The page over HTTP: static files, questions and answers as JSON, and runs as server-sent events."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.experiment.errors import ExperimentError
from sim.scenario.errors.problems import ScenarioError
from sim.serve.desk import FILES, refusal
from sim.serve.errors import PageError

if TYPE_CHECKING:
    from starlette.requests import Request

    from sim.serve.desk import Desk
    from sim.serve.library import Library
    from sim.serve.pool import WorkerPool

__all__ = ["make_app"]

_KINDS: Final = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}  # fmt: skip
Tell = Callable[["dict[str, Any] | None"], None]
BEAT: Final = 1.0
"""Seconds after which a run in which nothing happens sends a sign of life."""
LOOK: Final = 0.2
WAITING: Final = 30
"""Runs that may wait for their turn."""
BUSY: Final = "the machine is busy with other runs; try again in a minute"


@cache
def _static() -> Mapping[str, tuple[bytes, str]]:
    """Every file of the page by its name: nothing else can be asked for, so no path is ever put together."""
    held = {}
    for file in files("sim.serve").joinpath("page").iterdir():
        kind = next((kind for suffix, kind in _KINDS.items() if file.name.endswith(suffix)), None)
        if kind is not None and file.is_file():
            held[file.name] = (file.read_bytes(), kind)
    return held


@cache
def _plotly() -> bytes:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).encode()


def make_app(desk: Desk, library: Library, pool: WorkerPool, at_once: int) -> Starlette:
    """The application: `desk` answers, `library` keeps, and at most `at_once` runs go on at the same time."""
    return Starlette(routes=_Routes(desk, library, pool, at_once).routes())


class _Routes:
    def __init__(self, desk: Desk, library: Library, pool: WorkerPool, at_once: int) -> None:
        self._desk = desk
        self._library = library
        self._pool = pool
        self._turns = _Turns(at_once)

    def routes(self) -> list[Route]:
        return [
            Route("/", self._index, methods=["GET"]),
            Route("/page/{name}", self._file, methods=["GET"]),
            Route("/plotly.js", self._plotly, methods=["GET"]),
            Route("/ask/{question}", self._ask, methods=["POST"]),
            Route("/run", self._run, methods=["POST"]),
            Route("/export/{kind}", self._export, methods=["POST"]),
            Route("/library/{action}", self._saved, methods=["POST"]),
        ]

    async def _index(self, request: Request) -> Response:
        return _named("index.html")

    async def _file(self, request: Request) -> Response:
        return _named(request.path_params["name"])

    async def _plotly(self, request: Request) -> Response:
        script = await run_in_threadpool(_plotly)
        return Response(script, media_type=_KINDS[".js"], headers={"cache-control": "max-age=86400"})

    async def _ask(self, request: Request) -> Response:
        question = request.path_params["question"]
        return await _answered(request, lambda given: self._desk.ask(question, given))

    async def _saved(self, request: Request) -> Response:
        action = request.path_params["action"]

        def answer(given: Any) -> Any:
            id_ = given.get("id") if isinstance(given, Mapping) else None
            if action == "save":
                return self._library.save(given)
            if action == "get":
                return self._library.get(id_)
            if action == "delete":
                self._library.delete(id_)
            elif action != "list":
                raise PageError("the library cannot do that")
            return self._library.listed()

        return await _answered(request, answer)

    async def _export(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        given = await _given(request)
        if isinstance(given, Response):
            return given
        try:
            content = await run_in_threadpool(self._desk.exported, given, kind)
        except (ExperimentError, ScenarioError) as error:
            return JSONResponse(refusal(error), 400)
        name, media_type = FILES[kind]
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media_type, headers=headers)

    async def _run(self, request: Request) -> Response:
        given = await _given(request)
        if isinstance(given, Response):
            return given
        if self._turns.waiting >= WAITING:
            return JSONResponse(refusal(PageError(BUSY)), 503)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._events(given), media_type="text/event-stream", headers=headers)

    async def _events(self, given: Any) -> AsyncIterator[bytes]:
        """What happens in a run, as server-sent events. A tab that is closed closes this, which stops the run."""
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

        def tell(event: dict[str, Any] | None) -> None:
            with suppress(RuntimeError):  # the server has ended meanwhile
                loop.call_soon_threadsafe(told.put_nowait, event)

        run = _Run(self._desk, given, self._pool, self._turns, tell)
        threading.Thread(target=run.go, name="frontdoor run", daemon=True).start()
        try:
            while True:
                try:
                    event = await asyncio.wait_for(told.get(), BEAT)
                except TimeoutError:
                    yield b": still here\n\n"  # a tab that was closed is noticed when something is sent to it
                    continue
                if event is None:
                    return
                yield _sent(event)
        finally:
            run.stopped.set()


class _Turns:
    """Lets so many runs go on at once; the others wait."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.Semaphore(at_once)
        self.waiting = 0
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, stopped: threading.Event, tell: Tell) -> Iterator[bool]:
        """Wait for a turn and keep it while the body runs; give False when the run was stopped before."""
        mine = self._free.acquire(blocking=False)
        if not mine:
            with self._lock:
                self.waiting += 1
                before = self.waiting
            tell({"kind": "waiting", "before": before})
            try:
                while not mine and not stopped.is_set():
                    mine = self._free.acquire(timeout=LOOK)
            finally:
                with self._lock:
                    self.waiting -= 1
        try:
            yield mine and not stopped.is_set()
        finally:
            if mine:
                self._free.release()


class _Run:
    """A run in a thread of its own: it tells each event, and None when it has ended."""

    def __init__(self, desk: Desk, given: Any, pool: WorkerPool, turns: _Turns, tell: Tell) -> None:
        self.stopped = threading.Event()
        self._desk = desk
        self._given = given
        self._pool = pool
        self._turns = turns
        self._tell = tell

    def go(self) -> None:
        """Run until the end, or until it is stopped."""
        try:
            with self._turns.turn(self.stopped, self._tell) as mine:
                if mine:
                    self._simulate()
        except (ExperimentError, ScenarioError) as error:
            self._tell({"kind": "refused", **refusal(error)})
        except Exception as error:
            text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            self._tell({"kind": "refused", "error": f"The run could not go on ({text}).", "problems": []})
        finally:
            self._tell(None)

    def _simulate(self) -> None:
        with closing(self._desk.events(self._given, self._pool.until(self.stopped))) as events:
            for event in events:
                if self.stopped.is_set():
                    return
                self._tell(event)


def _sent(event: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(event, ensure_ascii=False, allow_nan=False)}\n\n".encode()


def _named(name: str) -> Response:
    held = _static().get(name)
    if held is None:
        return JSONResponse(refusal(PageError("the page has no such part")), 404)
    return Response(held[0], media_type=held[1], headers={"cache-control": "no-cache"})


async def _given(request: Request) -> Any:
    """The question as plain values, or the answer to one that is no JSON."""
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        return JSONResponse(refusal(PageError("the question cannot be read")), 400)


async def _answered(request: Request, answer: Any) -> Response:
    given = await _given(request)
    if isinstance(given, Response):
        return given
    try:
        return JSONResponse(await run_in_threadpool(answer, given))
    except (ExperimentError, ScenarioError) as error:
        return JSONResponse(refusal(error), 400)
