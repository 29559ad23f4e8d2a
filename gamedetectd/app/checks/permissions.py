"""Who may read and change our files, looked at again and again: something may open them while we run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gamedetectd.app import audit as auditing
from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_
from gamedetectd.platforms.permissions.exposed import exposed

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

WRONG = "permissions-wrong"
_MOST = 5
"""Files that are named one by one."""


class Permissions(Check):
    """Every file and directory of ours; each that is newly found open is noted in the audit trail once."""

    name = "permissions"
    every = 60.0
    conditions = (
        Condition(
            WRONG,
            N_("A file of gamedetectd is open to other accounts"),
            Severity.WARNING,
            N_("Run what is named there. Since the file was opened others could look into it, or change it."),
            flaps=False,
        ),
    )

    def __init__(self, daemon: Daemon) -> None:
        super().__init__(daemon)
        self._noted = frozenset(str(one.path) for one in daemon.exposed_before)

    def look(self) -> Iterator[Finding]:
        found = {str(one.path): one for one in exposed(self.daemon.paths)}
        for path in sorted(found.keys() - self._noted):
            auditing.exposed(self.daemon.audit, found[path])
        self._noted = frozenset(found)
        for path, one in list(found.items())[:_MOST]:
            yield Finding(WRONG, f"{one.cause} To close it: {one.command}", path)
        if len(found) > _MOST:
            yield Finding(WRONG, f"{len(found) - _MOST} more files are open.", "more")
