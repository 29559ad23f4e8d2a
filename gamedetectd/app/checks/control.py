"""The control channel: whether commands reach us."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding, problem_finding
from gamedetectd.i18n import N_

DOWN = "control-down"


class Control(Check):
    """The server's own try to reach itself."""

    name = "control"
    conditions = (
        Condition(
            DOWN,
            N_("Commands cannot reach the daemon"),
            Severity.WARNING,
            N_("Check that its runtime directory (gamedetectd config path) is yours and writable."),
            NO_WORKER,
            30.0,
        ),
    )

    def look(self) -> Iterator[Finding]:
        return problem_finding(DOWN, self.daemon.server.probe(), "control")
