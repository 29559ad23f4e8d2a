"""Hooks, webhooks and brokers of a daemon: on and off as their file says, while it runs; one of them run by a command.

Each is a sink with a cursor and a worker of its own. One that is new begins with the next event; one that goes is
forgotten. Nothing of it is imported while there is none.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec

from gamedetectd.config.actions import KINDS, NO_ACTIONS, Action, Actions, Hook, Webhook
from gamedetectd.control.shapes import event_row
from gamedetectd.control.wire import printable
from gamedetectd.domain import SessionEvent
from gamedetectd.errors import HistoryError
from gamedetectd.interfaces import AuditTrail, Sink, Stop
from gamedetectd.observability.redaction import redact
from gamedetectd.sinks.runner import SinkRunner
from gamedetectd.worker import StopSignal, Worker

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.sinks.hook import HookSink
    from gamedetectd.sinks.webhook import WebhookSink

log = logging.getLogger(__name__)

END_LIMIT = 2.5
"""Seconds all of them together have to end; a program that runs is ended within one."""
OURS = re.compile(r"(?:hook|webhook|mqtt)\.([^.]+)(?:\.\d+)?")
"""The names of their cursors."""


class _Attached(Protocol):
    """What waits by its worker's signal."""

    def attach(self, signal: StopSignal) -> None: ...


class ActionSink(Sink, Protocol):
    """What all of them have beside what a sink has: why the latest event did not arrive, empty where it did."""

    trouble: str

    @property
    def away(self) -> str:
        """Why there is no connection, for those that keep one; empty where there is."""
        ...

    @property
    def aside(self) -> _Attached:
        """Who does the work."""
        ...

    def changed(self) -> None:
        """What is true now may be another, for those that tell it."""
        ...

    def tending(self, stop: Stop) -> Stop:
        """How its worker waits."""
        ...

    def forget(self) -> None:
        """Close it for good."""
        ...


class RunningActions:
    """What one daemon does for events. ``apply`` and ``stop`` are called by one thread at a time."""

    def __init__(self, daemon: Daemon) -> None:
        self.wanted: Actions = NO_ACTIONS
        self.followers: dict[str, Callable[[], None]] = {}
        """Who else is woken when there are events, or what is true now is another."""
        self._daemon = daemon
        self._came_to: dict[str, int] = {}
        """How far those that ended were: their cursor may not have been committed yet."""
        self._running: dict[str, tuple[Action, ActionSink, SinkRunner, Worker]] = {}

    def start(self, actions: Actions, *, whole: bool) -> None:
        """Start what there is. Unless the file was ``whole``, the places of those that it may mean are kept."""
        if actions == NO_ACTIONS and not any(map(OURS.fullmatch, self._daemon.history.sinks())):
            return
        self.apply(actions, forget=whole)

    def apply(self, actions: Actions, *, forget: bool = True) -> None:
        """Start, end or start anew what is wanted otherwise than before."""
        self.wanted = actions
        every: dict[str, Action] = {_place(one): one for one in actions.every()}
        for name, (action, *_) in tuple(self._running.items()):
            if every.get(_owner(name)) != action:
                self._end([name], for_good=True)
        history = self._daemon.history
        try:
            before = [name for name in history.sinks() if OURS.fullmatch(name)]
            sinks = [
                (one, sink) for one in every.values() for sink in self._sinks(one) if sink.name not in self._running
            ]
            for one, sink in sinks:
                earlier = [name for name in before if _owner(name) == _place(one)]
                history.register(sink.name, from_now=True, in_place_of=earlier)
                self._start(one, sink)
            if forget:
                history.forget([name for name in before if name not in self._running])
                self._came_to.clear()
        except HistoryError as error:
            log.error("hooks, webhooks and brokers wait: %s", error)

    def wake(self) -> None:
        """There are events, or what is true now is another."""
        for _, sink, _, worker in tuple(self._running.values()):
            sink.changed()
            worker.wake()
        for wake in tuple(self.followers.values()):
            wake()

    def stop(self) -> None:
        """End all of them; what was not delivered is delivered after the next start."""
        self._end(list(self._running))

    def troubles(self) -> Iterator[tuple[Action, str]]:
        """Those whose latest event did not arrive and was left out, and why."""
        for action, sink, _, _ in tuple(self._running.values()):
            if sink.trouble:
                yield action, sink.trouble

    def away(self) -> Iterator[tuple[str, str]]:
        """The brokers there is no connection to, by their sinks' names, and why; each is tried again by itself."""
        for _, sink, _, _ in tuple(self._running.values()):
            if sink.away:
                yield sink.name, sink.away

    def _sinks(self, action: Action) -> Iterator[ActionSink]:
        daemon = self._daemon
        if isinstance(action, Hook):
            yield from hook_sinks(action, daemon.audit, daemon.monitor.wake)
        elif isinstance(action, Webhook):
            yield webhook_sink(action, daemon.secrets.get, daemon.monitor.wake)
        else:
            from gamedetectd.app.mqtt import mqtt_sink, state_of

            yield mqtt_sink(action, daemon.paths, encode, daemon.secrets.get, state_of(daemon, action.games))

    def _start(self, action: Action, sink: ActionSink) -> None:
        daemon = self._daemon
        runner = SinkRunner(sink, daemon.reader, daemon.engine.delivered, position=self._came_to.pop(sink.name, None))
        worker = Worker(f"sink-{sink.name}", lambda stop: runner.run(sink.tending(stop)), daemon.watchdog.troubled)
        sink.aside.attach(worker.stop_signal)
        self._running[sink.name] = action, sink, runner, worker
        daemon.sinks = (*daemon.sinks, runner)
        daemon.workers = [*daemon.workers, worker]
        worker.start()

    def _end(self, names: list[str], *, for_good: bool = False) -> None:
        ending = [self._running.pop(name) for name in names]
        for *_, worker in ending:
            worker.stop()
        for _, sink, runner, worker in ending:
            if not worker.join(END_LIMIT / len(ending) + 1.0):
                log.warning("%s did not end in time", worker.name)
            if for_good:
                sink.forget()
            sink.close()
            if delivered := runner.status().delivered:
                self._came_to[runner.sink.name] = delivered
            self._daemon.sinks = tuple(one for one in self._daemon.sinks if one is not runner)
            self._daemon.workers = [one for one in self._daemon.workers if one is not worker]


