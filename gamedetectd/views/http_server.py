"""The HTTP server: uvicorn in a thread of its own, on the loopback only, that sleeps while nobody asks.

uvicorn's own server ticks ten times a second and lets a client take any time; here nothing ticks, a connection carries
one request and is over within seconds, and there is room for the next one whoever holds the others. ``Manners`` says
what a server of pages for people allows beyond that.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from gamedetectd.errors import HttpError
from gamedetectd.observability.faults import catch_loop_faults
from gamedetectd.views.http_guard import HEADERS, Bucket

LIFE = 10.0
"""Seconds a connection lasts at most, from the first byte asked to the last one answered."""
REQUEST_LIMIT = 8_192
"""Bytes a request may have: no more than so much is taken from a connection."""
MOST_WAITING = 128
"""Connections that have not asked for anything yet; for one more, the oldest of them is cut off."""
BACKLOG = 128
"""Connections the kernel keeps waiting."""
AT_ONCE = 16
"""Connections taken in one turn of the loop: few enough that a turn or two cut off nobody who asks at once."""
ARRIVALS = (100.0, 200.0)
"""Connections a second that are taken in the long run and at once; who comes faster waits."""
GRACE = 1.0
"""Seconds that answers under way have at the end."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What one connection may do: ``life`` is seconds from its request to the end of the answer (what comes before
    has ``LIFE``, and both together where it is None), ``size`` the bytes it may send (headers have ``REQUEST_LIMIT``
    in any case), ``bodies`` whether a request may have one.
    """

    life: float | None = None
    size: int = REQUEST_LIMIT
    bodies: bool = False


class _State(ServerState):
    """What all connections of one server share."""

    def __init__(self, refused: Callable[[str], None], manners: Manners) -> None:
        super().__init__()
        self.refused = refused
        self.manners = manners
        self.waiting: dict[_Connection, None] = {}
        """Connections that asked for nothing yet, the oldest first."""
        self.arrivals = Bucket(*ARRIVALS)


class _Connection(H11Protocol):
    """One connection, one request, a few seconds."""

    server_state: _State
    _end: asyncio.TimerHandle | None = None
    _taken = 0
    """Bytes."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._end = self.loop.call_later(LIFE, transport.abort)
        state = self.server_state
        state.waiting[self] = None
        if len(state.waiting) > MOST_WAITING:
            oldest = next(iter(state.waiting))
            del state.waiting[oldest]
            oldest.transport.abort()
            state.refused("full")
        if not state.arrivals.take():
            threading.Event().wait(1.0 / ARRIVALS[0])  # everybody waits: a flood costs no more than so many a second

    def data_received(self, data: bytes) -> None:
        """Take what belongs to the one request; nothing after it is even looked at."""
        manners, known = self.server_state.manners, self.cycle is not None
        if self.transport.is_closing() or (known and not manners.bodies):
            return
        self._taken += len(data)
        if self._taken > manners.size:
            if known:
                self.transport.abort()
            else:
                self._refuse(b"431 Request Header Fields Too Large", b"That is too long.\n", "size")
            return
        super().data_received(data)
        if self.cycle is not None and not known:
            self.server_state.waiting.pop(self, None)
            if manners.life is not None and self._end is not None:
                self._end.cancel()
                self._end = self.loop.call_later(manners.life, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._end is not None:
            self._end.cancel()
        self.server_state.waiting.pop(self, None)
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it would say how we are made
        """Refuse what is no HTTP."""
        self._refuse(b"400 Bad Request", b"That is no HTTP.\n", "syntax")

    def _refuse(self, status: bytes, text: bytes, reason: str) -> None:
        """Answer what cannot be handed on, with the headers of every other answer, and hang up."""
        self.server_state.refused(reason)
        self.server_state.waiting.pop(self, None)
        length = str(len(text)).encode()
        lines = [b"HTTP/1.1 " + status, b"content-type: text/plain; charset=utf-8", b"content-length: " + length]
        lines += [name + b": " + value for name, value in HEADERS.items()]
        self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + text)
        self.transport.close()


