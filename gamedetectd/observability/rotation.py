"""The log file: begins anew by size and age, never takes more disk than allowed, outlives a full or vanished disk.

Finished files are named ``gamedetectd.000017.jsonl``; the number only grows and a file keeps its name, so a shipper or
a reader that is in the middle of one can go on. Only one process writes.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gamedetectd.errors import LogError, PermissionsError
from gamedetectd.platforms.permissions import ensure_private_dir, open_private

DAY = 86_400.0
_EXPIRY_PAUSE = 3_600.0
"""Seconds between two looks for files that are too old; they are taken while writing, never by a timer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``max_file``: bytes of one file; ``max_total``: bytes of all together; ``max_age``: seconds a line is kept, at
    most twice that (a file is finished at that age, and deleted that long after its last line).
    """

    max_file: int
    max_total: int
    max_age: float

    @property
    def file_bytes(self) -> int:
        """Bytes after which a file is finished: there is always room for two."""
        return min(self.max_file, self.max_total // 2)


def finished_files(path: Path) -> list[Path]:
    """The finished files of the log at ``path``, oldest first. Raises OSError, not for a missing directory."""
    pattern = re.compile(re.escape(path.stem) + r"\.\d{1,12}" + re.escape(path.suffix), re.ASCII)
    try:
        return sorted((file for file in path.parent.iterdir() if pattern.fullmatch(file.name)), key=file_number)
    except FileNotFoundError:
        return []


def file_number(finished: Path) -> int:
    """The number in a finished file's name."""
    return int(finished.stem.rpartition(".")[2])


class RotatingFile:
    """Appends whole lines or nothing: what cannot be written raises LogError. Usable from every thread."""

    def __init__(self, path: Path, limits: Limits, now: Callable[[], float] = time.time) -> None:
        self.path = path
        self.limits = limits
        self._now = now
        self._lock = threading.Lock()
        self._descriptor = -1
        self._identity = (0, 0)
        self._size = 0
        self._number = 0
        self._finished_bytes = 0
        self._born = 0.0
        self._torn = False
        self._looked_for_expired = -_EXPIRY_PAUSE
        self._problem: LogError | None = None

    def problem(self) -> LogError | None:
        """Why the latest line could not be written; None while all is well."""
        return self._problem

    def write(self, lines: str, *, durable: bool = False) -> None:
        """Append lines, each with its newline. ``durable``: return only when they would survive a power cut."""
        if lines:
            with self._lock, self._troubles_noted():
                self._write(lines.encode("utf-8", "backslashreplace"), durable=durable)

    def check(self) -> None:
        """Open the file if it can be; ``problem`` tells."""
        with self._lock, suppress(LogError), self._troubles_noted():
            self._reach()

    @contextmanager
    def _troubles_noted(self) -> Iterator[None]:
        try:
            yield
        except (OSError, PermissionsError) as error:
            self._close()
            self._problem = explain(error, self.path)
            raise self._problem from error
        self._problem = None

    def flush(self) -> None:
        """Nothing is ever held back."""

    def close(self) -> None:
        """Give the file back; the next write opens it again."""
        with self._lock:
            self._close()

    def _write(self, data: bytes, *, durable: bool) -> None:
        self._reach()
        if self._size and (self._size + len(data) > self.limits.file_bytes or self._too_old()):
            self._finish()
        if abs(self._now() - self._looked_for_expired) >= _EXPIRY_PAUSE:
            self._delete_expired()
        if self._finished_bytes + self._size + self._torn + len(data) > self.limits.max_total:
            self._make_room(self._torn + len(data))
        self._append(data)
        if durable:
            os.fsync(self._descriptor)

    def _reach(self) -> None:
        """Have the file open that is at the path now, whatever others did to it since the last line."""
        if self._descriptor >= 0:
            try:
                status = self.path.lstat()
            except FileNotFoundError:
                status = None
            if status is not None and (status.st_dev, status.st_ino) == self._identity:
                self._size = status.st_size
                return
            self._close()
        self._open()

    def _open(self) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        try:
            self._descriptor = open_private(self.path, flags)
        except FileNotFoundError:
            ensure_private_dir(self.path.parent)
            self._descriptor = open_private(self.path, flags)
        status = self.path.lstat()
        self._identity = (status.st_dev, status.st_ino)
        self._size = status.st_size
        self._born, self._torn = _inspect(self.path) if self._size else (self._now(), False)
        self._finished_bytes = sum(_size(file) for file in finished_files(self.path))
        if not self._size:
            self._sync_directory()

    def _close(self) -> None:
        if self._descriptor >= 0:
            with suppress(OSError):  # what a network file system says late; each line was reported when written
                os.close(self._descriptor)
        self._descriptor = -1

    def _append(self, data: bytes) -> None:
        if self._torn:
            data = b"\n" + data
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            self._torn = True
            with suppress(OSError):
                os.ftruncate(self._descriptor, self._size)
                self._torn = data[:1] == b"\n"
            raise
        if not self._size:
            self._born = self._now()
        self._size += len(data)
        self._torn = False

    def _too_old(self) -> bool:
        return self._now() - self._born > self.limits.max_age

    def _finish(self) -> None:
        """Give the file its number and begin a new one; where the system does not let us, go on in the old one."""
        self._number = max([self._number, *map(file_number, finished_files(self.path))]) + 1
        self._close()
        with suppress(PermissionError):  # Windows, while another program reads it; a directory that is not ours
            self.path.rename(self.path.with_name(f"{self.path.stem}.{self._number:06d}{self.path.suffix}"))
        self._open()
        self._delete_expired()

    def _delete_expired(self) -> None:
        now = self._looked_for_expired = self._now()
        for file in finished_files(self.path):
            with suppress(OSError):  # gone already, or kept open by a reader on Windows: the next look gets it
                if now - file.stat().st_mtime > self.limits.max_age:
                    self._finished_bytes -= _delete(file)

    def _make_room(self, needed: int) -> None:
        """Delete the oldest files until ``needed`` bytes fit. Raises OSError (EFBIG) where that is not enough."""
        allowed = self.limits.max_total - self._size - needed
        files = finished_files(self.path)
        self._finished_bytes = sum(map(_size, files))
        for file in files:
            if not 0 <= allowed < self._finished_bytes:
                break
            with suppress(OSError):
                self._finished_bytes -= _delete(file)
        if self._finished_bytes > allowed:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))

    def _sync_directory(self) -> None:
        """Make a new name survive a power cut, where the file system can; Windows cannot and need not."""
        if sys.platform != "win32":
            with suppress(OSError):
                directory = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
                try:
                    os.fsync(directory)
                finally:
                    os.close(directory)


