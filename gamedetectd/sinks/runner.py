"""Delivers session events to one sink: in order, none left out, again and again until the sink took them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from gamedetectd.domain import SessionEvent
from gamedetectd.errors import DeliveryError, GamedetectdError
from gamedetectd.interfaces import Sink, Stop
from gamedetectd.observability.correlation import correlation
from gamedetectd.observability.histogram import Histogram
from gamedetectd.worker import rest

log = logging.getLogger(__name__)

BATCH = 100
"""Events read at a time."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
"""Seconds before a failed delivery is tried again: doubled each time, up to the longest."""


class Pending(Protocol):
    """Where the events wait. Used from the sink's thread only, so it must be usable there."""

    def cursor(self, sink: str) -> int:
        """The number of the last event the sink has received for certain; 0 for none."""
        ...

    def last_number(self) -> int:
        """The number of the newest event; 0 before the first."""
        ...

    def pending(self, sink: str, limit: int = BATCH, after: int | None = None) -> Sequence[SessionEvent]:
        """The next events in order, those after number ``after``."""
        ...


@dataclass(frozen=True, slots=True)
class SinkStatus:
    """What health wants to know of a sink. ``backlog``: events that wait, as of the latest look; ``failing_since``:
    wall time of the first failure in a row, None while all is well.
    """

    name: str
    delivered: int
    backlog: int
    last_error: str
    failing_since: float | None
    waiting_since: float | None = None
    """When (wall time) the oldest event that waits happened; None where none does."""


class SinkRunner:
    """Run ``run`` in a Worker; wake that worker when events were committed. It sleeps while nothing is pending.

    ``delivered(name, number)`` is told of each event the sink took, for the cursor that is committed later; until then
    the runner itself remembers how far it is, also over a crash of the sink. ``position``: how far one before it came.
    """

    def __init__(
        self,
        sink: Sink,
        source: Pending,
        delivered: Callable[[str, int], None],
        now: Callable[[], float] = time.time,
        position: int | None = None,
    ) -> None:
        self.sink = sink
        self.deliveries = Histogram()
        """Seconds the sink took for each event it accepted."""
        self._source = source
        self._delivered = delivered
        self._now = now
        self._position = position
        self._newest = 0
        self._failures = 0
        self._offered = ""
        """Correlation id of the event that the sink has before it; empty while the source is asked."""
        self._status = SinkStatus(sink.name, position or 0, 0, "", None)

    def status(self) -> SinkStatus:
        """How it stands; from any thread."""
        return self._status

    def run(self, stop: Stop) -> None:
        """Deliver until ``stop`` is set. What is not delivered by then is next time."""
        while not stop.is_set():
            try:
                more = self._deliver_some(stop)
            except (GamedetectdError, OSError) as error:
                if stop.is_set():
                    return
                with correlation(self._offered):
                    self._note_failure(error)
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures - 1, 10))
                rest(stop, max(pause, error.after if isinstance(error, DeliveryError) else 0.0))
                continue
            if not more:
                stop.wait(None)

    def _deliver_some(self, stop: Stop) -> bool:
        """One batch; True if there was anything. Raises what the sink or the source raises."""
        name = self.sink.name
        self._offered = ""
        if self._position is None:
            self._position = self._source.cursor(name)
            self._status = replace(self._status, delivered=self._position)
        events = self._source.pending(name, BATCH, self._position)
        if events:
            self._newest = events[-1].number if len(events) < BATCH else self._source.last_number()
        for event in events:
            if stop.is_set():
                break
            with correlation(event.correlation_id) as self._offered:
                waiting = self._newest - (self._position or 0)
                self._status = replace(self._status, backlog=waiting, waiting_since=event.at)
                began = time.monotonic()
                self.sink.accept(event)
                self.deliveries.observe(time.monotonic() - began)
                self._note_success(event.number)
        return bool(events)

    def _note_success(self, number: int) -> None:
        self._position = number
        self._delivered(self.sink.name, number)
        if self._failures:
            log.info("%s takes events again after %d failures", self.sink.name, self._failures)
        self._failures = 0
        self._status = SinkStatus(self.sink.name, number, self._newest - number, "", None)

    def _note_failure(self, error: GamedetectdError | OSError) -> None:
        self._failures += 1
        if self._failures == 1:
            log.warning("%s cannot take events: %s; they are kept and offered again", self.sink.name, error)
        position = self._position or 0
        since = self._status.failing_since or self._now()
        backlog = max(0, self._newest - position)
        self._status = replace(
            self._status, delivered=position, backlog=backlog, last_error=str(error), failing_since=since
        )
