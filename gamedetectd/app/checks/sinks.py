"""What is told of sessions: whether each sink takes events, and how many wait for it since when."""

from __future__ import annotations

import time
from collections.abc import Iterator

from gamedetectd.app.checks.actions import BROKER_AWAY
from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.disk import NO_ROOM
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import MACHINE_STARVED, Condition, Finding
from gamedetectd.i18n import N_

FAILING = "sink-failing"
BEHIND = "sink-behind"

MANY = 1_000
"""Events that wait."""
LONG = 300.0
"""Seconds for which one waits."""


class Sinks(Check):
    """Every sink; the key is the name of its worker."""

    name = "sinks"
    conditions = (
        Condition(
            FAILING,
            N_("Events cannot be delivered"),
            Severity.WARNING,
            N_("Nothing is lost: they are kept and delivered once it works again. The cause is above."),
            (BROKER_AWAY, *NO_WORKER, *NO_ROOM),
            30.0,
        ),
        Condition(
            BEHIND,
            N_("Events are delivered late"),
            Severity.WARNING,
            N_("Nothing is lost. Check that what receives them, as a disk or a server, answers quickly."),
            (FAILING, BROKER_AWAY, *NO_WORKER, *NO_ROOM, MACHINE_STARVED),
            60.0,
            30.0,
        ),
    )

    def look(self) -> Iterator[Finding]:
        for runner in self.daemon.sinks:
            status, key = runner.status(), f"sink-{runner.sink.name}"
            if status.failing_since is not None:
                yield Finding(FAILING, f"{status.name}: {status.last_error}", key)
            waiting = 0.0 if status.waiting_since is None else time.time() - status.waiting_since
            if status.backlog >= MANY or waiting >= LONG:
                message = f"{status.name}: {status.backlog} events wait, the oldest for {int(waiting)} s."
                yield Finding(BEHIND, message, key)
