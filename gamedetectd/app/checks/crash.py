"""Whether the daemon crashed before it ran this time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gamedetectd.app import crashes
from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

CRASHED = "daemon-crashed"


class Crash(Check):
    """The newest crash report of earlier runs. None can come while this one runs, so it is looked for once."""

    name = "crash"
    conditions = (
        Condition(
            CRASHED,
            N_("gamedetectd crashed and was started again"),
            Severity.INFO,
            N_("Nothing needs to be done: what is played goes on. If it happens again, report it with that file."),
        ),
    )
    _newest: tuple[Path, crashes.Crash] | None = None
    _looked = False

    def look(self) -> Iterator[Finding]:
        if not self._looked:
            self._looked = True
            self._newest = crashes.newest(self.daemon.paths)
        if self._newest is not None and crashes.is_recent(self._newest[1], crashes.DAY):
            yield Finding(CRASHED, crashes.in_words(*self._newest))
