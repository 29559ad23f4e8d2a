"""Windows: hears of the exit of chosen processes at once. Windows itself waits for any number of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from gamedetectd.domain import ProcessKey

MOST = 1024
"""Processes waited for at once; with more the oldest one nobody asked to keep makes room."""


class _Held(NamedTuple):
    """A watched process: two handles, and the number by which its end is told (pids are given out again)."""

    key: ProcessKey
    process: int
    wait: int
    number: int


if sys.platform == "win32":
    from gamedetectd.platforms.mailbox import Mailbox
    from gamedetectd.platforms.win32 import kernel32

    class WindowsExits:
        """See ``exits.Exits``. Nothing is opened before the first process is watched."""

        def __init__(self, alive: Callable[[ProcessKey], bool]) -> None:
            self._alive = alive
            self._held: dict[int, _Held] = {}
            self._watched = 0
            self._mailbox: Mailbox[int] | None = None
            self._told = kernel32.Ended(self._end_of)

        def readers(self) -> list[Mailbox[int]]:
            """What ``select`` waits for."""
            return [] if self._mailbox is None else [self._mailbox]

        def add(self, key: ProcessKey, keep: Collection[ProcessKey] = ()) -> bool:
            """Watch a process; False where that is impossible or it has already ended. ``keep`` is never let go."""
            held = self._held.get(key.pid)
            if held is not None and held.key == key:
                return True
            self.discard(key.pid)
            if not self._make_room(keep):
                return False
            try:
                process = kernel32.open_process(key.pid, kernel32.SYNCHRONIZE)
            except OSError:
                return False
            if not self._alive(key):  # the handle keeps the number from being given out again
                kernel32.close(process)
                return False
            if self._mailbox is None:
                self._mailbox = Mailbox()
            self._watched += 1
            try:
                wait = kernel32.tell_of_end(process, self._told, self._watched)
            except OSError:
                kernel32.close(process)
                return False
            self._held[key.pid] = _Held(key, process, wait, self._watched)
            return True

        def discard(self, pid: int) -> None:
            """Watch this pid no longer, if it is watched at all."""
            held = self._held.pop(pid, None)
            if held is not None:
                kernel32.tell_no_more(held.wait)
                kernel32.close(held.process)

        def take(self, ready: Iterable[object]) -> list[ProcessKey]:
            """The processes that have exited; they are watched no longer."""
            if self._mailbox is None or self._mailbox not in set(ready):
                return []
            ended = frozenset(self._mailbox.take())
            gone = [held.key for held in self._held.values() if held.number in ended]
            for key in gone:
                self.discard(key.pid)
            return gone

        def close(self) -> None:
            """Give every handle back."""
            for pid in list(self._held):
                self.discard(pid)
            if self._mailbox is not None:
                self._mailbox.close()
                self._mailbox = None

        def _end_of(self, number: int | None, _timed_out: int) -> None:
            """Called in a thread of Windows'."""
            mailbox = self._mailbox
            if mailbox is not None and number is not None:
                mailbox.put(number)

        def _make_room(self, keep: Collection[ProcessKey]) -> bool:
            if len(self._held) < MOST:
                return True
            for pid, held in self._held.items():
                if held.key not in keep:
                    self.discard(pid)
                    return True
            return False
