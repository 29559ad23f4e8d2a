"""Keeps the daemon honest towards whoever supervises it, and decides what becomes of it when a part is given up.

It ticks on the health monitor's looks: a sign of life is sent only after the monitor looked at everything and the
engine answered since the last one. Where nobody supervises us, nothing of this costs a thing.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from gamedetectd.domain import Facts, Instant, Observation, Resync, Severity
from gamedetectd.engine.core import Events
from gamedetectd.errors import PartFailedError
from gamedetectd.health.conditions import overall
from gamedetectd.observability.redaction import redact
from gamedetectd.platforms.service_manager import ServiceManager
from gamedetectd.worker import Worker, WorkerState

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.engine.loop import Record

ESSENTIAL = frozenset({"engine", "facts", "processes", "health"})
"""Workers without which no game is recognised, or nobody would say so: with one of them given up, the supervised
daemon ends, to be started again. Unsupervised it goes on: what runs is journalled, and the tray says what is wrong."""
STATUS_LONGEST = 200
"""Characters of the one line that says how we are."""


class Watchdog:
    """One daemon's. ``manager`` is who supervises it, if anybody."""

    def __init__(self, daemon: Daemon, manager: ServiceManager | None = None) -> None:
        self.failed: PartFailedError | None = None
        """Why the daemon ended itself."""
        self._daemon = daemon
        self._manager = manager
        self._watching = False
        self._ready = False
        self._answered = True
        self._next = -math.inf
        self._status = ""

    # --- workers ---

    def troubled(self, worker: Worker) -> None:
        """A worker crashed: have health look at once, and end where there is no going on. In the worker's thread."""
        self._daemon.monitor.wake()
        if worker.state is WorkerState.GAVE_UP and worker.name in ESSENTIAL and self._manager is not None:
            self.failed = PartFailedError(
                f"{worker.name} failed again and again, the last time with: {redact(worker.last_error)}.",
                "Whoever supervises gamedetectd starts it again. If it comes back, report it with: gamedetectd logs",
            )
            self._daemon.ask_to_stop("the watchdog")

    def try_again(self) -> int:
        """Start every worker again that was given up; how many there were."""
        return sum(worker.try_again() for worker in list(self._daemon.workers))

    # --- whoever supervises us ---

    def listening(self, record: Record) -> Record:
        """``record``, which also tells us when the processes were looked at for the first time."""
        if self._manager is None:
            return record

        def recorded(value: Observation | Facts) -> None:
            if not self._watching and isinstance(value, Resync):
                self._watching = True
                self._daemon.monitor.wake()
            record(value)

        return recorded

    def start(self) -> None:
        """Have the monitor tick us, often enough; call it before the monitor runs."""
        if self._manager is not None:
            self._daemon.monitor.looked = self.beat
            self._daemon.monitor.longest_rest = self._manager.watchdog / 2
            self._manager.when_gone(lambda: self._daemon.ask_to_stop("the end of its supervisor"))

    def beat(self) -> None:
        """The monitor looked at everything. Say that we are ready, alive and how, where there is news or it is time."""
        if self._manager is None or not self._watching:
            return
        news = []
        if not self._ready:
            self._ready = True
            news.append("READY=1")
        if (status := self._in_one_line()) != self._status:
            self._status = status
            news.append(f"STATUS={status}")
        now = time.monotonic()
        if self._answered and now >= self._next and not math.isinf(self._manager.watchdog):
            news += ["WATCHDOG=1", *self._memory()]
            self._next = now + self._manager.watchdog / 4
            self._answered = False
            self._daemon.engine.post(self._pong)
        if news:
            self._manager.tell(*news)

    def reload(self, by: str) -> None:
        """Have settings and rules read again, and say so before and after. ``by`` says who asked."""
        watcher, manager = self._daemon.watcher, self._manager if self._ready else None
        if manager is not None:
            manager.reloading()
        if watcher is not None:
            watcher.reload_now(by)
        if manager is not None:
            manager.tell("READY=1")

    def stopping(self) -> None:
        """The end has begun."""
        if self._manager is not None:
            self._manager.tell("STOPPING=1")

    def _pong(self, _at: Instant) -> Events:
        self._answered = True
        return ()

    def _memory(self) -> list[str]:
        latest = self._daemon.vitals.latest
        return [f"X_MEMORY={latest.rss_bytes}"] if latest is not None else []

    def _in_one_line(self) -> str:
        daemon = self._daemon
        titles = [redact(session.game.title) for session in daemon.engine.core.machine.sessions]
        played = f"Playing {', '.join(titles)}" if titles else "No game is played"
        if daemon.engine.paused_until is not None:
            played = "Paused"
        errors = [one.title for one in daemon.conditions if one.severity is not Severity.INFO]
        line = f"{played}; {overall(daemon.conditions)}" + (f": {errors[0]}" if errors else "")
        return " ".join(line.split())[:STATUS_LONGEST]
