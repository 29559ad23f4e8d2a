"""macOS: hears of the exit of chosen processes at once, all through one kernel queue (kqueue(2), EVFILT_PROC)."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from gamedetectd.domain import ProcessKey

MOST = 1024
"""Processes waited for at once; with more the oldest one nobody asked to keep makes room."""
EVFILT_PROC = -5
EV_ADD, EV_DELETE, EV_ONESHOT = 0x1, 0x2, 0x10
NOTE_EXIT = 0x80000000
"""sys/event.h"""


class Event(Protocol):
    """What the queue is asked for, and tells: the process ``ident``."""

    @property
    def ident(self) -> int: ...


class Queue(Protocol):
    """A ``select.kqueue``."""

    def fileno(self) -> int: ...

    def control(self, changes: list[Event] | None, most: int, timeout: float, /) -> Sequence[Event]: ...

    def close(self) -> None: ...


if sys.platform == "darwin":

    def _queue() -> Queue:
        return select.kqueue()  # type: ignore[return-value]

    def _event(pid: int, flags: int) -> Event:
        return select.kevent(pid, EVFILT_PROC, flags, NOTE_EXIT)

else:

    def _queue() -> Queue:
        raise OSError("This system has no kernel queues.")

    def _event(pid: int, flags: int) -> Event:
        raise OSError(f"This system has no kernel queues for {pid} ({flags}).")


class QueueExits:
    """See ``exits.Exits``. Nothing is opened before the first process is watched."""

    def __init__(
        self,
        alive: Callable[[ProcessKey], bool],
        queue: Callable[[], Queue] = _queue,
        event: Callable[[int, int], Event] = _event,
    ) -> None:
        self._alive = alive
        self._make_queue = queue
        self._event = event
        self._queue: Queue | None = None
        self._held: dict[int, ProcessKey] = {}

    def readers(self) -> list[Queue]:
        """What ``select`` waits for."""
        return [] if self._queue is None else [self._queue]

    def add(self, key: ProcessKey, keep: Collection[ProcessKey] = ()) -> bool:
        """Watch a process; False where that is impossible or it has already ended. ``keep`` is never let go for it."""
        if self._held.get(key.pid) == key:
            return True
        self.discard(key.pid)
        if not self._make_room(keep):
            return False
        try:
            if self._queue is None:
                self._queue = self._make_queue()
            self._queue.control([self._event(key.pid, EV_ADD | EV_ONESHOT)], 0, 0)
        except OSError:  # gone, or not ours to watch
            return False
        self._held[key.pid] = key
        if not self._alive(key):  # the number was given out again before we watched it
            self.discard(key.pid)
            return False
        return True

    def discard(self, pid: int) -> None:
        """Watch this pid no longer, if it is watched at all."""
        if self._held.pop(pid, None) is not None and self._queue is not None:
            try:
                self._queue.control([self._event(pid, EV_DELETE)], 0, 0)
            except OSError:  # the kernel dropped it with the process
                pass

    def take(self, ready: Iterable[object]) -> list[ProcessKey]:
        """The processes that have exited; they are watched no longer."""
        if self._queue is None or self._queue not in set(ready):
            return []
        gone = []
        for event in self._queue.control(None, MOST, 0):
            key = self._held.pop(event.ident, None)
            if key is not None:
                gone.append(key)
        return gone

    def close(self) -> None:
        """Give the queue back, and with it everything it waits for."""
        self._held.clear()
        if self._queue is not None:
            self._queue.close()
            self._queue = None

    def _make_room(self, keep: Collection[ProcessKey]) -> bool:
        if len(self._held) < MOST:
            return True
        oldest = next((pid for pid, key in self._held.items() if key not in keep), None)
        if oldest is not None:
            self.discard(oldest)
        return oldest is not None
