"""What gathers facts about programs: whether a source hangs."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import MACHINE_STARVED, Condition, Finding
from gamedetectd.i18n import N_

STUCK = "facts-stuck"


class Facts(Check):
    """Every source of facts."""

    name = "facts"
    conditions = (
        Condition(
            STUCK,
            N_("Looking at programs takes too long"),
            Severity.WARNING,
            N_("Check that the disks programs lie on (network drives too) answer."),
            (*NO_WORKER, MACHINE_STARVED),
            30.0,
        ),
    )

    def look(self) -> Iterator[Finding]:
        stuck = [kind.replace("_", " ") for kind, status in self.daemon.facts.status().items() if status.stuck]
        if stuck:
            yield Finding(STUCK, f"Looking for {', '.join(stuck)} does not come back.", "facts")
