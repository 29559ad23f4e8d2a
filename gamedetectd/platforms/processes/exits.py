"""Hears of the exit of chosen processes at once: on Linux through one pidfd each (pidfd_open(2))."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from gamedetectd.domain import ProcessKey
from gamedetectd.interfaces import Readable

MOST = 64
"""Descriptors held at once; with more processes the oldest one nobody asked to keep makes room."""
LARGEST_DESCRIPTOR = 1000
"""``select`` takes descriptors below 1024."""


class Exits(Protocol):
    """A bounded set of watched processes. For one thread."""

    def readers(self) -> Sequence[Readable | int]:
        """What ``select`` waits for: ready once a process has exited."""
        ...

    def add(self, key: ProcessKey, keep: Collection[ProcessKey] = ()) -> bool:
        """Watch a process; False where that is impossible or it has already ended. ``keep`` is never let go for it."""
        ...

    def discard(self, pid: int) -> None:
        """Watch this pid no longer, if it is watched at all."""
        ...

    def take(self, ready: Iterable[object]) -> list[ProcessKey]:
        """The processes that have exited, as what is ``ready`` says; they are watched no longer."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


def exit_watch(alive: Callable[[ProcessKey], bool]) -> Exits:
    """What hears of exits on this system. ``alive`` tells whether a key still names a running process."""
    if sys.platform == "win32":
        from gamedetectd.platforms.processes.exits_windows import WindowsExits

        return WindowsExits(alive)
    if sys.platform == "darwin":
        from gamedetectd.platforms.processes.exits_kqueue import QueueExits

        return QueueExits(alive)
    return ExitWatch(alive)


class ExitWatch:
    """See ``Exits``; through pidfds. On other systems than Linux it stays empty.

    ``alive`` tells whether a key still names a running process: a pid can be reused before its pidfd is open.
    """

    def __init__(self, alive: Callable[[ProcessKey], bool]) -> None:
        self._alive = alive
        self._held: dict[int, tuple[ProcessKey, int]] = {}

    def readers(self) -> list[int]:
        """The descriptors for ``select``; one that is ready belongs to a process that has exited."""
        return [fd for _, fd in self._held.values()]

    def add(self, key: ProcessKey, keep: Collection[ProcessKey] = ()) -> bool:
        """Watch a process; False where that is impossible or it has already ended. ``keep`` is never let go for it."""
        held = self._held.get(key.pid)
        if held is not None and held[0] == key:
            return True
        self.discard(key.pid)
        if sys.platform != "linux" or not self._make_room(keep):
            return False
        try:
            fd = os.pidfd_open(key.pid)
        except OSError:
            return False
        if fd > LARGEST_DESCRIPTOR or not self._alive(key):
            os.close(fd)
            return False
        self._held[key.pid] = (key, fd)
        return True

    def discard(self, pid: int) -> None:
        """Watch this pid no longer, if it is watched at all."""
        held = self._held.pop(pid, None)
        if held is not None:
            os.close(held[1])

    def take(self, ready: Iterable[object]) -> list[ProcessKey]:
        """The processes whose descriptors are ready: they have exited and are watched no longer."""
        fds = set(ready)
        gone = [key for key, fd in self._held.values() if fd in fds]
        for key in gone:
            self.discard(key.pid)
        return gone

    def close(self) -> None:
        """Give every descriptor back."""
        for pid in list(self._held):
            self.discard(pid)

    def _make_room(self, keep: Collection[ProcessKey]) -> bool:
        if len(self._held) < MOST:
            return True
        for pid, (key, _) in self._held.items():
            if key not in keep:
                self.discard(pid)
                return True
        return False