def hook_sinks(hook: Hook, audit: AuditTrail, changed: Callable[[], None]) -> Iterator[HookSink]:
    """A hook as a sink, or as several that share its events where they may be run at the same time."""
    from gamedetectd.sinks.hook import HookSink, lanes

    for lane in lanes(hook):
        yield HookSink(hook, encode, describe, audit, changed, lane)


def webhook_sink(webhook: Webhook, secret: Callable[[str], str], changed: Callable[[], None]) -> WebhookSink:
    """A webhook as a sink."""
    from gamedetectd.sinks.webhook import WebhookSink

    return WebhookSink(webhook, encode, secret, redact, changed)


def encode(event: SessionEvent) -> bytes:
    """The JSON of an event, as ``watch`` prints it."""
    row = event_row(event, redact)
    try:
        return msgspec.json.encode(row)
    except UnicodeEncodeError:  # a file name's bytes that are no text
        return msgspec.json.encode(printable(msgspec.to_builtins(row)))


def describe(event: SessionEvent) -> Mapping[str, str]:
    """The same, as much of it as variables of the environment can say."""
    row = event_row(event, redact)
    session = row.session
    return {
        f"GAMEDETECTD_{name}": str(value) if value is not None else ""
        for name, value in {
            "EVENT": row.kind,
            "EVENT_ID": row.id,
            "EVENT_NUMBER": row.number,
            "EVENT_AT": row.at,
            "SESSION_ID": session.id,
            "GAME_ID": session.game.id,
            "GAME_TITLE": session.game.title,
            "GAME_PLATFORM": session.game.platform,
            "PIDS": " ".join(str(key.pid) for key in event.session.processes),
            "STARTED_AT": session.started_at,
            "ENDED_AT": session.ended_at,
            "ENDED_BY": session.ended_by,
            "FOREGROUND_SECONDS": session.foreground_seconds,
            "ACTIVE_SECONDS": session.active_seconds,
            "IDLE_SECONDS": session.idle_seconds,
        }.items()
    }


def _place(action: Action) -> str:
    """What its cursor is called, or its several cursors begin with."""
    return f"{next(kind for kind, struct in KINDS.items() if isinstance(action, struct))}.{action.name}"


def _owner(name: str) -> str:
    """Whose cursor this is: ``hook.x`` of ``hook.x.2``."""
    kind, own, *_ = name.split(".")
    return f"{kind}.{own}"