def explain(error: OSError | PermissionsError, path: Path) -> LogError:
    """What is wrong, and what to do, as a person reads it."""
    if isinstance(error, PermissionsError):
        return LogError(error.cause, error.remedy)
    cause, remedy = _PROBLEMS.get(error.errno or 0, (error.strerror or str(error), "Look at the disk it lies on."))
    return LogError(f"{path}: {cause[0].lower()}{cause[1:].rstrip('.')}.", f"{remedy} Logging then goes on by itself.")


_NO_ACCESS = ("this account may not write there", "Give yourself the right to write to that directory.")
_FULL = ("the disk is full", "Free some space on that disk.")
_PROBLEMS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT if sys.platform != "win32" else errno.ENOSPC: _FULL,
    errno.EROFS: ("the disk is read-only", "Mount it so that it can be written."),
    errno.EACCES: _NO_ACCESS,
    errno.EPERM: _NO_ACCESS,
    errno.ENOTDIR: ("something that is not a directory is in its way", "Move that away."),
    errno.EEXIST: ("something that is not a directory is in its way", "Move that away."),
    errno.ENXIO: ("something that is not a file is in its place", "Move that away."),
    errno.EISDIR: ("a directory is in its place", "Move that directory away."),
    errno.EFBIG: (
        "the log files may not take more disk, and none can be deleted",
        "Raise logging.max_total_bytes, or end the program that keeps an old log file open.",
    ),
}


def _delete(file: Path) -> int:
    """Delete a file; return the bytes it had."""
    size = _size(file)
    file.unlink()
    return size


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except FileNotFoundError:
        return 0


def _inspect(path: Path) -> tuple[float, bool]:
    """When a file with content was begun (wall time, by its first line), and whether its last line is torn."""
    with path.open("rb") as file:
        first = file.readline(4_096)
        file.seek(-1, os.SEEK_END)
        torn = file.read(1) != b"\n"
    try:
        return datetime.fromisoformat(json.loads(first)["@timestamp"]).timestamp(), torn
    except (ValueError, TypeError, KeyError, OverflowError):
        return path.stat().st_mtime, torn
