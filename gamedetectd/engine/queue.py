"""The bounded queue between the sensors and the engine: what may be lost is told, what may not be lost is not."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from gamedetectd.domain import (
    ForegroundChanged,
    IdleChanged,
    Observation,
    ProcessEnded,
    ProcessStarted,
    Resync,
)

_LATEST_WINS = (ForegroundChanged, IdleChanged)
_DELTAS = (ProcessStarted, ProcessEnded)


class ObservationQueue:
    """Takes observations from any thread and hands them to one.

    Foreground and idle keep only their latest value. When more than ``limit`` process deltas wait, they are all dropped
    and ``on_overflow`` is called once: a Resync then tells the engine what is true. Everything else is rare and kept.
    """

    def __init__(self, limit: int, on_put: Callable[[], None], on_overflow: Callable[[], None]) -> None:
        self._limit = limit
        self._on_put = on_put
        self._on_overflow = on_overflow
        self._lock = threading.Lock()
        self._waiting: deque[Observation] = deque()
        self._deltas = 0
        self.overflows = 0
        self.longest = 0

    def put(self, observation: Observation) -> None:
        """Add one observation; never blocks."""
        with self._lock:
            overflow = self._add(observation)
            self.longest = max(self.longest, len(self._waiting))
        self._on_put()
        if overflow:
            self._on_overflow()

    def take(self) -> list[Observation]:
        """Everything that waits, oldest first."""
        with self._lock:
            taken = list(self._waiting)
            self._waiting.clear()
            self._deltas = 0
        return taken

    def __len__(self) -> int:
        return len(self._waiting)

    def _add(self, observation: Observation) -> bool:
        """Queue it; True if the deltas overflowed."""
        if isinstance(observation, _LATEST_WINS):
            self._drop(type(observation))
        elif isinstance(observation, Resync):
            self._drop(*_DELTAS, Resync)
            self._deltas = 0
        elif isinstance(observation, _DELTAS):
            if self._deltas >= self._limit:
                self._drop(*_DELTAS)
                self._deltas = 0
                self.overflows += 1
                return True
            self._deltas += 1
        self._waiting.append(observation)
        return False

    def _drop(self, *kinds: type) -> None:
        if any(isinstance(waiting, kinds) for waiting in self._waiting):
            self._waiting = deque(waiting for waiting in self._waiting if not isinstance(waiting, kinds))
