"""The dashboard, connected to a daemon: imported once somebody opened it or switched it on, and nothing of it before.

It listens from when it is opened until nobody has looked at it for a while, unless the settings say always.
"""

from __future__ import annotations

import logging
import math
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gamedetectd.app.checks.exposure import DASHBOARD_DOWN
from gamedetectd.app.dashboard_content import DashboardContent
from gamedetectd.config.outward import Dashboard
from gamedetectd.errors import DashboardDownError, HttpError
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import Stop
from gamedetectd.observability.correlation import correlation
from gamedetectd.platforms.permissions import ensure_private_dir, open_private
from gamedetectd.views.dashboard.application import Application
from gamedetectd.views.dashboard.guard import ENTRANCE, LARGEST_FILE, DashboardGuard, cookie_name
from gamedetectd.views.dashboard.live import Live
from gamedetectd.views.dashboard.visitors import Visitors
from gamedetectd.views.http_guard import Refusal, our_addresses
from gamedetectd.views.http_server import REQUEST_LIMIT, HttpServer, Manners, listen
from gamedetectd.worker import StopSignal, rest

if TYPE_CHECKING:
    from collections.abc import Callable

    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
IDLE_SECONDS = 900.0
"""Without a request or an open page after which it ends, where the settings do not say always."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before it is tried again: doubled each time, up to the longest."""
START_LIMIT = 20.0
"""Seconds that whoever opens it waits for it to listen."""
STOP_LIMIT = 1.5
THREADS = 3
"""Pages that are made at the same time."""
STREAM_SECONDS = 3_600.0
"""For which an open page is told of news; it comes back by itself."""
WARN_EVERY = 60.0


class DashboardService:
    """Give ``run`` to a Worker. ``trouble`` says why it cannot be opened; ``changed`` is told."""

    def __init__(self, daemon: Daemon, settings: Dashboard, changed: Callable[[], None]) -> None:
        self.trouble: Finding | None = None
        self.server: HttpServer | None = None
        self._daemon = daemon
        self._settings = settings
        self._changed = changed
        self._visitors = Visitors()
        self._ready = threading.Condition()
        self._port = 0
        """Where it listens now; 0 while it does not."""
        self._asked = settings.enabled
        self._used_at = -math.inf
        self._warned_at = -math.inf
        self._signal: StopSignal | None = None

    def link(self) -> str:
        """A link that lets one browser in, once, as soon as it listens. Raises DashboardDownError."""
        with self._ready:
            self._asked, self._used_at = True, time.monotonic()
            if self._signal is not None:
                self._signal.wake()
            listens = self._ready.wait_for(lambda: self._port or self.trouble is not None, START_LIMIT)
            if listens and self._port:
                return f"http://{HOST}:{self._port}{ENTRANCE}?code={self._visitors.invite()}"
            trouble = self.trouble
        raise DashboardDownError(
            trouble.message if trouble is not None else "Its server did not start in time.",
            "Choose another port, or any that is free: gamedetectd config set dashboard.port 0",
        )

    def run(self, stop: Stop) -> None:
        """Serve whenever it was asked for, until stopped. What is in the way is told by health, and tried again."""
        self._signal = stop if isinstance(stop, StopSignal) else None
        pause = FIRST_PAUSE
        while not stop.is_set():
            if not self._asked:
                stop.wait(None)
                continue
            try:
                with self._serving() as (ear, live):
                    self._note(None)
                    pause = FIRST_PAUSE
                    self._until_over(ear, live, stop)
            except HttpError as error:
                self._note(Finding(DASHBOARD_DOWN, error.cause))
                rest(stop, pause)
                pause = min(LONGEST_PAUSE, pause * 2)
        self._visitors.forget()

    def look(self) -> Finding | None:
        """Why it cannot be opened, also where its server hangs; asked now and then."""
        server = self.server
        if self.trouble is None and self._port and server is not None and not server.comes_back():
            return Finding(DASHBOARD_DOWN, "Its thread does not come back.")
        return self.trouble

    @contextmanager
    def _serving(self) -> Iterator[tuple[socket.socket, Live]]:
        """The server at work; what is yielded can be read once it ended by itself."""
        sockets = listen((HOST,), self._settings.port)
        port: int = sockets[0].getsockname()[1]
        with ExitStack() as keep:
            ear, bell = (keep.enter_context(end) for end in socket.socketpair())
            threads = ThreadPoolExecutor(THREADS, "dashboard-page")
            keep.callback(threads.shutdown, wait=False, cancel_futures=True)
            live, cookie = Live(), cookie_name(port)
            content = DashboardContent(self._daemon)
            application = Application(content, self._visitors, live, threads, self._spool, cookie, self._stranger)
            guard = DashboardGuard(
                application.asgi, our_addresses(NAMES, port), cookie, self._visitors, self._used, self._refused
            )
            manners = Manners(STREAM_SECONDS, LARGEST_FILE + REQUEST_LIMIT, bodies=True)
            self.server = server = HttpServer(guard, self._not_heard, lambda: bell.close(), manners)  # noqa: PLW0108 - closed: ear is readable
            server.start(sockets)
            keep.callback(server.stop, STOP_LIMIT)
            keep.callback(live.end)
            keep.callback(self._listens, 0)
            self._daemon.changed.add(live.tell)
            keep.callback(self._daemon.changed.remove, live.tell)
            self._listens(port)
            log.info("the dashboard is answered on port %d", port)
            yield ear, live

    def _until_over(self, ear: socket.socket, live: Live, stop: Stop) -> None:
        """Sleep while it is looked at. Raises HttpError when the server ended by itself."""
        while not stop.is_set():
            left = None if self._settings.enabled else self._left(live)
            if left == 0.0:
                log.info("nobody looks at the dashboard any more: it is closed")
                return
            if stop.select([ear], left):
                raise HttpError("The dashboard's server ended by itself.", "It is started again.")

    def _left(self, live: Live) -> float:
        """Seconds until it ends; 0 where it is over, from which moment on no link is given out for this time."""
        with self._ready:
            if live.listeners:
                self._used_at = time.monotonic()
            left = max(0.0, self._used_at + IDLE_SECONDS - time.monotonic())
            if left == 0.0:
                self._asked, self._port = False, 0
                self._visitors.forget()
            return left

    def _listens(self, port: int) -> None:
        with self._ready:
            self._port = port
            self._ready.notify_all()

    def _note(self, trouble: Finding | None) -> None:
        before = self.trouble
        with self._ready:
            self.trouble = trouble
            self._ready.notify_all()
        if trouble != before:
            self._changed()

    def _spool(self) -> tuple[Path, BinaryIO]:
        """A file that only this account can read, for what the browser sends."""
        folder = self._daemon.paths.cache
        ensure_private_dir(folder)
        path = folder / f"import-{secrets.token_hex(8)}"
        return path, os.fdopen(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")

    # --- what is told of requests; in the server's thread ---

    def _used(self) -> None:
        self._used_at = time.monotonic()

    def _refused(self, refusal: Refusal) -> None:
        self._not_heard(refusal.reason)
        if refusal.reason == "token":
            self._stranger("somebody without a link")

    def _stranger(self, who: str) -> None:
        self._daemon.audit.record("token-refused", f"Dashboard: {who}.", success=False, channel="dashboard")

    def _not_heard(self, reason: str) -> None:
        self._daemon.numbers.refusals[reason] += 1
        now = time.monotonic()
        if now - self._warned_at >= WARN_EVERY:
            self._warned_at = now
            with correlation():
                log.warning("the dashboard refused a request (%s)", reason)
