"""The room that gathers facts off the engine's thread: one place that times, counts, bounds and reports every source.

A source that fails costs its kind, not the answer: the facts are delivered without it, marked as gathered, so that the
engine can decide. A source that hangs is left behind in its thread and not asked again until it has returned.
"""

from __future__ import annotations

import logging
import math
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from gamedetectd.domain import FactKind, Facts
from gamedetectd.facts.later import EXPECTED, Later
from gamedetectd.interfaces import FactSource, Stop
from gamedetectd.observability.correlation import carried, correlation, current_id
from gamedetectd.observability.histogram import Distribution, Histogram

log = logging.getLogger(__name__)

CAPACITY = 2_000
"""Tickets that may wait."""
_ORDER = {kind: place for place, kind in enumerate(FactKind)}

Deliver = Callable[[object, Facts], None]


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What health wants to know of one source. ``seconds`` is the time spent in it; ``stuck`` means it hangs now."""

    asked: int = 0
    failed: int = 0
    stuck: bool = False
    last_error: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class _Job:
    """One question: the facts so far and the kinds still to gather. ``asked`` and ``due`` are on the room's clock."""

    facts: Facts
    kinds: frozenset[FactKind]
    correlation_id: str
    asked: float
    due: float = 0.0


@dataclass(slots=True)
class _Attempt:
    """One call of a source, in a thread of its own. ``error`` stays set if the thread dies of something unforeseen."""

    facts: Facts
    error: BaseException | None = field(default_factory=lambda: RuntimeError("the source ended without an answer"))
    over: bool = False


@dataclass(slots=True)
class _Desk:
    """A source with its books."""

    source: FactSource
    status: SourceStatus = SourceStatus()
    timing: Histogram = field(default_factory=Histogram)
    hanging: _Attempt | None = None
    told: set[type[BaseException]] = field(default_factory=set)


