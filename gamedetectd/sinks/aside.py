"""Does what takes long in a thread beside a worker, who waits through its ``Stop`` meanwhile and is never stuck."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from gamedetectd.errors import DeliveryError, GamedetectdError
from gamedetectd.interfaces import Stop
from gamedetectd.observability.correlation import carried
from gamedetectd.worker import StopSignal

T = TypeVar("T")

END_SECONDS = 1.0
"""How long a job that was called off may take to end before it is left behind."""


class Aside(Generic[T]):
    """One job at a time. ``signal`` is what the worker waits by; ``attach`` the worker's own before it starts."""

    def __init__(self, name: str) -> None:
        self.signal = self._own = StopSignal(name)
        self._name = name
        self._busy = threading.Event()
        """Set while a thread is at work."""

    def attach(self, signal: StopSignal) -> None:
        """Wait by this worker's signal from now on."""
        self.signal = signal

    def close(self) -> None:
        """Give back what waiting without a worker took."""
        self._own.close()

    def do(self, job: Callable[[], T], seconds: float, call_off: Callable[[], None]) -> T:
        """What ``job`` returns; it raises GamedetectdError or OSError at most, and so does this.

        ``call_off`` makes it return soon, and is called when it takes longer than ``seconds`` or the worker is to end;
        DeliveryError then, and while an earlier job that was called off still has not ended.
        """
        if self._busy.is_set():
            raise DeliveryError("An earlier attempt still hangs.", "Nothing needs to be done: it is tried again.")
        results: list[T] = []
        errors: list[GamedetectdError | OSError] = []
        done = threading.Event()

        def work() -> None:
            try:
                results.append(job())
            except (GamedetectdError, OSError) as error:
                errors.append(error)
            finally:
                self._busy.clear()
                done.set()
                self.signal.wake()

        self._busy.set()
        threading.Thread(target=carried(work), name=self._name, daemon=True).start()
        until = time.monotonic() + seconds
        while not done.is_set() and not self.signal.is_set() and (left := until - time.monotonic()) > 0:
            self.signal.wait(left)
        if not done.is_set():
            call_off()
            done.wait(END_SECONDS)
            if self.signal.is_set():
                raise DeliveryError("gamedetectd ends.", "It is delivered after the next start.")
            raise DeliveryError(f"It took longer than {seconds:g} s.", "Look at why it takes so long.")
        if errors:
            raise errors[0]
        if not results:
            raise DeliveryError("It failed in a way that nobody foresaw.", "The log tells more: gamedetectd logs")
        return results[0]


class EventsOnly:
    """What a sink says that tells nobody what is true now, only what happened, by a connection for each event."""

    away = ""

    def forget(self) -> None:
        """There is nothing to be taken back when it goes for good."""

    def changed(self) -> None:
        """What is true now is none of its business."""

    def tending(self, stop: Stop) -> Stop:
        """Its worker waits as every other."""
        return stop
