"""What of a daemon monitoring gets to see, by HTTP and in a file: on and off as the settings say, while it runs.

What is off is not even imported.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from gamedetectd.config.schema import Settings
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import Stop
from gamedetectd.worker import Worker

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

END_LIMIT = 2.0
"""Seconds one way out has to end."""


class _Way(Protocol):
    """One way out, run by a worker of its own; ``look`` says what is wrong with it, None while all is well."""

    def run(self, stop: Stop) -> None: ...

    def look(self) -> Finding | None: ...


class Exposure:
    """The ways out of one daemon. ``apply`` and ``stop`` are called by one thread at a time."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._running: dict[str, tuple[object, _Way, Worker]] = {}

    def apply(self, settings: Settings) -> None:
        """Start, end or start anew what these settings want otherwise."""
        http, metrics = settings.http, settings.metrics
        self._run("http", http if http.enabled else None, lambda: self._http(settings))
        wanted = (metrics.textfile, metrics.textfile_interval, metrics.textfile_public) if metrics.textfile else None
        self._run("textfile", wanted, lambda: self._textfile(settings))

    def stop(self) -> None:
        """End all of it."""
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

    def _end(self, name: str) -> None:
        _, _, worker = self._running.pop(name, (None, None, None))
        if worker is None:
            return
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