class FactsRoom:
    """Give ``run`` to a Worker. ``deliver(ticket, facts)`` is called in its thread and must not block."""

    def __init__(
        self,
        sources: Iterable[FactSource],
        deliver: Deliver,
        monotonic: Callable[[], float] = time.monotonic,
        capacity: int = CAPACITY,
    ) -> None:
        self._desks = {source.kind: _Desk(source) for source in sources}
        self._deliver = deliver
        self._monotonic = monotonic
        self._capacity = capacity
        self._lock = threading.Lock()
        self._jobs: dict[object, _Job] = {}
        self._bell: socket.socket | None = None
        self.refused = 0
        self.pace = 1.0
        """How many times as long as it asks for a source that needs a moment is left alone."""
        self.latency = Histogram()
        """Seconds from a question to its answer, the moments that sources need included."""

    # --- from other threads ---

    def ask(self, ticket: object, facts: Facts, kinds: Collection[FactKind]) -> bool:
        """Gather ``kinds``; never blocks. A newer question with the same ticket replaces one that still waits.

        False, counted in ``refused``, if too many wait.
        """
        job = _Job(facts, frozenset(kinds), current_id(), self._monotonic())
        with self._lock:
            if ticket not in self._jobs and len(self._jobs) >= self._capacity:
                self.refused += 1
                return False
            self._jobs[ticket] = job
        self._ring()
        return True

    def waiting(self) -> int:
        """Questions not answered yet."""
        return len(self._jobs)

    def status(self) -> Mapping[FactKind, SourceStatus]:
        """Each source's books, for health."""
        return {kind: replace(desk.status, stuck=_hangs(desk)) for kind, desk in self._desks.items()}

    def timings(self) -> Mapping[FactKind, Distribution]:
        """How many seconds each source took, for metrics; one left behind counts as long as it was waited for."""
        return {kind: desk.timing.look() for kind, desk in self._desks.items()}

    # --- the worker ---

    def run(self, stop: Stop) -> None:
        """Answer questions until stopped. Without any, it sleeps without waking up."""
        ear, bell = socket.socketpair()
        ear.setblocking(False)
        bell.setblocking(False)
        with ear, bell:
            self._bell = bell
            try:
                while not stop.is_set():
                    taken = self._take()
                    if taken is None:
                        stop.select([ear], self._pause())
                        _hush(ear)
                    else:
                        self._answer(*taken, ear, stop)
            finally:
                with self._lock:
                    self._bell = None

    def _ring(self) -> None:
        """Wake the worker, if it runs."""
        with self._lock:
            if self._bell is not None:
                try:
                    self._bell.send(b"r")
                except BlockingIOError:
                    pass  # enough rings wait to be heard

    def _take(self) -> tuple[object, _Job] | None:
        """The oldest question that is due."""
        now = self._monotonic()
        with self._lock:
            ticket = next((ticket for ticket, job in self._jobs.items() if job.due <= now), None)
            return None if ticket is None else (ticket, self._jobs.pop(ticket))

    def _pause(self) -> float | None:
        """Seconds until the next question is due; None when none waits."""
        with self._lock:
            due = min((job.due for job in self._jobs.values()), default=math.inf)
        return None if math.isinf(due) else max(0.0, due - self._monotonic())

    def _answer(self, ticket: object, job: _Job, ear: socket.socket, stop: Stop) -> None:
        """Gather every kind of one question; deliver what there is, and put back what needs a moment."""
        facts = job.facts
        pauses: dict[FactKind, float] = {}
        with correlation(job.correlation_id):
            for kind in sorted(job.kinds, key=_ORDER.__getitem__):
                try:
                    facts = self._gathered(kind, facts, ear, stop)
                except Later as later:
                    pauses[kind] = later.seconds
                if stop.is_set():
                    return
            if len(pauses) < len(job.kinds) or not job.kinds:
                self._deliver(ticket, facts)
                self.latency.observe(self._monotonic() - job.asked)
        if pauses:
            due = self._monotonic() + min(pauses.values()) * self.pace
            with self._lock:
                self._jobs.setdefault(ticket, replace(job, facts=facts, kinds=frozenset(pauses), due=due))

    def _gathered(self, kind: FactKind, facts: Facts, ear: socket.socket, stop: Stop) -> Facts:
        """The facts with one more kind marked as gathered, whatever came of it. Raises ``Later``."""
        desk = self._desks.get(kind)
        if desk is not None and not _hangs(desk):
            facts = self._call(desk, facts, ear, stop)
        return replace(facts, gathered=facts.gathered | {kind})

    def _call(self, desk: _Desk, facts: Facts, ear: socket.socket, stop: Stop) -> Facts:
        """Call the source in a thread of its own and wait for it as long as it may take."""
        attempt = _Attempt(facts)
        started = self._monotonic()
        thread = threading.Thread(
            target=carried(self._attempt), args=(desk.source, attempt), name=f"facts-{desk.source.kind}", daemon=True
        )
        thread.start()
        until = started + desk.source.time_limit
        while not attempt.over and not stop.is_set() and (left := until - self._monotonic()) > 0:
            stop.select([ear], left)
            _hush(ear)
        took = self._monotonic() - started
        desk.timing.observe(took)
        desk.status = replace(desk.status, asked=desk.status.asked + 1, seconds=desk.status.seconds + took)
        if not attempt.over:
            desk.hanging = attempt
            if stop.is_set():
                return facts
            self._count(desk, TimeoutError(f"no answer within {desk.source.time_limit:g} s"))
            return facts
        thread.join()
        if isinstance(attempt.error, Later):
            raise attempt.error
        if attempt.error is not None:
            self._count(desk, attempt.error)
        return attempt.facts

    def _attempt(self, source: FactSource, attempt: _Attempt) -> None:
        """The thread's target. An unforeseen exception ends the thread and is reported by ``threading.excepthook``."""
        try:
            attempt.facts = source.gather(attempt.facts)
            attempt.error = None
        except (*EXPECTED, Later) as error:
            attempt.error = error
        finally:
            attempt.over = True
            self._ring()

    def _count(self, desk: _Desk, error: BaseException) -> None:
        """Count a failure; tell of each kind of error once only."""
        text = f"{type(error).__name__}: {error}"
        desk.status = replace(desk.status, failed=desk.status.failed + 1, last_error=text)
        if type(error) not in desk.told:
            desk.told.add(type(error))
            log.warning("%s could not be gathered: %s", desk.source.kind, text)


def _hangs(desk: _Desk) -> bool:
    return desk.hanging is not None and not desk.hanging.over


def _hush(ear: socket.socket) -> None:
    """Take every ring that waits."""
    try:
        while ear.recv(4096):
            pass
    except BlockingIOError:
        pass
