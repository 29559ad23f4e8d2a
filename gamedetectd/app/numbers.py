"""The numbers of a running daemon, brought together from its rooms for whoever shows metrics."""

from __future__ import annotations

import os
import platform
import sys
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gamedetectd import __version__
from gamedetectd.app.checks import CONDITIONS
from gamedetectd.detection.weights import GROUP_CAPS, SIGNALS
from gamedetectd.domain import EndedBy, Evidence, SessionEvent, SessionEventKind
from gamedetectd.health.conditions import overall
from gamedetectd.observability.redaction import redact
from gamedetectd.platforms.resources import Resources, resource_meter
from gamedetectd.views.metric_table import collect
from gamedetectd.views.metrics import Family, Readings

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

OTHER = "other"
"""Where a session's evidence is of none of the kinds in the table of weights."""


class Numbers:
    """Counts what no room counts, and reads the rest. For any thread.

    ``answers`` and ``refusals`` are HTTP's books: by path and status, and by reason.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._meter = resource_meter()
        self._started = 0
        self._ended = Counter({how.value: 0 for how in EndedBy})
        self._detected = Counter(dict.fromkeys((*GROUP_CAPS, OTHER), 0))
        self.answers: Counter[tuple[str, int]] = Counter()
        self.refusals: Counter[str] = Counter()

    def happened(self, events: Iterable[SessionEvent]) -> None:
        """Committed events; called by the engine's thread alone."""
        for event in events:
            if event.kind is SessionEventKind.STARTED:
                self._started += 1
                self._detected[kind_of(event.session.evidence)] += 1
            elif event.kind is SessionEventKind.ENDED and event.session.ended_by is not None:
                self._ended[event.session.ended_by.value] += 1

    def families(self) -> tuple[Family, ...]:
        """Every metric as it is now."""
        return collect(self.read())

    def read(self) -> Readings:
        """Every number as it is now. Waits for nobody."""
        daemon = self._daemon
        snapshot = daemon.snapshot()
        engine, facts, sinks = daemon.engine, daemon.facts, daemon.sinks
        return Readings(
            version=__version__,
            python=platform.python_version(),
            system=sys.platform,
            started_at=self._started_at(),
            sessions=snapshot.sessions,
            paused=snapshot.paused_until is not None,
            counters=snapshot.counters,
            started=self._started,
            ended=dict(self._ended),
            detected=dict(self._detected),
            latency=engine.latency.look(),
            decisions=engine.core.decisions.look(),
            commits=engine.commits.look(),
            facts_waiting=facts.waiting(),
            facts={kind.value: status for kind, status in facts.status().items()},
            gathering={kind.value: timing for kind, timing in facts.timings().items()},
            sinks={runner.sink.name: runner.status() for runner in sinks},
            deliveries={runner.sink.name: runner.deliveries.look() for runner in sinks},
            workers=tuple(worker.status() for worker in tuple(daemon.workers)),
            conditions=snapshot.conditions,
            declared={condition.code: condition.severity.value for condition in CONDITIONS},
            overall=overall(snapshot.conditions),
            installed_games=len(daemon.machine.library.games()),
            resources=self._resources(),
            answers=dict(self.answers),
            refusals=dict(self.refusals),
            titles=redact if daemon.settings.metrics.game_titles else None,
        )

    def _started_at(self) -> float:
        """Wall time of our process' start, as the clock is now."""
        now = self._daemon.machine.clock.now()
        me = self._daemon.machine.processes.read(os.getpid())
        return now.wall - (now.elapsed - me.started_elapsed) if me is not None else now.wall

    def _resources(self) -> Resources | None:
        try:
            return self._meter.read()
        except OSError:
            return None


def kind_of(evidence: Iterable[Evidence]) -> str:
    """The kind of what speaks loudest for a game, as the table of weights groups it."""
    best = max(evidence, key=lambda one: one.weight, default=None)
    signal = SIGNALS.get(best.source) if best is not None else None
    return signal.group if signal is not None else OTHER
