"""The engine worker: takes observations in order, asks for facts, commits session events, keeps the journal.

It is the only writer of the history. Everything other threads want of it goes through its queue.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from gamedetectd.config.sections import Sessions
from gamedetectd.domain import (
    FactKind,
    Facts,
    ForegroundChanged,
    Instant,
    Observation,
    ProcessKey,
    Session,
    SessionEvent,
    SessionEventKind,
    StoreSignal,
)
from gamedetectd.engine.core import Core, Events
from gamedetectd.engine.queue import ObservationQueue
from gamedetectd.errors import ControlError, HistoryError, JournalError
from gamedetectd.interfaces import Clock, Stop
from gamedetectd.observability.correlation import correlation, current_id, new_id
from gamedetectd.observability.histogram import Histogram
from gamedetectd.observability.redaction import is_private_title
from gamedetectd.sessions.history import History
from gamedetectd.sessions.journal import Journal
from gamedetectd.worker import StopSignal

log = logging.getLogger(__name__)

QUEUE_LIMIT = 4_000
"""Process deltas that may wait before they are dropped and a resync is asked for."""
GROUP_SECONDS = 0.02
"""Events of observations that waited together are committed together; none waits longer than this for the others."""
CURSOR_SECONDS = 5.0
"""A sink's progress is committed at most this much later."""


class FactsAsker(Protocol):
    """Takes a question for the facts room; never blocks; False if it could not be taken."""

    def __call__(self, ticket: object, facts: Facts, kinds: Sequence[FactKind]) -> bool: ...


Record = Callable[[Observation | Facts], None]


@dataclass(slots=True)
class Ports:
    """What the engine is connected to; ``app`` plugs it together, tests and replays leave parts out."""

    clock: Clock
    boot_id: str
    history: History
    journal: Journal
    ask: FactsAsker
    follow: Callable[[int], None] = lambda _pid: None
    """Asks the process sensor to tell of a process it did not report: it has a window."""
    keep: Callable[[frozenset[ProcessKey]], None] = lambda _keys: None
    """Tells the process sensor which processes belong to sessions."""
    request_resync: Callable[[], None] = lambda: None
    published: Callable[[Events], None] = lambda _events: None
    """Committed events, for sinks and views to be woken."""
    focused: Callable[[], None] = lambda: None
    """Another window has the focus, or fills the screen or no longer does; after that was dealt with."""
    troubled: Callable[[], None] = lambda: None
    """History or journal can no longer, or can again, be written."""
    record: Record = lambda _value: None
    """Every observation taken and all facts gathered, for recordings."""


@dataclass(slots=True)
class _Call:
    """Something another thread wants done in the engine's."""

    function: Callable[[Instant], Any]
    correlation_id: str
    done: threading.Event = field(default_factory=threading.Event)
    result: Any = None


