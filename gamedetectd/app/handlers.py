"""What the daemon answers on its control channel: one method a command, listed in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

import gamedetectd
from gamedetectd.app.audit import noted_by_command
from gamedetectd.app.history_changes import HistoryChanges
from gamedetectd.app.screen_leave import ScreenLeave
from gamedetectd.control.broadcast import Subscription
from gamedetectd.control.metrics_shapes import metrics_row
from gamedetectd.control.server import Handler
from gamedetectd.control.shapes import rfc3339
from gamedetectd.domain import FactKind
from gamedetectd.errors import ControlError
from gamedetectd.interfaces import Reply, Request
from gamedetectd.observability.redaction import redact

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

LONGEST_PAUSE = 366 * 86_400.0
"""Seconds."""


class Handlers:
    """Answers for one daemon. Each runs in a thread of its client's."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def table(self) -> Mapping[str, Handler]:
        """Every command there is."""
        return {
            "status": self.status,
            "metrics": self.metrics,
            "watch": self.watch,
            "pause": self.pause,
            "resume": self.resume,
            "reload": self.reload,
            "refresh_library": self.refresh_library,
            "catalogue_changed": self.catalogue_changed,
            "check": self.check,
            "audit": self.audit,
            "logging_tree": self.logging_tree,
            "dashboard": self.dashboard,
            "stop": self.stop,
            **self._daemon.secret_watch.handlers(),
            **self._daemon.window_titles.handlers(),
            **self._daemon.eyes.handlers(),
            **HistoryChanges(self._daemon).handlers(),
            **ScreenLeave(self._daemon).handlers(),
        }

    def status(self, _request: Request) -> Reply:
        """The snapshot, with counters up to this moment."""
        engine = self._daemon.engine
        engine.call(engine.core.advance)
        return _builtins(self._daemon.standing.status())

    def metrics(self, _request: Request) -> Reply:
        """Every number there is, as monitoring reads it."""
        at = rfc3339(self._daemon.machine.clock.now().wall)
        return _builtins(metrics_row(gamedetectd.__version__, at, self._daemon.numbers.families()))

    def watch(self, _request: Request) -> Subscription:
        """Every session event from now on."""
        return self._daemon.broadcast.subscribe()

    def pause(self, request: Request) -> Reply:
        """Stop watching for ``seconds``, or until resumed where that is null."""
        seconds = request.get("seconds")
        if seconds is not None and not (
            isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= LONGEST_PAUSE
        ):
            raise ControlError(f"A pause of {seconds!r} seconds makes no sense.", "Give between 1 second and a year.")
        until = None if seconds is None else self._daemon.machine.clock.now().wall + float(seconds)
        engine = self._daemon.engine
        engine.call(lambda at: engine.pause(at, until))
        self._daemon.pause_file.write(until)
        self._daemon.changed()
        return {"paused_until": until}

    def resume(self, _request: Request) -> Reply:
        """Watch again."""
        engine = self._daemon.engine
        self._daemon.pause_file.clear()
        engine.call(engine.resume)
        self._daemon.changed()
        return {}

    def reload(self, _request: Request) -> Reply:
        """Read settings and rules again."""
        from gamedetectd.app.daemon import tell

        watcher = self._daemon.watcher
        if watcher is None:
            raise ControlError("The daemon is still starting.", "Try again in a moment.")
        news = watcher.reload_now()
        fine = news.settings is not None and news.rules is not None and not news.problems
        return {"lines": [redact(line) for line in tell(news)], "fine": fine}

    def refresh_library(self, _request: Request) -> Reply:
        """Read everything that stores have installed again."""
        library = self._daemon.machine.library
        other = library.refresh(everything=True)
        return {"games": len(library.games()), "problems": len(library.problems()), "changed": other}

    def check(self, _request: Request) -> Reply:
        """Look at everything again: settings, what stores have installed, every process, and health; parts that were
        given up try again.
        """
        self._daemon.watchdog.try_again()
        self._daemon.eyes.try_again()
        if self._daemon.watcher is not None:
            self._daemon.watcher.reload_now()
        library = self._daemon.machine.library
        library.refresh(everything=True)
        self._daemon.processes.request_resync()
        self._daemon.monitor.wake()
        return {"games": len(library.games()), "problems": len(self._daemon.conditions)}

    def catalogue_changed(self, _request: Request) -> Reply:
        """Judge what runs with the lists of games that are there now."""
        engine = self._daemon.engine
        engine.post(lambda at: engine.core.outdated(at, FactKind.CATALOGUE))
        return {}

    def audit(self, request: Request) -> Reply:
        """Note in the audit trail what a command did for the person."""
        noted_by_command(self._daemon.audit, request)
        return {}

    def logging_tree(self, _request: Request) -> Reply:
        """Logging as it is set up in this process, for ``doctor``."""
        from gamedetectd.observability.tree import logging_tree

        return {"lines": [redact(line) for line in logging_tree()]}

    def dashboard(self, _request: Request) -> Reply:
        """A link to the dashboard, which is started where it is not there."""
        return {"url": self._daemon.exposure.open_dashboard()}

    def stop(self, _request: Request) -> Reply:
        """End the daemon."""
        self._daemon.ask_to_stop("a command")
        return {}


def _builtins(row: object) -> Reply:
    reply: Reply = msgspec.to_builtins(row)
    return reply
