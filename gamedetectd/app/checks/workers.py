"""The threads that do the work: whether each runs, gets on and stays up."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import RESTART, Condition, Finding
from gamedetectd.i18n import N_
from gamedetectd.worker import STUCK_AFTER, WorkerState

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

GAVE_UP = "worker-gave-up"
STUCK = "worker-stuck"
CRASHED = "worker-crashed"
UNSTEADY = "worker-unsteady"
NO_WORKER = (GAVE_UP, STUCK, CRASHED)
"""Causes of whatever else is wrong at the same key: that of a worker, by its name."""

HOUR = 3_600.0
MOST_RESTARTS = 3
"""Restarts within an hour from which on a worker is called unsteady."""


class Workers(Check):
    """Every worker's state; a sensor's heartbeat is that its worker waits, or has not been busy for long.

    On a starved machine everybody is slow: there a worker has twice as long before it is called stuck.
    """

    name = "workers"
    conditions = (
        Condition(
            GAVE_UP,
            N_("A part of gamedetectd has stopped for good"),
            Severity.ERROR,
            N_("Have it tried again: gamedetectd check. If it comes back, report it with: gamedetectd logs"),
        ),
        Condition(
            STUCK,
            N_("A part of gamedetectd does not get on"),
            Severity.ERROR,
            RESTART,
            (GAVE_UP,),
            time_to_clear=30.0,
        ),
        Condition(
            CRASHED,
            N_("A part of gamedetectd failed and starts again"),
            Severity.WARNING,
            N_("Wait a minute; if it stays so, look at: gamedetectd logs"),
            (GAVE_UP, UNSTEADY),
            time_to_clear=60.0,
        ),
        Condition(
            UNSTEADY,
            N_("A part of gamedetectd fails again and again"),
            Severity.WARNING,
            N_("It goes on each time, but misses what happens meanwhile. Look at: gamedetectd logs"),
            (GAVE_UP,),
        ),
    )

    def __init__(self, daemon: Daemon) -> None:
        super().__init__(daemon)
        self._seen: defaultdict[str, int] = defaultdict(int)
        self._restarts: defaultdict[str, deque[float]] = defaultdict(deque)

    def look(self) -> Iterator[Finding]:
        patience = STUCK_AFTER * self.daemon.vitals.pace
        for worker in list(self.daemon.workers):
            status = worker.status()
            if status.state is WorkerState.GAVE_UP:
                yield Finding(GAVE_UP, f"{status.name} failed again and again: {status.last_error}.", status.name)
            elif status.state is WorkerState.ENDED and not worker.stop_signal.is_set():
                yield Finding(GAVE_UP, f"{status.name} ended although nobody asked it to.", status.name)
            elif status.state is WorkerState.RESTING:
                yield Finding(CRASHED, f"{status.name} failed: {status.last_error}.", status.name)
            elif status.stuck_for > patience:
                yield Finding(STUCK, f"{status.name} has not answered for {int(status.stuck_for)} s.", status.name)
            restarts = self._lately(status.name, status.restarts)
            if restarts >= MOST_RESTARTS:
                message = f"{status.name} failed {restarts} times within the last hour; the last time: {{}}."
                yield Finding(UNSTEADY, message.format(status.last_error), status.name)

    def _lately(self, name: str, restarts: int) -> int:
        """How many of a worker's restarts were seen within the last hour."""
        now, lately = time.monotonic(), self._restarts[name]
        lately.extend([now] * (restarts - self._seen[name]))
        self._seen[name] = restarts
        while lately and lately[0] < now - HOUR:
            lately.popleft()
        return len(lately)