class _Uvicorn(uvicorn.Server):
    """uvicorn without its tick: it ends when ``end`` is called, in the loop's thread."""

    def __init__(self, config: uvicorn.Config, refused: Callable[[str], None], manners: Manners) -> None:
        super().__init__(config)
        self.server_state = _State(refused, manners)
        self._ended = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(BACKLOG)  # asyncio takes one number for this and for how many it takes at once

    async def main_loop(self) -> None:
        await self._ended.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nobody new, give the answers under way ``GRACE`` seconds, and cut off who is still there then."""
        for server in self.servers:
            server.close()
        for one in sockets or ():
            one.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=GRACE)
        for connection in list(state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    def end(self) -> None:
        self._ended.set()


class HttpServer:
    """Serves ``app`` on the given sockets from ``start`` to ``stop``; ``broken`` is called if it ends by itself.

    ``refused`` is told, by a word of ``http_guard.REASONS``, of what never reaches ``app``; both in its thread.
    """

    def __init__(
        self, app: ASGIApp, refused: Callable[[str], None], broken: Callable[[], None], manners: Manners | None = None
    ) -> None:
        self._manners = manners or Manners()
        self._app = app
        self._refused = refused
        self._broken = broken
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: _Uvicorn | None = None
        self._stopping = False
        self._asked = False
        self._thread: threading.Thread | None = None

    def start(self, sockets: Sequence[socket.socket]) -> None:
        """Begin to serve; the sockets are closed at the end."""
        self._thread = threading.Thread(target=self._live, args=(list(sockets),), name="http-server", daemon=True)
        self._thread.start()

    def comes_back(self) -> bool:
        """Whether its loop has turned since this was asked last; True the first time, and where it does not run."""
        loop, asked = self._loop, self._asked
        if loop is None or not self._thread or not self._thread.is_alive():
            return True
        if not asked:
            self._asked = True
            with suppress(RuntimeError):  # closed a moment ago
                loop.call_soon_threadsafe(self._turned)
        return not asked

    def _turned(self) -> None:
        self._asked = False

    def stop(self, timeout: float) -> bool:
        """End within about ``GRACE`` seconds, the answers under way included; True if it has ended by then."""
        self._stopping = True
        loop, server = self._loop, self._server
        if loop is not None and server is not None and not loop.is_closed():
            with suppress(RuntimeError):  # closed a moment ago
                loop.call_soon_threadsafe(server.end)
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _live(self, sockets: list[socket.socket]) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._serve(sockets))
        finally:
            for one in sockets:
                one.close()
            if not self._stopping:
                self._broken()

    async def _serve(self, sockets: list[socket.socket]) -> None:
        loop = asyncio.get_running_loop()
        catch_loop_faults(loop)
        self._server = _Uvicorn(_config(self._app), self._refused, self._manners)
        self._loop = loop
        if not self._stopping:
            await self._server.serve(sockets)


def _config(app: ASGIApp) -> uvicorn.Config:
    """Without everything that is not asked for; what uvicorn logs as an error goes where our log goes."""
    return uvicorn.Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        backlog=AT_ONCE,
        h11_max_incomplete_event_size=REQUEST_LIMIT,
    )


def listen(hosts: Sequence[str], port: int) -> list[socket.socket]:
    """Sockets that listen on each of ``hosts``, which are addresses of the loopback. Raises HttpError."""
    sockets: list[socket.socket] = []
    try:
        for host in hosts:
            sockets.append(_listening(host, port))
    except OSError as error:
        for one in sockets:
            one.close()
        raise HttpError(
            f"{f'[{host}]' if ':' in host else host}:{port} cannot be listened on ({error.strerror or error}).",
            "Choose another port: gamedetectd config set http.port NUMBER. It tries again by itself.",
        ) from error
    return sockets


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":  # there, REUSEADDR would let any program take our port from us
            one.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind((host, port))
        one.listen(BACKLOG)
    except BaseException:
        one.close()
        raise
    return one
