"""A supervised thread: it has a name, knows how to wait, restarts after a crash with growing pauses and logs why.

Whatever ends a worker's work, ``SystemExit`` and a return nobody asked for among it, is a crash: no part of us ends
unseen. After too many in a row it is given up, keeps its thread, and can be told to try again.
"""

from __future__ import annotations

import logging
import random
import select
import socket
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from gamedetectd.interfaces import Readable, Stop

log = logging.getLogger(__name__)

STUCK_AFTER = 20.0
"""Seconds outside any wait after which a worker is reported as stuck."""
STEADY_AFTER = 60.0
"""Seconds of undisturbed running after which earlier crashes are forgotten."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
GIVE_UP_AFTER = 8
"""Crashes in a row after which a worker is started again only when somebody asks for it."""


class StopSignal:
    """The ``Stop`` of a worker; see ``interfaces.Stop``. ``wake`` ends a wait early without stopping."""

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._stopped = threading.Event()
        self._wakeup = threading.Event()
        self._lock = threading.Lock()
        self._pair: tuple[socket.socket, socket.socket] | None = None
        self.busy_since: float | None = None

    def set(self) -> None:
        """Ask the worker to return."""
        self._stopped.set()
        self.wake()

    def wake(self) -> None:
        """End the current or next wait."""
        self._wakeup.set()
        with self._lock:
            if self._pair is not None:
                try:
                    self._pair[1].send(b"w")
                except BlockingIOError:
                    pass  # enough wake-ups are already waiting in the buffer

    def is_set(self) -> bool:
        return self._stopped.is_set()

    def wait(self, timeout: float | None) -> bool:
        self._rests()
        if not self._stopped.is_set():  # a select may have taken the wake-up that came with the stop
            self._wakeup.wait(timeout)
        self._wakeup.clear()
        self.busy_since = time.monotonic()
        return self._stopped.is_set()

    def select(self, readers: Sequence[Readable | int], timeout: float | None) -> list[Readable | int]:
        with self._lock:
            if self._pair is None:
                self._pair = socket.socketpair()
                for end in self._pair:
                    end.setblocking(False)
            wake_end = self._pair[0]
        if self._wakeup.is_set() or self._stopped.is_set():
            timeout = 0.0
        self._rests()
        ready, _, _ = select.select([wake_end, *readers], [], [], timeout)
        self.busy_since = time.monotonic()
        self._wakeup.clear()
        if wake_end in ready:
            ready.remove(wake_end)
            try:
                wake_end.recv(4096)
            except BlockingIOError:
                pass
        return ready

    def _rests(self) -> None:
        busy_since, self.busy_since = self.busy_since, None
        if busy_since is not None and (seconds := time.monotonic() - busy_since) > STUCK_AFTER:
            log.warning("worker %s gets on again after %.0f s", self._name, seconds)

    def close(self) -> None:
        """Give the descriptors back once the thread is gone."""
        with self._lock:
            if self._pair is not None:
                for end in self._pair:
                    end.close()
                self._pair = None


def rest(stop: Stop, seconds: float) -> None:
    """Sleep through wake-ups, but not through stop."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not stop.wait(left):
        pass


class WorkerState(StrEnum):
    """Where a worker is in its life."""

    NEW = "new"
    RUNNING = "running"
    RESTING = "resting"
    """Crashed; waits before it starts again."""
    GAVE_UP = "gave_up"
    """Crashed too often; waits to be told to try again."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """What health wants to know of a worker. ``stuck_for`` is seconds outside any wait, 0 while it waits."""

    name: str
    state: WorkerState
    restarts: int
    last_error: str
    stuck_for: float


def _untold(_worker: Worker) -> None:
    """Nobody wants to know."""


class Worker:
    """Runs ``target(stop)`` in a named thread until it returns with ``stop`` set; restarts it when it ends otherwise.

    ``troubled`` is called in that thread after each crash, when ``state`` says what comes of it.
    """

    def __init__(self, name: str, target: Callable[[Stop], None], troubled: Callable[[Worker], None] = _untold) -> None:
        self.name = name
        self.stop_signal = StopSignal(name)
        self.state = WorkerState.NEW
        self.restarts = 0
        self.last_error = ""
        self.troubled = troubled
        self._target = target
        self._again = threading.Event()
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; once only."""
        self._thread.start()

    def run_here(self) -> None:
        """Live in the calling thread instead of one of its own, until stopped; in place of ``start``."""
        self._live()

    def stop(self) -> None:
        """Ask it to end; returns at once."""
        self.stop_signal.set()

    def wake(self) -> None:
        """End its current wait early."""
        self.stop_signal.wake()

    def try_again(self) -> bool:
        """Have one that gave up start again; False for every other, which is left alone."""
        if self.state is not WorkerState.GAVE_UP:
            return False
        self._again.set()
        self.stop_signal.wake()
        return True

    def join(self, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds for the end; True if it ended (or never started)."""
        if self._thread.ident is None:
            return True
        self._thread.join(timeout)
        if self._thread.is_alive():
            return False
        self.stop_signal.close()
        return True

    def status(self) -> WorkerStatus:
        """A consistent look at it from another thread."""
        busy_since = self.stop_signal.busy_since
        stuck = time.monotonic() - busy_since if busy_since is not None and self.state is WorkerState.RUNNING else 0.0
        return WorkerStatus(self.name, self.state, self.restarts, self.last_error, stuck)

    def _live(self) -> None:
        crashes = 0
        while not self.stop_signal.is_set():
            self.state = WorkerState.RUNNING
            self.stop_signal.busy_since = started = time.monotonic()
            self._work()
            if self.stop_signal.is_set():
                break
            crashes = 1 if time.monotonic() - started > STEADY_AFTER else crashes + 1
            self.restarts += 1
            if crashes < GIVE_UP_AFTER:
                self.state = WorkerState.RESTING
                self.troubled(self)
                rest(self.stop_signal, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (crashes - 1)) * random.uniform(0.8, 1.2))
            else:
                self._give_up(crashes)
                crashes = 0
        self.state = WorkerState.ENDED

    def _work(self) -> None:
        """One run of the target. Whatever it raises is logged; so is a return that nobody asked for."""
        try:
            self._target(self.stop_signal)
            if not self.stop_signal.is_set():
                self.last_error = "it ended although nobody asked it to"
                log.error("worker %s ended although nobody asked it to", self.name)
        except BaseException as error:
            self.last_error = _in_short(error)
            with suppress(MemoryError):
                log.exception("worker %s crashed", self.name)

    def _give_up(self, crashes: int) -> None:
        """Say so, and sleep until told to try again or to end."""
        self._again.clear()
        self.state = WorkerState.GAVE_UP
        log.error("worker %s crashed %d times in a row and is given up: %s", self.name, crashes, self.last_error)
        self.troubled(self)
        while not self._again.is_set() and not self.stop_signal.wait(None):
            pass
        if not self.stop_signal.is_set():
            log.warning("worker %s is tried again", self.name)


def _in_short(error: BaseException) -> str:
    """``ValueError: why``; also of an error whose text cannot be made."""
    kind, _, text = traceback.format_exception_only(error)[0].strip().partition(":")
    return f"{kind.rpartition('.')[2]}:{text}" if text else kind
