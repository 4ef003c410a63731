"""What stands before the page: who may ask, and how much. A request that fails is answered in one sentence.

Only a browser on this machine that was given the address may ask. The Host has to be this machine's own name, so that a
name which somebody else points here is no way in. The address holds a random token. What changes anything has to come
from the page itself (Origin), as JSON, and within a size.
"""

from __future__ import annotations

import json
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LARGEST_REQUEST", "POLICY", "Guard"]

LARGEST_REQUEST: Final = 20_000_000
"""Bytes of a question: a file of 1 MB, or a saved picture, as JSON."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: what this server gives, and nothing else. Plotly needs styles of its own."""
_HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_LOST: Final = "Open the address that frontdoor serve printed, with everything after the last stroke."
_TOO_LARGE: Final = "This is larger than 4 MB."


class Guard:
    """ASGI middleware. `port` is that of the server; paths begin with `/token`."""

    def __init__(self, app: ASGIApp, *, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with what is wrong."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self._refused(scope)
        if refused is not None:
            await _say(send, *refused)
            return
        scope = {**scope, "path": scope["path"][len(self._token) + 1 :], "raw_path": None}
        body = await _body(receive)
        if body is None:
            await _say(send, 413, _TOO_LARGE)
            return

        async def held() -> Message:
            nonlocal body
            if body is None:
                return await receive()
            message: Message = {"type": "http.request", "body": body, "more_body": False}
            body = None
            return message

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                more = [(name, value) for name, value in _HEADERS if name not in names]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self._app(scope, held, headed)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get(b"host", "") not in self._hosts:
            return 421, "This page answers to 127.0.0.1 and localhost alone."
        first = scope["path"].split("/")[1] if scope["path"].startswith("/") else ""
        if not compare_digest(first.encode(), self._token.encode()):
            return 403, _LOST
        if scope["path"] == f"/{self._token}":
            return 404, _LOST
        if scope["method"] == "GET":
            return None
        if scope["method"] != "POST":
            return 405, "This is not asked so."
        if headers.get(b"origin", "") not in self._origins:
            return 403, "This was not asked by the page itself."
        if headers.get(b"content-type", "").split(";")[0].strip() != "application/json":
            return 415, "Questions are asked as JSON."
        length = headers.get(b"content-length", "0")
        if not length.isdigit():
            return 400, "The length of the question cannot be read."
        if int(length) > LARGEST_REQUEST:
            return 413, _TOO_LARGE
        return None


async def _body(receive: Receive) -> bytes | None:
    """The whole question; None as soon as it is larger than it may be."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > LARGEST_REQUEST:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def _say(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"error": sentence, "problems": []}).encode()
    headers = [
        (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"), *_HEADERS,
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
