"""The history: whether play time can be kept, is whole, and is backed up; the daily backup is made from here.

The backup runs in a short-lived thread of its own: it copies the file, which may take seconds, and looks through the
copy, so that damage is found within a day without anybody waiting for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.disk import FULL, NO_ROOM
from gamedetectd.domain import Severity
from gamedetectd.errors import HistoryDamagedError, HistoryError
from gamedetectd.health.conditions import WRITABLE, Condition, Finding, problem_finding
from gamedetectd.i18n import N_
from gamedetectd.observability.correlation import correlation
from gamedetectd.sessions.backups import backups

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

UNWRITABLE = "history-unwritable"
RESTORED = "history-restored"
DAMAGED = "history-damaged"
BACKUP_MISSING = "backup-missing"
JOURNAL_UNWRITABLE = "journal-unwritable"

DAY = 86_400.0
TRY_AGAIN = 3_600.0
"""Seconds after which it is looked whether a backup is due."""
TOO_LONG = 900.0
"""Seconds after which a backup that is being made is thought to hang."""
TOO_OLD = 3 * DAY
"""Seconds after which the newest backup is called too old, whatever the reason."""


class History(Check):
    """The engine's word on history and journal, and the backup's on the file as a whole."""

    name = "history"
    conditions = (
        Condition(UNWRITABLE, N_("Play time cannot be kept"), Severity.ERROR, WRITABLE, (FULL,)),
        Condition(
            RESTORED,
            N_("The history was damaged and taken from a backup"),
            Severity.WARNING,
            N_("Check the disk. The damaged file was kept beside the history."),
        ),
        Condition(
            DAMAGED,
            N_("The history is damaged"),
            Severity.ERROR,
            N_("Check the disk, then restart gamedetectd: it mends the history and keeps what can still be read."),
            (UNWRITABLE,),
        ),
        Condition(
            BACKUP_MISSING,
            N_("The history is not backed up"),
            Severity.WARNING,
            WRITABLE,
            (DAMAGED, UNWRITABLE, *NO_ROOM),
        ),
        Condition(
            JOURNAL_UNWRITABLE,
            N_("A crash now would lose running play time"),
            Severity.WARNING,
            WRITABLE,
            NO_ROOM,
        ),
    )

    def __init__(self, daemon: Daemon) -> None:
        super().__init__(daemon)
        self._backup = Backup(daemon)

    def look(self) -> Iterator[Finding]:
        daemon = self.daemon
        yield from problem_finding(UNWRITABLE, daemon.engine.problem)
        yield from problem_finding(JOURNAL_UNWRITABLE, daemon.engine.journal_problem)
        yield from problem_finding(RESTORED, daemon.history.mended)
        self._backup.see_to_it()
        if isinstance(self._backup.error, HistoryDamagedError):
            yield Finding(DAMAGED, self._backup.error.cause)
        elif self._backup.error is not None:
            yield Finding(BACKUP_MISSING, self._backup.error.cause)
        elif self._backup.lasts() > TOO_LONG:
            yield Finding(BACKUP_MISSING, "The backup that was begun does not come to an end.")
        elif (age := self._backup.age()) is not None and age > TOO_OLD:
            yield Finding(BACKUP_MISSING, f"The newest backup is {age / DAY:.0f} days old.")


class Backup:
    """The backup that is due once a day. ``error`` is what came of the latest try."""

    def __init__(self, daemon: Daemon) -> None:
        self.error: HistoryError | None = None
        self._history = daemon.history
        self._daemon = daemon
        self._due = self._began = time.monotonic()
        self._newest: float | None = None
        self._thread: threading.Thread | None = None

    def see_to_it(self) -> None:
        """Start the backup if it is due and none is being made."""
        now = time.monotonic()
        if self._thread is None and now >= self._due:
            self._began, self._due = now, now + TRY_AGAIN
            self._thread = threading.Thread(target=self._make, name="history-backup", daemon=True)
            self._thread.start()
        elif self._thread is not None and not self._thread.is_alive():
            self._thread = None

    def lasts(self) -> float:
        """For how many seconds a backup has been being made; 0 while none is."""
        return 0.0 if self._thread is None else time.monotonic() - self._began

    def age(self) -> float | None:
        """Seconds since the newest backup was made; None where there is none yet."""
        return None if self._newest is None else time.time() - self._newest

    def _make(self) -> None:
        error: HistoryError | None = None
        with correlation():
            try:
                self._history.backup()
            except HistoryError as failed:
                error = failed
        newest = next(iter(backups(self._history.path)), None)
        with suppress(OSError):  # it was deleted a moment ago
            self._newest = None if newest is None else newest.stat().st_mtime
        changed = (error is None) != (self.error is None)
        self.error = error
        if changed:
            self._daemon.monitor.wake()
