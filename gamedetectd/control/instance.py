"""One daemon per person: a lock the kernel keeps, and gives back however the daemon ends.

What is written in the lock file only serves the message for whoever comes second. Whether somebody holds the lock is
the kernel's word alone, so neither garbage in the file nor a reused process id can lie about it.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

import msgspec

import gamedetectd
from gamedetectd.domain import ProcessKey
from gamedetectd.errors import AlreadyRunningError, ControlError
from gamedetectd.paths import Paths
from gamedetectd.platforms.file_lock import lock, unlock
from gamedetectd.platforms.permissions import ensure_private_dir, open_private

LONGEST_RECORD = 4096
"""Bytes read of a lock file; ours are a tenth of that."""
_ATTEMPTS = 10


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock: written by the daemon, read by the next one. ``started_at`` is wall time."""

    pid: int
    started_at: float
    version: str
    boot_id: str = ""
    start_ticks: int = 0

    @property
    def key(self) -> ProcessKey:
        """The identity of the process, to tell it from a later one with the same pid."""
        return ProcessKey(self.boot_id, self.pid, self.start_ticks)


class InstanceLock:
    """The lock, held until ``release`` or the end of the process. Use it as a context manager."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        if sys.platform != "win32":
            # A child made by fork shares the lock and would keep it after our death; one that runs another program
            # does not, since the descriptor is closed on exec.
            os.register_at_fork(after_in_child=_weakly(self))

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two daemons lock two files of the same name."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            unlock(self._descriptor)
            self.close()

    def close(self) -> None:
        """Close our descriptor, without unlocking for those who share it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def acquire(paths: Paths, key: ProcessKey, started_at: float) -> InstanceLock:
    """Take the lock for the process ``key``, ours, that runs since ``started_at`` (wall time).

    Raises:
        AlreadyRunningError: Another daemon holds it.
        PermissionsError: The lock file or its directory is not safe from other accounts.
        ControlError: The file cannot be opened, written or locked.
    """
    try:
        ensure_private_dir(paths.runtime)
        descriptor = _open_locked(paths)
        try:
            _write(descriptor, Holder(key.pid, started_at, gamedetectd.__version__, key.boot_id, key.start_ticks))
        except BaseException:
            os.close(descriptor)
            raise
    except OSError as error:
        raise ControlError(
            f"The lock file {paths.lock_file} cannot be used ({error.strerror or error}).",
            "Check that its directory is yours, on a local disk and not full.",
        ) from error
    return InstanceLock(descriptor)


def holder(paths: Paths) -> Holder | None:
    """What the lock file says of the daemon that wrote it; None where it says nothing that can be understood."""
    try:
        descriptor = open_private(paths.lock_file, os.O_RDONLY)
    except OSError:
        return None
    try:
        return _read(descriptor)
    finally:
        os.close(descriptor)


def _open_locked(paths: Paths) -> int:
    for _ in range(_ATTEMPTS):
        descriptor = open_private(paths.lock_file, os.O_RDWR | os.O_CREAT)
        try:
            locked = lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        if locked and _still_there(paths, descriptor):
            return descriptor
        found = _read(descriptor)
        os.close(descriptor)
        if not locked:
            raise _already_running(found)
        # Somebody removed the file between our opening and locking it: lock the new one.
    raise ControlError(
        f"The lock file {paths.lock_file} is removed again and again.", "Find out which program cleans that directory."
    )


def _still_there(paths: Paths, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.lstat(paths.lock_file), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _already_running(holder: Holder | None) -> AlreadyRunningError:
    if holder is None:
        return AlreadyRunningError("Another process holds the lock.", "Stop it with: gamedetectd stop")
    since = datetime.fromtimestamp(holder.started_at).astimezone()
    return AlreadyRunningError(
        f"Version {holder.version} runs as process {holder.pid} since {since:%Y-%m-%d %H:%M:%S}.",
        "Ask it with: gamedetectd status. Stop it with: gamedetectd stop",
    )


def _read(descriptor: int) -> Holder | None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        found = msgspec.json.decode(os.read(descriptor, LONGEST_RECORD), type=Holder)
        datetime.fromtimestamp(found.started_at).astimezone()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError, OverflowError, OSError):
        return None
    return found


def _write(descriptor: int, holder: Holder) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, msgspec.json.encode(holder) + b"\n")


def _weakly(lock: InstanceLock) -> Callable[[], None]:
    reference = weakref.ref(lock)

    def close() -> None:
        if (found := reference()) is not None:
            found.close()

    return close
