"""HTTP for monitoring, connected to a daemon: imported once somebody switched it on, and nothing of it before."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import msgspec

from gamedetectd.app.checks.exposure import HTTP_DOWN, TOKEN_UNUSABLE
from gamedetectd.config.outward import Http
from gamedetectd.control.wire import printable
from gamedetectd.domain import Severity
from gamedetectd.errors import GamedetectdError, HttpError, PermissionsError, TokenError
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import AuditTrail, Stop
from gamedetectd.observability.correlation import correlation
from gamedetectd.security.tokens import load_token
from gamedetectd.views.http_guard import Guard, Refusal, our_addresses
from gamedetectd.views.http_pages import PAGES, application
from gamedetectd.views.http_server import HttpServer, listen
from gamedetectd.views.metrics import Family
from gamedetectd.worker import rest

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

HOSTS = {"ipv4": ("127.0.0.1",), "ipv6": ("::1",), "both": ("127.0.0.1", "::1")}
NAMES = ("127.0.0.1", "localhost", "[::1]")
"""What may be called for: the addresses as a URL spells them, and the one name that is always this computer's own."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds before it is tried again: doubled each time, up to the longest."""
ENGINE_LIMIT = 1.0
"""Seconds the engine has for its part of the status."""
STOP_LIMIT = 1.5
"""Seconds the server has to end."""
WARN_EVERY = 60.0
"""Seconds between two lines in the log about what was refused."""
THREADS = 2
"""Pages that are made at the same time."""


class HttpService:
    """Give ``run`` to a Worker. ``trouble`` says why nobody can ask, None while all is well; ``changed`` is told."""

    def __init__(self, daemon: Daemon, settings: Http, changed: Callable[[], None]) -> None:
        self.trouble: Finding | None = None
        self.server: HttpServer | None = None
        """The one at work, or the last that was."""
        self._daemon = daemon
        self._settings = settings
        self._changed = changed
        self._audit: AuditTrail = daemon.audit
        self._warned_at: float | None = None

    def run(self, stop: Stop) -> None:
        """Serve until stopped. What is in the way is told by health, and tried again."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                with self._serving() as ear:
                    self._note(None)
                    pause = FIRST_PAUSE
                    _until_stopped(ear, stop)
            except (HttpError, TokenError, PermissionsError) as error:
                self._note(error)
                rest(stop, pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    @contextmanager
    def _serving(self) -> Iterator[socket.socket]:
        """The server at work; what is yielded can be read once it ended by itself."""
        port = self._settings.port
        token = load_token(self._daemon.paths.http_token_file)
        with ExitStack() as keep:
            ear, bell = (keep.enter_context(end) for end in socket.socketpair())
            threads = ThreadPoolExecutor(THREADS, "http-page")
            keep.callback(threads.shutdown, wait=False, cancel_futures=True)
            guard = Guard(
                application(self, threads), PAGES, our_addresses(NAMES, port), token, self._count, self._refused
            )
            self.server = server = HttpServer(guard, self._not_heard, lambda: bell.close())  # noqa: PLW0108 - closed: ear is readable
            server.start(listen(HOSTS[self._settings.listen], port))
            keep.callback(server.stop, STOP_LIMIT)
            log.info("HTTP for monitoring is answered on port %d", port)
            yield ear

    def look(self) -> Finding | None:
        """Why nobody can ask, also where the server hangs; asked now and then."""
        server = self.server
        if self.trouble is None and server is not None and not server.comes_back():
            return Finding(HTTP_DOWN, "Its thread does not come back.")
        return self.trouble

    def _note(self, error: GamedetectdError | None) -> None:
        """Say what changed, once."""
        before = self.trouble
        if error is None:
            self.trouble = None
        else:
            self.trouble = Finding(HTTP_DOWN if isinstance(error, HttpError) else TOKEN_UNUSABLE, error.cause)
        if self.trouble != before:
            self._changed()

    # --- what is told of requests; in the server's thread ---

    def _count(self, path: str, status: int) -> None:
        self._daemon.numbers.answers[path, status] += 1

    def _refused(self, refusal: Refusal) -> None:
        self._not_heard(refusal.reason)
        if refusal.reason == "token":
            self._audit.record("token-refused", f"HTTP: {refusal.text}", success=False, channel="http")

    def _not_heard(self, reason: str) -> None:
        refusals = self._daemon.numbers.refusals
        refusals[reason] += 1
        now = time.monotonic()
        if self._warned_at is None or now - self._warned_at >= WARN_EVERY:
            self._warned_at = now
            with correlation():
                log.warning("HTTP refused a request (%s); %d were refused since the start", reason, refusals.total())

    # --- what the pages show (``http_pages.Content``); in a page's thread ---

    def not_ready(self) -> tuple[str, ...]:
        conditions = self._daemon.conditions
        return tuple(dict.fromkeys(one.code for one in conditions if one.severity is Severity.ERROR))

    def status(self) -> bytes:
        engine = self._daemon.engine
        with correlation():
            engine.call(engine.core.advance, ENGINE_LIMIT)
            row = self._daemon.standing.status()
        try:
            return msgspec.json.encode(row)
        except UnicodeEncodeError:  # a file name's bytes that are no text
            return msgspec.json.encode(printable(msgspec.to_builtins(row)))

    def metrics(self) -> tuple[Family, ...]:
        return self._daemon.numbers.families()


def _until_stopped(ear: socket.socket, stop: Stop) -> None:
    """Sleep while the server serves. Raises HttpError when it ended by itself."""
    while not stop.is_set():
        if stop.select([ear], None):
            raise HttpError("The HTTP server ended by itself.", "Nothing needs to be done: it is started again.")
