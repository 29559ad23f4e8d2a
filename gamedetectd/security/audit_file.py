"""The files of the audit trail: appended to by one process at a time, bounded, and forced onto the disk.

``audit.jsonl`` is written; finished files lie beside it as ``audit.000001.jsonl`` and so on, as the log's do. What is
to go is asked for before it goes, so that the trail itself can say so first.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gamedetectd.errors import AuditError, PermissionsError
from gamedetectd.observability.rotation import DAY, explain, file_number, finished_files
from gamedetectd.platforms.file_lock import lock
from gamedetectd.platforms.permissions import ensure_private_dir, open_private
from gamedetectd.security.audit_line import LONGEST_LINE, Read, read_line

MAX_FILE = 1_000_000
"""Bytes after which a new file is begun."""
MAX_TOTAL = 8_000_000
"""Bytes all files together may take: some 15,000 lines."""
MAX_AGE = 400 * DAY
"""Seconds after its last line at which a finished file goes."""
_FINISH_AFTER = 90 * DAY
"""Seconds after its first line at which a file is finished, so that its lines can grow old."""
_TAIL = 8 * LONGEST_LINE


class AuditFile:
    """The trail on disk. One thread at a time; ``now`` is wall time."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self.path = path
        self._now = now
        self._descriptor = -1
        self._lock = -1
        self._size = 0
        self._torn = False
        self._born = 0.0
        self._fresh = False
        """The file was made just now, and the disk may not know its name yet."""

    def open(self) -> bool:
        """Be the one process that writes; False while another one is. Raises AuditError."""
        if self._lock >= 0:
            return True
        with _explained(self.path):
            ensure_private_dir(self.path.parent)
            descriptor = open_private(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT)
            try:
                mine = lock(descriptor)
            except OSError:
                os.close(descriptor)
                raise
        if not mine:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def last(self) -> Read | None:
        """The last whole line of the trail, or None where there is none. Raises AuditError."""
        with _explained(self.path):
            for file in reversed(files(self.path)):
                if (found := _last_of(file)) is not None:
                    return found
        return None

    def disturbed(self) -> bool:
        """True if somebody else removed, replaced, cut or wrote the file since we last wrote."""
        if self._descriptor < 0:
            return False
        try:
            there = self.path.lstat()
        except OSError:
            return True
        return not os.path.samestat(there, os.fstat(self._descriptor)) or there.st_size != self._size

    def surplus(self, length: int) -> list[Path]:
        """The finished files that must go before ``length`` more bytes may come, oldest first. Raises AuditError."""
        with _explained(self.path):
            finished = [(file, file.lstat()) for file in finished_files(self.path)]
        total = self._size + length + sum(status.st_size for _, status in finished)
        gone = []
        for file, status in finished:
            if total <= MAX_TOTAL and self._now() - status.st_mtime <= MAX_AGE:
                break
            gone.append(file)
            total -= status.st_size
        return gone

    def through(self, file: Path) -> int:
        """The number of the last line of a finished file; 0 where it has none. Raises AuditError."""
        with _explained(self.path):
            last = _last_of(file)
        return last.place.sequence if last is not None else 0

    def remove(self, gone: Sequence[Path]) -> None:
        """Delete finished files; one that a reader keeps open on Windows goes the next time."""
        for file in gone:
            with suppress(OSError):
                file.unlink()

    def append(self, line: bytes) -> None:
        """Add a line, whole or not at all. Raises AuditError."""
        with _explained(self.path):
            self._reach()
            if self._size and (self._size + len(line) > MAX_FILE or self._now() - self._born > _FINISH_AFTER):
                self._finish()
            if self._size + len(line) + 2 > MAX_TOTAL:
                raise OSError(errno.EFBIG, "The file is too long, and another program keeps it open")
            data = memoryview((b"\n" if self._torn else b"") + line + b"\n")
            written = 0
            try:
                while written < len(data):
                    written += os.write(self._descriptor, data[written:])
            except OSError:
                with suppress(OSError):
                    os.ftruncate(self._descriptor, self._size)
                raise
            self._torn = False
            self._born = self._born or self._now()
            self._size += written

    def sync(self) -> None:
        """Have everything on the disk. Raises AuditError."""
        if self._descriptor >= 0:
            with _explained(self.path):
                os.fsync(self._descriptor)
                if self._fresh:
                    _sync_directory(self.path.parent)
                    self._fresh = False

    def close(self) -> None:
        """Let the file and the lock go."""
        self._close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _reach(self) -> None:
        """Have the file open that is at the path now."""
        if self._descriptor >= 0:
            if not self.disturbed():
                return
            self._close()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        try:
            self._descriptor = open_private(self.path, flags)
        except FileNotFoundError:
            ensure_private_dir(self.path.parent)
            self._descriptor = open_private(self.path, flags)
        status = os.fstat(self._descriptor)
        self._size = status.st_size
        self._fresh = not self._size
        self._born = _beginning(self.path, status) if self._size else 0.0
        self._torn = bool(self._size) and _last_byte(self.path) != b"\n"

    def _finish(self) -> None:
        """Give the file its number and begin a new one; where the system does not let us, go on in the old one."""
        number = max(map(file_number, finished_files(self.path)), default=0) + 1
        os.fsync(self._descriptor)
        self._close()
        with suppress(PermissionError):  # Windows, while another program reads it
            self.path.rename(self.path.with_name(f"{self.path.stem}.{number:06d}{self.path.suffix}"))
        self._reach()

    def _close(self) -> None:
        if self._descriptor >= 0:
            with suppress(OSError):
                os.close(self._descriptor)
        self._descriptor = -1
        self._size = 0


