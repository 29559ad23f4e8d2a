"""The parts of the process sensor: what one run of it knows and tells, how long it gathers, how it is called."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable
from types import TracebackType
from typing import Self

from gamedetectd.domain import Instant, ProcessEnded, ProcessKey, ProcessStarted
from gamedetectd.interfaces import Clock, Emit
from gamedetectd.platforms.processes import ProcessTable
from gamedetectd.platforms.processes.events import Batch
from gamedetectd.platforms.processes.exits import exit_watch
from gamedetectd.sensors.process_roster import Delta, ProcessRoster

CHECK_AFTER_LOSS = 1.0
"""Seconds that lie at least between two Resyncs because of lost events."""
CHECK_AFTER_END = 1.0
"""Seconds after a told end until the process table is checked for what the process left behind by fork alone."""
CHECK_SPACING = 15.0
"""Seconds that lie at least between two checks."""
QUICK_IN_A_ROW = 8.0
QUICK_PER_SECOND = 1.0
"""Quick windows that can be had at once (a game with its chain of launchers) and for ever."""


class Watcher:
    """One run's roster, and the telling of what is found. It belongs to the sensor's thread.

    ``check_every`` is seconds between checks of the whole process table.
    """

    def __init__(
        self, table: ProcessTable, clock: Clock, roster: ProcessRoster, emit: Emit, check_every: float
    ) -> None:
        self.exits = exit_watch(table.alive)
        self._table = table
        self._clock = clock
        self._roster = roster
        self._emit = emit
        self._check_every = check_every
        self._kept: frozenset[ProcessKey] = frozenset()
        self._seen: frozenset[int] = frozenset()
        self._turnover: object | None = None
        self._lost = False
        self._last_check = 0.0
        self._next_check = 0.0

    # --- the whole process table ---

    def resync(self) -> None:
        """Tell everything that is true now."""
        at = self._list()
        self._lost = False
        self._emit(self._roster.resync(at, self._seen))

    def check(self) -> None:
        """Compare what was told with the whole process table and tell the difference, or after a loss everything."""
        if self._lost:
            self.resync()
            return
        at = self._list()
        self._tell(self._roster.check(at, self._seen))

    def until_check(self) -> float:
        """Seconds until ``check`` is due, 0 when it is."""
        return max(0.0, self._next_check - time.monotonic())

    def _list(self) -> Instant:
        self._turnover = self._table.turnover()
        self._seen = frozenset(self._table.pids())
        self._last_check = time.monotonic()
        self._next_check = self._last_check + self._check_every
        return self._clock.now()

    def follow(self, pid: int) -> None:
        """Tell of a process, whatever its program's path."""
        self._tell(self._roster.examine(pid, self._clock.now(), wanted=True))

    def expect(self, keys: Collection[ProcessKey]) -> None:
        """Have the next Resync tell of these too, whatever their programs' paths: they are played."""
        at = self._clock.now()
        for key in keys:
            if self._table.alive(key):
                self._roster.examine(key.pid, at, wanted=True)

    # --- event mode ---

    def take(self, batch: Batch) -> None:
        """Tell what a batch of kernel events comes to."""
        if batch.lost:
            self._lost = True
            self._check_within(0.0, CHECK_AFTER_LOSS)
        at = self._clock.now()
        behind = at.elapsed - time.monotonic()
        for pid, monotonic in batch.exits.items():
            self._first_thread_ended(pid, at, monotonic + behind)
        for pid in batch.begun:
            self._tell(self._roster.examine(pid, at))
        for pid in batch.renamed.keys() - batch.begun.keys():
            if self._roster.key(pid) is not None:
                self._tell(self._roster.recheck(pid, at))

    def _first_thread_ended(self, pid: int, at: Instant, elapsed: float) -> None:
        """A process outlives its first thread where another thread execs or simply goes on; a pidfd knows the end."""
        key = self._roster.key(pid)
        if key is None:
            return
        if self._table.alive(key) and self.exits.add(key, self._kept):
            return
        self._tell(self._roster.ended(pid, at, elapsed))
        self._check_within(CHECK_AFTER_END, CHECK_SPACING)

    def _check_within(self, seconds: float, spacing: float) -> None:
        """Let the next check come in ``seconds``, or ``spacing`` seconds after the last one where that is later."""
        self._next_check = min(self._next_check, max(time.monotonic() + seconds, self._last_check + spacing))

    # --- polling mode ---

    def look(self) -> bool:
        """Tell what began or ended since the last look; True if anything on this machine did."""
        turnover = self._table.turnover()
        happened = turnover is None or turnover != self._turnover
        at = self._clock.now()
        deltas: list[Delta] = []
        for pid in self._roster.young(at):
            deltas += self._roster.recheck(pid, at)
        if happened:
            self._turnover = turnover
            before, self._seen = self._seen, frozenset(self._table.pids())
            for pid in before - self._seen:
                deltas += self._roster.ended(pid, at, at.elapsed)
            for pid in sorted(self._seen - before):
                deltas += self._roster.examine(pid, at)
        self._tell(deltas)
        for delta in deltas:
            if isinstance(delta, ProcessStarted):
                self.exits.add(delta.process.key, self._kept)
        return happened

    def watch_exits(self, kept: frozenset[ProcessKey]) -> None:
        """Watch the ends of processes one by one, of those kept for certain."""
        self._kept = kept
        for key in kept:
            if self._roster.key(key.pid) == key:
                self.exits.add(key, kept)

    # --- both ---

    def exited(self, ready: Iterable[object]) -> None:
        """Tell the ends that single watches have seen."""
        for key in self.exits.take(ready):
            at = self._clock.now()
            self._tell(self._roster.ended(key.pid, at, at.elapsed))

    def _tell(self, deltas: Iterable[Delta]) -> None:
        for delta in deltas:
            if isinstance(delta, ProcessEnded):
                self.exits.discard(delta.key.pid)
            self._emit(delta)


