"""How a thread of the system's tells one of ours something: it is put down, and a socket becomes readable."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")

MOST = 4096
"""Letters that wait at most; the oldest is dropped then."""


class Mailbox(Generic[T]):
    """Readable (``fileno``) while something waits in it. Letters to one that is closed are dropped."""

    def __init__(self) -> None:
        self._waiting: deque[T] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        self._rung = False
        self._near, self._far = socket.socketpair()
        for end in (self._near, self._far):
            end.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fileno(self) -> int:
        """The descriptor for ``select``."""
        return self._near.fileno()

    def put(self, letter: T) -> None:
        """Leave a letter; from any thread, never blocks."""
        self._waiting.append(letter)
        with self._lock, contextlib.suppress(OSError):  # closed: nobody listens
            if not self._rung:
                self._rung = True
                self._far.send(b"m")

    def take(self) -> list[T]:
        """Every letter that waits, the oldest first; never blocks."""
        with self._lock, contextlib.suppress(OSError):
            self._rung = False
            self._near.recv(16)
        letters = []
        while self._waiting:
            letters.append(self._waiting.popleft())
        return letters

    def close(self) -> None:
        """Give the sockets back."""
        self._near.close()
        self._far.close()
