"""What of a daemon others get to see, by HTTP, in a file, in the dashboard and in Discord, and where covers come from:
on and off while it runs, as the settings say or as the person asks.

What is off is not even imported.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, cast

from gamedetectd.config.schema import Settings
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import Stop
from gamedetectd.worker import Worker

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.app.dashboard import DashboardService

log = logging.getLogger(__name__)

END_LIMIT = 2.0
"""Seconds one way out has to end."""
FOLLOWING = frozenset({"covers", "presence"})
"""Those that are woken when games start and end."""


class _Way(Protocol):
    """One way out, run by a worker of its own; ``look`` says what is wrong with it, None while all is well."""

    def run(self, stop: Stop) -> None: ...

    def look(self) -> Finding | None: ...


class Exposure:
    """The ways out of one daemon. For any thread."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._lock = threading.Lock()
        self._asked = False
        """Whether the person has opened the dashboard since the start."""
        self._running: dict[str, tuple[object, _Way, Worker]] = {}

    def apply(self, settings: Settings) -> None:
        """Start, end or start anew what these settings want otherwise."""
        with self._lock:
            self._apply(settings)

    def open_dashboard(self) -> str:
        """A link that lets one browser in, once; the dashboard is started where it is not there.

        Raises DashboardDownError.
        """
        with self._lock:
            self._asked = True
            self._apply(self._daemon.settings)
            way = self._running["dashboard"][1]
        return cast("DashboardService", way).link()

    def _apply(self, settings: Settings) -> None:
        http, metrics, dashboard = settings.http, settings.metrics, settings.dashboard
        self._run("http", http if http.enabled else None, lambda: self._http(settings))
        wanted = (metrics.textfile, metrics.textfile_interval, metrics.textfile_public) if metrics.textfile else None
        self._run("textfile", wanted, lambda: self._textfile(settings))
        asked = self._asked or dashboard.enabled
        self._run("dashboard", dashboard if asked else None, lambda: self._dashboard(settings))
        self._run("covers", settings.covers if settings.covers.enabled else None, lambda: self._covers(settings))
        self._run(
            "presence", settings.presence if settings.presence.discord else None, lambda: self._presence(settings)
        )

    def stop(self) -> None:
        """End all of it."""
        with self._lock:
            for name in list(self._running):
                self._end(name)

    def findings(self) -> Iterator[Finding]:
        """Why a way out does not work, for health."""
        for _, way, _ in tuple(self._running.values()):
            if (finding := way.look()) is not None:
                yield finding

    def _run(self, name: str, wanted: object, make: Callable[[], _Way]) -> None:
        current = self._running.get(name)
        if (current[0] if current is not None else None) == wanted:
            return
        self._end(name)
        if wanted is not None:
            way = make()
            worker = Worker(name, way.run, self._daemon.watchdog.troubled)
            self._running[name] = (wanted, way, worker)
            self._daemon.workers = [*self._daemon.workers, worker]
            worker.start()
            if name in FOLLOWING:
                self._daemon.actions.followers[name] = worker.wake

    def _end(self, name: str) -> None:
        _, _, worker = self._running.pop(name, (None, None, None))
        if worker is None:
            return
        self._daemon.actions.followers.pop(name, None)
        worker.stop()
        if not worker.join(END_LIMIT):
            log.warning("%s did not end in time", worker.name)
        self._daemon.workers = [one for one in self._daemon.workers if one is not worker]

    def _http(self, settings: Settings) -> _Way:
        from gamedetectd.app.http import HttpService

        return HttpService(self._daemon, settings.http, self._daemon.monitor.wake)

    def _textfile(self, settings: Settings) -> _Way:
        from gamedetectd.app.textfile import Textfile

        return Textfile(settings.metrics, self._daemon.numbers.families, self._daemon.monitor.wake)

    def _dashboard(self, settings: Settings) -> _Way:
        from gamedetectd.app.dashboard import DashboardService

        return DashboardService(self._daemon, settings.dashboard, self._daemon.monitor.wake)

    def _covers(self, settings: Settings) -> _Way:
        from gamedetectd.app.covers import CoverService

        return CoverService(self._daemon, settings.covers, self._daemon.monitor.wake)

    def _presence(self, settings: Settings) -> _Way:
        from gamedetectd.app.presence import PresenceService

        return PresenceService(self._daemon, settings.presence, self._daemon.monitor.wake)