class Silence:
    """Whether a source that says nothing still could. ``heard`` whatever it says, and ``dead`` when time has passed.

    After a span in which it said nothing, ``noise`` is made, of which it has to tell within the next span.
    """

    def __init__(self, noise: Callable[[], None]) -> None:
        self._noise = noise
        self._quiet = False
        self._asked = False

    def heard(self) -> None:
        """It said something."""
        self._quiet = self._asked = False

    def dead(self) -> bool:
        """True if it said nothing since the call before, although noise was made then."""
        if self._asked:
            return True
        if self._quiet:
            self._asked = True
            self._noise()
        self._quiet = True
        return False


class Pacing:
    """How long to gather events. Quick windows are a supply that grows with time; under sustained load it is empty."""

    def __init__(self) -> None:
        self._supply = QUICK_IN_A_ROW
        self._counted = time.monotonic()

    def strained(self) -> bool:
        """True if the next window should be a long one."""
        now = time.monotonic()
        self._supply = min(QUICK_IN_A_ROW, self._supply + (now - self._counted) * QUICK_PER_SECOND)
        self._counted = now
        return self._supply < 1.0

    def spend(self) -> None:
        """A window had something in it."""
        self._supply = max(0.0, self._supply - 1.0)


class Bell:
    """Lets any thread end the sensor's wait: readable (``fileno``) once rung. Rings while it is closed are dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: tuple[socket.socket, socket.socket] | None = None

    def __enter__(self) -> Self:
        ends = socket.socketpair()
        for end in ends:
            end.setblocking(False)
        with self._lock:
            self._ends = ends
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            ends, self._ends = self._ends, None
        for end in ends or ():
            end.close()

    def fileno(self) -> int:
        """The descriptor for ``select``."""
        return -1 if self._ends is None else self._ends[0].fileno()

    def ring(self) -> None:
        """End the wait, from any thread; never blocks."""
        with self._lock, contextlib.suppress(BlockingIOError):
            if self._ends is not None:
                self._ends[1].send(b"r")

    def silence(self) -> None:
        """Take note of every ring so far."""
        with contextlib.suppress(BlockingIOError):
            if self._ends is not None:
                self._ends[0].recv(4096)
