"""The dashboard as an ASGI application: each page and deed is made in a thread, so that none holds the others up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from contextlib import suppress
from hmac import compare_digest
from pathlib import Path
from typing import BinaryIO

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from gamedetectd.errors import DashboardError, GamedetectdError, NotFoundError
from gamedetectd.i18n import _
from gamedetectd.platforms.loopback_peer import of_another_account
from gamedetectd.views.dashboard.asked import Asked, Fields, fields
from gamedetectd.views.dashboard.content import Content
from gamedetectd.views.dashboard.deeds import DEEDS
from gamedetectd.views.dashboard.guard import ENTRANCE, FILES, NO_VISITOR
from gamedetectd.views.dashboard.live import Live
from gamedetectd.views.dashboard.pages import PAGES
from gamedetectd.views.dashboard.paint import FOLDER, Painter
from gamedetectd.views.dashboard.visitors import Visitors

WORD = "word"
"""The field of every form that holds the visitor's word; a file comes with it as a header."""
WORD_HEADER = "x-gamedetectd-word"
LIVE = "/live"
STATIC = {"/dashboard.css": "text/css", "/dashboard.js": "text/javascript", "/icon.svg": "image/svg+xml"}

Spool = Callable[[], tuple[Path, BinaryIO]]
"""Makes a file for this account alone, for what is sent to us; whoever asks for it deletes it."""
Refused = Callable[[str], None]


class Application:
    """``asgi`` answers. ``cookie`` is the cookie's name; ``refused`` is told in a few words of links that let nobody in
    and of forms that are none of ours.
    """

    def __init__(
        self,
        content: Content,
        visitors: Visitors,
        live: Live,
        threads: Executor,
        spool: Spool,
        cookie: str,
        refused: Refused,
    ) -> None:
        self._content, self._visitors, self._live = content, visitors, live
        self._threads, self._spool, self._cookie, self._refused = threads, spool, cookie, refused
        self._painter = Painter()
        self.asgi = Starlette(
            routes=[
                Route(ENTRANCE, self._enter, methods=["GET"]),
                Route(LIVE, self._stream, methods=["GET"]),
                *(Route(path, _static(path, kind), methods=["GET"]) for path, kind in STATIC.items()),
                *(Route(path, self._page, methods=["GET"]) for path in PAGES),
                *(Route(path, self._deed, methods=["POST"]) for path in DEEDS),
                Route("/{path:path}", self._nowhere, methods=["GET"]),
            ]
        )
        self.asgi.router.redirect_slashes = False

    async def _enter(self, request: Request) -> Response:
        """Let in whoever has a link that was not used yet; no other account, which may have read it where everybody
        can: the browser's command line.
        """
        if of_another_account(request.scope["client"], request.scope["server"]):
            self._refused("a browser of another account")
            return PlainTextResponse(NO_VISITOR.text + "\n", 403)
        visitor = self._visitors.admit(request.query_params.get("code", ""))
        if visitor is None:
            self._refused("a link that was used, is too old or is none of ours")
            return PlainTextResponse(NO_VISITOR.text + "\n", 403)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._cookie, visitor.cookie, httponly=True, samesite="strict", path="/")
        return answer

    async def _stream(self, _request: Request) -> Response:
        if self._live.full():
            return PlainTextResponse("Too many pages are open.\n", 503, {"retry-after": "30"})
        return StreamingResponse(self._live.stream(), media_type="text/event-stream")

    async def _page(self, request: Request) -> Response:
        return await self._made(request, lambda asked: PAGES[asked.path](self._content, self._painter, asked))

    async def _nowhere(self, request: Request) -> Response:
        def nothing(_asked: Asked) -> Response:
            raise NotFoundError(_("There is no such page."), _("The pages there are stand above."))

        return await self._made(request, nothing)

    async def _deed(self, request: Request) -> Response:
        """Do what a form of ours says. Its word is looked at before anything else."""
        visitor = request.state.visitor
        file: Path | None = None
        form: Fields = {}
        try:
            if request.url.path.startswith(FILES):
                word = request.headers.get(WORD_HEADER, "")
                if compare_digest(word.encode(), visitor.word.encode()):
                    file = await self._receive(request)
            else:
                form = fields(await request.body())
                word = "".join(form.get(WORD, ()))
            if not compare_digest(word.encode(), visitor.word.encode()):
                self._refused("a form that is none of ours")
                return PlainTextResponse("That form is none of ours. Open the page again.\n", 403)
            return await self._made(
                request, lambda asked: DEEDS[asked.path](self._content, self._painter, asked), form, file
            )
        except (DashboardError, ClientDisconnect):
            return PlainTextResponse("That is no form of ours.\n", 400)
        finally:
            if file is not None:
                with suppress(OSError):
                    file.unlink()

    async def _receive(self, request: Request) -> Path:
        """A file that is sent, as it comes; the guard has seen to its size."""
        loop = asyncio.get_running_loop()
        path, file = await loop.run_in_executor(self._threads, self._spool)
        with file:
            async for piece in request.stream():
                await loop.run_in_executor(self._threads, file.write, piece)
        return path

    async def _made(
        self, request: Request, make: Callable[[Asked], Response], form: Fields | None = None, file: Path | None = None
    ) -> Response:
        visitor = request.state.visitor

        def work() -> Response:
            asked = Asked(request.url.path, visitor, form=form or {}, file=file)
            try:
                return make(Asked(asked.path, visitor, fields(request.url.query.encode()), form or {}, file))
            except GamedetectdError as error:
                return self._problem(asked, error)

        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _problem(self, asked: Asked, error: GamedetectdError) -> Response:
        status = 404 if isinstance(error, NotFoundError) else 400 if isinstance(error, DashboardError) else 503
        text = self._painter.page("problem", asked.path, asked.visitor, 0.0, error=error, title=_(error.title))
        return HTMLResponse(text, status)


def _static(path: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    file = FOLDER / "static" / path.lstrip("/")

    async def answer(_request: Request) -> Response:
        return Response(
            file.read_bytes(), headers={"content-type": f"{kind}; charset=utf-8", "cache-control": "no-cache"}
        )

    return answer
