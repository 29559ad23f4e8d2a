"""What health looks at in a running daemon: one table of probes over the rooms.

The conditions themselves are declared in ``health.conditions``. To add a check, add a row there and one in ``table``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from gamedetectd.errors import GamedetectdError
from gamedetectd.health import conditions as codes
from gamedetectd.health.conditions import Finding
from gamedetectd.health.monitor import Probe
from gamedetectd.health.probes import disk_findings, problem_finding, sensor_findings, worker_findings

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon


class Checks:
    """The probes of one daemon. They run in the monitor's thread, one after the other."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._overflows = 0.0

    def table(self) -> tuple[Probe, ...]:
        """Every check there is."""
        daemon = self._daemon
        directories = (daemon.paths.data, daemon.paths.log, daemon.paths.state)
        return (
            Probe("workers", lambda: worker_findings(worker.status() for worker in daemon.workers)),
            Probe("sensors", lambda: sensor_findings(daemon.sensors)),
            Probe("disk", lambda: disk_findings(directories)),
            Probe("log", lambda: problem_finding(codes.LOG_UNWRITABLE, daemon.logging.problem())),
            Probe("history", self._history),
            Probe("journal", lambda: problem_finding(codes.JOURNAL_UNWRITABLE, daemon.engine.journal_problem)),
            Probe("sinks", self._sinks),
            Probe("facts", self._facts),
            Probe("control", lambda: problem_finding(codes.CONTROL_DOWN, daemon.server.probe())),
            Probe("settings", self._settings),
            Probe("queue", self._queue),
            Probe("library", self._library),
            Probe("catalogue", self._catalogue),
            Probe("notifications", self._notifications),
            Probe("tray", lambda: [daemon.tray_trouble] if daemon.tray_trouble is not None else []),
        )

    def _history(self) -> Iterator[Finding]:
        """Whether play time can be kept; also the moment for the daily backup."""
        history = self._daemon.history
        yield from problem_finding(codes.HISTORY_UNWRITABLE, self._daemon.engine.problem)
        yield from problem_finding(codes.HISTORY_RESTORED, history.mended)
        try:
            history.backup()
        except GamedetectdError as error:
            yield from problem_finding(codes.HISTORY_UNWRITABLE, error, "backup")

    def _sinks(self) -> Iterator[Finding]:
        for runner in self._daemon.sinks:
            status = runner.status()
            if status.failing_since is not None:
                yield Finding(codes.SINK_FAILING, f"{status.name}: {status.last_error}", status.name)

    def _facts(self) -> Iterator[Finding]:
        for kind, status in self._daemon.facts.status().items():
            if status.stuck:
                yield Finding(codes.FACTS_STUCK, f"Looking for {kind.replace('_', ' ')} does not come back.", kind)

    def _settings(self) -> Iterator[Finding]:
        news = self._daemon.news
        for problem in news.problems:
            code = codes.RULES_INVALID if problem.file == str(self._daemon.paths.rules_file) else codes.SETTINGS_INVALID
            yield Finding(code, str(problem), f"{problem.file}:{problem.line}:{problem.key}")
        if news.needs_restart:
            yield Finding(codes.RESTART_NEEDED, f"Changed: {', '.join(news.needs_restart)}.")

    def _notifications(self) -> Iterator[Finding]:
        return problem_finding(codes.NOTIFICATIONS_UNAVAILABLE, self._daemon.notifications.trouble or None)

    def _catalogue(self) -> Iterator[Finding]:
        return problem_finding(codes.CATALOGUE_DAMAGED, self._daemon.machine.catalogue.room.problem())

    def _library(self) -> Iterator[Finding]:
        library = self._daemon.machine.library
        yield from problem_finding(codes.SENSOR_FALLBACK, library.degraded_reason, "library")
        for store, problems in groupby(library.problems(), key=itemgetter(0)):
            places = [problem.place for _, problem in problems]
            yield Finding(codes.STORE_UNREADABLE, f"{store}: {len(places)} (first: {places[0]})", store)

    def _queue(self) -> Iterator[Finding]:
        overflows = self._daemon.engine.counters()["queue_overflows"]
        if overflows > self._overflows:
            yield Finding(codes.QUEUE_OVERFLOW, "Many processes started or ended within a moment.")
        self._overflows = overflows