class Engine:
    """Run ``run`` in a Worker and hand the worker's stop signal's ``wake`` to ``attach``."""

    def __init__(self, core: Core, ports: Ports, timing: Sessions) -> None:
        self.core = core
        self.timing = timing
        self.problem: HistoryError | None = None
        self.journal_problem: JournalError | None = None
        self.paused_until: float | None = None
        self.latency = Histogram()
        """Seconds from an observation until it was dealt with: the wait in the queue and the work."""
        self.commits = Histogram()
        """Seconds that writing events to the history took."""
        self._ports = ports
        self._wake: Callable[[], None] = lambda: None
        self._queue = ObservationQueue(QUEUE_LIMIT, self._ring, ports.request_resync)
        self._calls: deque[_Call] = deque()
        self._uncommitted: list[SessionEvent] = []
        self._fresh_since: float | None = None
        """When the first event came that no commit was tried for yet."""
        self._answered: list[_Call] = []
        """Calls whose callers wait for the commit."""
        self._journalled = False
        self._ran = False
        self._delivered: dict[str, int] = {}
        self._correlations: dict[ProcessKey, str] = {}
        self._kept: frozenset[ProcessKey] = frozenset()
        self._next_heartbeat = 0.0
        self._next_sync = 0.0
        self._next_cursors = math.inf

    # --- from other threads ---

    def attach(self, stop_signal: StopSignal) -> None:
        """Connect the wake-up of the worker that runs this engine."""
        self._wake = stop_signal.wake

    def _ring(self) -> None:
        self._wake()

    def emit(self, observation: Observation) -> None:
        """Take an observation from a sensor."""
        self._queue.put(observation)

    def deliver(self, ticket: object, facts: Facts) -> None:
        """Take gathered facts from the facts room."""
        key = ticket
        assert isinstance(key, ProcessKey)  # noqa: S101 - the room hands back what it was given

        def answer(at: Instant) -> Events:
            self._ports.record(facts)
            return self.core.answer(at, key, facts)

        self._calls.append(_Call(answer, self._correlations.get(key, "")))
        self._wake()

    def delivered(self, sink: str, number: int) -> None:
        """A sink has dealt with every event up to ``number``."""
        first = not self._delivered  # the others are committed with it
        self._delivered[sink] = number
        if first:
            self._wake()

    def call(self, function: Callable[[Instant], Events], timeout: float = 5.0) -> Events:
        """Run ``function(now)`` in the engine's thread and return its events.

        Raises ControlError when the engine does not get to it in time.
        """
        call = _Call(function, current_id() or new_id())
        self._calls.append(call)
        self._wake()
        if not call.done.wait(timeout):
            raise ControlError(
                f"The engine was busy for more than {timeout:g} seconds.", "Try again; `gamedetectd status` tells more."
            )
        events: Events = call.result
        return events

    def post(self, function: Callable[[Instant], Events]) -> None:
        """Run ``function(now)`` in the engine's thread some time soon."""
        self._calls.append(_Call(function, current_id() or new_id()))
        self._wake()

    def commit_cursors(self) -> None:
        """Commit how far the sinks are; only once the engine's worker has ended."""
        self._commit()

    def counters(self) -> dict[str, float]:
        """Numbers for status and metrics."""
        return {
            "queue_length": len(self._queue),
            "queue_longest": self._queue.longest,
            "queue_overflows": self._queue.overflows,
            "judgements": self.core.judgements,
            "programs": len(self.core.programs),
            "uncommitted_events": len(self._uncommitted),
        }

    # --- pausing ---

    def pause(self, at: Instant, until: float | None) -> Events:
        """Pause until the wall time ``until``, or until resumed (None)."""
        self.paused_until = math.inf if until is None else until
        return self.core.pause(at)

    def resume(self, at: Instant) -> Events:
        """Watch again."""
        self.paused_until = None
        return self.core.resume(at)

    # --- the worker ---

    def run(self, stop: Stop) -> None:
        """The worker's target: returns when stopped, with every session journalled and every event committed."""
        if self._ran:  # it crashed: observations that were taken then are lost
            self._ports.request_resync()
        self._ran = True
        while not stop.is_set():
            stop.wait(self._timeout(self._ports.clock.now()))
            self.step()
        self._finish()

    def step(self) -> None:
        """Deal with everything that waits now, and commit what comes of it."""
        try:
            while self._calls:
                self._do(self._calls.popleft())
                self._flush(self._ports.clock.now().awake - GROUP_SECONDS)
            for observation in self._queue.take():
                self._take(observation)
                now = self._ports.clock.now().awake
                self.latency.observe(max(0.0, now - observation.at.awake))
                self._flush(now - GROUP_SECONDS)
        finally:
            self._flush()
        with correlation():
            self._routine(self._ports.clock.now())

    def _do(self, call: _Call) -> None:
        with correlation(call.correlation_id) as correlation_id:
            call.result = call.function(self._ports.clock.now())
            self._publish(call.result)
            self._ask(correlation_id)
        self._answered.append(call)

    def _take(self, observation: Observation) -> None:
        with correlation() as correlation_id:
            self._ports.record(observation)
            self._publish(self.core.observe(self._guarded(observation)))
            self._follow(observation)
            self._ask(correlation_id)
            if isinstance(observation, ForegroundChanged):
                self._ports.focused()

    def _guarded(self, observation: Observation) -> Observation:
        """The same without a window title that is marked private: no game is named by it, and none is kept."""
        if not isinstance(observation, ForegroundChanged) or observation.window is None:
            return observation
        window = observation.window
        names = (window.class_name, *self.core.names(window.pid))
        if not any(is_private_title(window.title, name) for name in names):
            return observation
        return replace(observation, window=replace(window, title=""))

    def _follow(self, observation: Observation) -> None:
        """A window, or a store's word, may be about a process that did not seem worth reading when it started."""
        pid = 0
        if isinstance(observation, ForegroundChanged) and observation.window is not None:
            pid = observation.window.pid
        elif isinstance(observation, StoreSignal) and observation.running:
            pid = observation.pid
        if pid and not self.core.knows(pid):
            self._ports.follow(pid)

    def _ask(self, correlation_id: str) -> None:
        for ask in self.core.take_asks():
            self._correlations[ask.key] = correlation_id
            if not self._ports.ask(ask.key, ask.facts, ask.kinds):
                log.warning("the facts room is full; process %d is judged at the next resync", ask.key.pid)
                self._ports.request_resync()

    def _publish(self, events: Events) -> None:
        if not events:
            return
        for event in events:
            _tell(event)
        correlation_id = current_id()
        self._uncommitted += [_with_correlation(event, correlation_id) for event in events]
        self._next_heartbeat = 0.0
        if self._fresh_since is None:
            self._fresh_since = self._ports.clock.now().awake

    def _flush(self, before: float = math.inf) -> None:
        """Commit what is new, if any of it came ``before``; whoever asked for it is answered then."""
        if self._fresh_since is not None and self._fresh_since <= before:
            with correlation(self._uncommitted[0].correlation_id):
                self._commit()
            self._keep()
        if self._fresh_since is None:
            answered, self._answered = self._answered, []
            for call in answered:
                call.done.set()

    def _keep(self) -> None:
        """Tell the process sensor which processes are played, where they are others now."""
        kept = frozenset(self.core.machine.processes)
        if kept != self._kept:
            self._kept = kept
            self._ports.keep(kept)

    def _commit(self) -> None:
        """Write events and cursors; on failure keep them, say so and try again at the next heartbeat."""
        delivered, self._delivered = self._delivered, {}
        self._next_cursors, self._fresh_since = math.inf, None
        if not self._uncommitted and not delivered:
            return
        began = self._ports.clock.now().awake
        try:
            committed = self._ports.history.commit(self._uncommitted, delivered)
            self.commits.observe(self._ports.clock.now().awake - began)
        except HistoryError as error:
            told, self.problem = self.problem is not None, error
            if not told:
                log.error("%s", error)
                self._ports.troubled()
            self._delivered = delivered | self._delivered
            return
        if self.problem is not None:
            log.info("the history can be written again")
            self.problem = None
            self._ports.troubled()
        self._uncommitted = []
        if committed:
            self._ports.published(committed)

    # --- what has to be done from time to time ---

    def _timeout(self, at: Instant) -> float | None:
        """Seconds until something is due; None when nothing is. Zero if something waits already."""
        if self._calls or len(self._queue):
            return 0.0
        if self._delivered and math.isinf(self._next_cursors):
            self._next_cursors = at.awake + CURSOR_SECONDS
        due = [self._next_cursors]
        if self._journal_worthy():
            due += [self._next_heartbeat, self._next_sync]
        if (deadline := self.core.machine.deadline()) is not None:
            due.append(at.awake + max(0.0, deadline - at.elapsed))
        if self.paused_until is not None:
            due.append(at.awake + max(0.0, self.paused_until - at.wall))
        soonest = min(due)
        return None if math.isinf(soonest) else max(0.0, soonest - at.awake)

    def _routine(self, at: Instant) -> None:
        if self.paused_until is not None and at.wall >= self.paused_until:
            self._publish(self.resume(at))
        self._publish(self.core.advance(at))
        self._flush()
        if at.awake >= self._next_cursors:
            self._commit()
        if self._journal_worthy() and at.awake >= min(self._next_heartbeat, self._next_sync):
            if self._uncommitted:
                self._commit()
            self._heartbeat(at, sync=at.awake >= self._next_sync)
        if self._journalled and not self._journal_worthy():
            self._clear_journal()
        if len(self._correlations) > len(self.core.programs) + 1_000:
            self._correlations = {k: v for k, v in self._correlations.items() if k in self.core.programs}

    def _journal_worthy(self) -> bool:
        return bool(self.core.machine.sessions or self._uncommitted)

    def _heartbeat(self, at: Instant, *, sync: bool) -> None:
        """Write down what would be lost: the running sessions and those whose end is not in the history yet."""
        self._next_heartbeat = at.awake + self.timing.heartbeat_seconds
        if sync:
            self._next_sync = at.awake + self.timing.sync_seconds
        sessions: dict[str, Session] = {event.session.id: event.session for event in self._uncommitted}
        sessions |= {session.id: session for session in self.core.machine.sessions}
        try:
            self._ports.journal.write(at, self._ports.boot_id, tuple(sessions.values()), sync=sync)
        except JournalError as error:
            told, self.journal_problem = self.journal_problem is not None, error
            if not told:
                log.error("%s", error)
                self._ports.troubled()
            return
        self._journalled = True
        if self.journal_problem is not None:
            log.info("the journal can be written again")
            self.journal_problem = None
            self._ports.troubled()

    def _clear_journal(self) -> None:
        """All that the journal holds is committed."""
        try:
            self._ports.journal.clear()
        except JournalError as error:
            log.warning("%s", error)
        self._journalled = False

    def _finish(self) -> None:
        """The last things before the end: the sessions stay open and go on when the daemon comes back."""
        self.step()
        at = self._ports.clock.now()
        self.core.advance(at)
        if self._journal_worthy():
            self._heartbeat(at, sync=True)


def _with_correlation(event: SessionEvent, correlation_id: str) -> SessionEvent:
    return SessionEvent(event.id, event.kind, event.at, event.session, correlation_id, event.number)


def _tell(event: SessionEvent) -> None:
    """One line for the person who reads the log on a terminal."""
    if event.kind is SessionEventKind.STARTED:
        log.info("%s is being played", event.session.game.title)
    elif event.kind is SessionEventKind.ENDED:
        log.info("%s is no longer played", event.session.game.title)
