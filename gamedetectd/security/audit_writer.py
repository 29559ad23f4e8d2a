"""The one hand that writes the audit trail: it knows the newest line, and says what goes and what went wrong."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from gamedetectd.errors import AuditError
from gamedetectd.security.audit_actions import GAP, PRUNED
from gamedetectd.security.audit_entry import Entry, entry
from gamedetectd.security.audit_file import AuditFile
from gamedetectd.security.audit_line import GENESIS, LineFormatter, Place, key_name

log = logging.getLogger(__name__)

HELD_TOO_LONG = 10.0
"""Seconds for which another process, a command that notes something, may hold the trail."""
_MUST_FIT = 2_000
"""Bytes of a line besides twice its message."""


class AuditWriter:
    """One thread at a time. ``damaged`` is told what somebody did to the file while it was being written."""

    def __init__(self, file: AuditFile, damaged: Callable[[str], None]) -> None:
        self.sequence = -1
        """The number of the newest line; -1 until ``open`` found it."""
        self.link = GENESIS
        self.key: bytes | None = None
        """Seals every line from now on."""
        self.last_at = 0.0
        """When the newest line was written, on the monotonic clock; 0 for not yet."""
        self._file = file
        self._damaged = damaged
        self._formatter = LineFormatter()
        self._unsynced = False
        self._held_since = 0.0

    def open(self) -> bool:
        """Be the one who writes, at the end of what is there; False while another process is, for a moment.

        Raises AuditError, also where that one does not let go.
        """
        if self.sequence >= 0:
            return True
        if not self._file.open():
            self._held_since = self._held_since or time.monotonic()
            if time.monotonic() - self._held_since > HELD_TOO_LONG:
                raise AuditError(f"Another process holds {self._file.path}.", "Find it, and end it.")
            return False
        last = self._file.last()
        self.sequence, self.link = (last.place.sequence, last.link) if last is not None else (0, GENESIS)
        return True

    def write(self, noted: Entry) -> None:
        """Add a line, after what there is to say of the trail itself. Raises AuditError."""
        if self._file.disturbed():
            self.gap("The file was changed, replaced or removed while it was being written.")
        surplus = self._file.surplus(2 * len(noted.message) + _MUST_FIT)
        if surplus:
            self._prune(surplus)
        self._append(noted)

    def gap(self, found: str) -> None:
        """Say that something is missing. Raises AuditError."""
        self._append(entry(GAP, found, {"found": found, "marks": "while-running"}, success=False))
        log.warning("the audit trail is damaged: %s", found)
        self._damaged(found)

    def sync(self) -> None:
        """Have every line on the disk. Raises AuditError."""
        if self._unsynced:
            self._file.sync()
            self._unsynced = False

    def close(self) -> None:
        """Let others write."""
        self._file.close()

    def _append(self, noted: Entry) -> None:
        place = Place(self.sequence + 1, self.link, key_name(self.key) if self.key else "")
        line, link = self._formatter.line(noted, place, self.key)
        self._unsynced = True
        self._file.append(line)
        self.sequence, self.link = place.sequence, link
        self.last_at = time.monotonic()

    def _prune(self, surplus: list[Path]) -> None:
        """Say which lines go, then let them go."""
        through = self._file.through(surplus[-1])
        message = f"The lines up to {through} go: they are too old, or too many."
        self._append(entry(PRUNED, message, {"through": str(through), "files": str(len(surplus))}))
        self.sync()
        self._file.remove(surplus)
