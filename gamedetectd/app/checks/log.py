"""The log: whether it can be written."""

from __future__ import annotations

import os
from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.disk import NO_ROOM
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import WRITABLE, Condition, Finding, problem_finding
from gamedetectd.i18n import N_

UNWRITABLE = "log-unwritable"


class Log(Check):
    """The log file, also while nobody has anything to say."""

    name = "log"
    conditions = (Condition(UNWRITABLE, N_("The log cannot be written"), Severity.WARNING, WRITABLE, NO_ROOM),)

    def look(self) -> Iterator[Finding]:
        problem = self.daemon.logging.problem()
        place = self.daemon.paths.log
        if problem is None and place.is_dir() and not os.access(place, os.W_OK):
            problem = f"No further file can be begun in {place}."
        return problem_finding(UNWRITABLE, problem)