def files(path: Path) -> list[Path]:
    """Every file of the trail at ``path``, in the order of their lines. Raises OSError."""
    return [*finished_files(path), *([path] if os.path.lexists(path) else [])]


def lines(file: Path) -> Iterator[bytes]:
    """Every line of one file, without its newline; the parts of one that is too long come one by one.

    Raises OSError or PermissionsError.
    """
    with open(open_private(file, os.O_RDONLY), "rb") as opened:  # noqa: PTH123 - a descriptor, not a path
        while line := opened.readline(LONGEST_LINE):
            yield line.rstrip(b"\n")


def _last_of(file: Path) -> Read | None:
    with open(open_private(file, os.O_RDONLY), "rb") as opened:  # noqa: PTH123 - a descriptor, not a path
        opened.seek(max(0, os.fstat(opened.fileno()).st_size - _TAIL))
        found = None
        for line in opened.read(_TAIL).split(b"\n"):
            found = read_line(line) or found
        return found


def _last_byte(file: Path) -> bytes:
    with file.open("rb") as opened:
        opened.seek(-1, os.SEEK_END)
        return opened.read(1)


def _beginning(file: Path, status: os.stat_result) -> float:
    """When a file was begun (wall time): its first line says so, or the file system."""
    from datetime import datetime

    with file.open("rb") as opened:
        first = read_line(opened.readline(LONGEST_LINE).rstrip(b"\n"))
    try:
        return datetime.fromisoformat(first.at).timestamp() if first is not None else status.st_mtime
    except (ValueError, OverflowError):
        return status.st_mtime


def _sync_directory(directory: Path) -> None:
    """Windows cannot open directories; NTFS journals names itself."""
    if sys.platform != "win32":
        descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turns what the system says into an AuditError."""
    try:
        yield
    except (OSError, PermissionsError) as error:
        told = explain(error, path)
        remedy = told.remedy.removesuffix(" Logging then goes on by itself.")
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            raise AuditError(
                f"{path} is full and cannot be finished.", "End the program that keeps it open."
            ) from error
        raise AuditError(told.cause, remedy) from error
