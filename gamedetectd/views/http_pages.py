"""The pages there are over HTTP: what monitoring reads. A page is a row in ``PAGES``; a dashboard is more rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Executor
from types import MappingProxyType
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gamedetectd.errors import GamedetectdError
from gamedetectd.views.exposition import expose
from gamedetectd.views.metrics import Family


class Content(Protocol):
    """What the pages show. Called in a thread that may wait a second or so."""

    def not_ready(self) -> tuple[str, ...]:
        """What keeps the daemon from its job, as codes of conditions; empty while it does it."""
        ...

    def status(self) -> bytes:
        """What ``status --json`` prints. Raises ControlError where the engine is too busy to say."""
        ...

    def metrics(self) -> Iterable[Family]:
        """Every metric as it is now."""
        ...


Page = Callable[[Content, Request], Response]


def _alive(_content: Content, _request: Request) -> Response:
    return PlainTextResponse("ok\n")


def _ready(content: Content, _request: Request) -> Response:
    codes = content.not_ready()
    text = "not ready: " + ", ".join(codes) if codes else "ready"
    return PlainTextResponse(text + "\n", 503 if codes else 200)


def _metrics(content: Content, request: Request) -> Response:
    kind, text = expose(content.metrics(), request.headers.get("accept", ""))
    return Response(text, headers={"content-type": kind})


def _status(content: Content, _request: Request) -> Response:
    return Response(content.status(), media_type="application/json")


PAGES: Mapping[str, Page] = MappingProxyType(
    {"/healthz": _alive, "/readyz": _ready, "/metrics": _metrics, "/api/v1/status": _status}
)


def application(content: Content, threads: Executor) -> Starlette:
    """The pages as an ASGI application; each is made in one of the ``threads``, so that none holds the others up."""

    def endpoint(page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await asyncio.get_running_loop().run_in_executor(threads, page, content, request)
            except GamedetectdError as error:
                return PlainTextResponse(f"{error}\n", 503, {"retry-after": "5"})

        return answer

    pages = Starlette(routes=[Route(path, endpoint(page), methods=["GET"]) for path, page in PAGES.items()])
    pages.router.redirect_slashes = False  # what is not there is not there
    return pages
