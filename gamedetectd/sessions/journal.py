"""The heartbeat of open sessions: what a crash or a power cut must not take away.

The file holds JSON lines, each led by its length and CRC-32 in hexadecimal; the last whole line counts. A torn or
foreign line is skipped, so whatever happens to the end of the file, the line before it is still there. A file that
has grown is replaced by one with a single line, which is durable before the old file goes.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from gamedetectd.domain import Instant, Session
from gamedetectd.errors import JournalError
from gamedetectd.platforms.regular_files import open_regular
from gamedetectd.sessions.durable import NOT_THROUGH_LINKS, open_private, remedy, replace_durably, write_all
from gamedetectd.sessions.storable import pack, plain, storable, storable_moment

COMPACT_ABOVE = 256_000
"""Bytes above which the file is replaced by its last line."""
LONGEST_LINE = 4_000_000
"""Bytes of one line; reading never holds more than this."""
_HEADER = 18


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The sessions as they were at one moment of one boot. Ended ones are those no commit has taken yet."""

    at: Instant
    boot_id: str
    sessions: tuple[Session, ...]


class Journal:
    """The journal file. One thread uses it.

    ``damaged`` is how many lines the last ``read`` skipped; one torn line at the end is normal after a power cut.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged = 0
        self._descriptor: int | None = None
        self._clean_end = False
        """The file is known to end with a newline."""

    def write(self, at: Instant, boot_id: str, sessions: Iterable[Session], *, sync: bool) -> None:
        """Append the sessions as they are now; with ``sync`` they survive a power cut from here on.

        Pass the open sessions and those whose end no commit has taken yet. Raises JournalError; what was written
        before stays valid.
        """
        line = _line(JournalEntry(storable_moment(at), plain(boot_id), tuple(map(storable, sessions))))
        try:
            descriptor = self._open()
            if os.fstat(descriptor).st_size + len(line) > max(COMPACT_ABOVE, 4 * len(line)):
                self._compact(line)
                return
            if not self._clean_end:
                line = b"\n" + line
            self._clean_end = False
            write_all(descriptor, line)
            self._clean_end = True
            if sync:
                os.fsync(descriptor)
        except OSError as error:
            raise self._error("written", error) from error

    def read(self) -> JournalEntry | None:
        """The last whole entry, or None where there is none. Skipped lines are counted in ``damaged``.

        Raises JournalError where the file cannot be read at all.
        """
        self.damaged = 0
        last = None
        try:
            with os.fdopen(open_regular(self.path, os.O_RDONLY), "rb") as file:
                while line := file.readline(LONGEST_LINE):
                    if (entry := _entry(line)) is not None:
                        last = entry
                    elif line != b"\n":
                        self.damaged += 1
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._error("read", error) from error
        return last

    def clear(self) -> None:
        """Forget everything; only after a commit that contains it all. Raises JournalError."""
        try:
            os.ftruncate(self._open(), 0)
            self._clean_end = True
        except OSError as error:
            raise self._error("cleared", error) from error

    def close(self) -> None:
        """Give the descriptor back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        """The descriptor of the file that has our name now, even if somebody deleted or replaced the last one."""
        if self._descriptor is not None and not self._ours(self._descriptor):
            self.close()
        if self._descriptor is None:
            self._clean_end = False
            self._descriptor = open_private(self.path, os.O_RDWR | os.O_APPEND | NOT_THROUGH_LINKS)
        return self._descriptor

    def _ours(self, descriptor: int) -> bool:
        try:
            there = self.path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(descriptor))

    def _compact(self, line: bytes) -> None:
        """Replace the file by one with this line only."""
        fresh = self.path.with_name(self.path.name + ".new")
        descriptor = open_private(fresh, os.O_WRONLY | os.O_TRUNC | NOT_THROUGH_LINKS)
        try:
            write_all(descriptor, line)
        finally:
            os.close(descriptor)
        self.close()  # Windows does not replace a file that is open
        replace_durably(fresh, self.path)

    def _error(self, done: str, error: OSError) -> JournalError:
        return JournalError(f"{self.path} could not be {done}: {error.strerror or error}.", remedy(error))


def _line(entry: JournalEntry) -> bytes:
    body = pack(entry)
    if len(body) > LONGEST_LINE - _HEADER - 1:
        body = pack(replace(entry, sessions=tuple(replace(session, evidence=()) for session in entry.sessions)))
    return b"%08x %08x %s\n" % (len(body), zlib.crc32(body), body)


def _entry(line: bytes) -> JournalEntry | None:
    """What a line holds, or None if it is not whole, or none of ours."""
    if line[8:9] != b" " or line[17:18] != b" ":  # spares garbage the arithmetic
        return None
    body = line[_HEADER:-1]
    if line != b"%08x %08x %s\n" % (len(body), zlib.crc32(body), body):
        return None
    try:
        return msgspec.json.decode(body, type=JournalEntry)
    except msgspec.MsgspecError:
        return None
