"""The engine: whether it keeps up with what the sensors say, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import MACHINE_STARVED, Condition, Finding
from gamedetectd.i18n import N_
from gamedetectd.observability.histogram import Distribution, Histogram

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

OVERFLOW = "queue-overflow"
BEHIND = "engine-behind"
SLOW = "engine-slow"

MANY = 1_000
"""Observations that wait."""
SLOW_SECONDS = 2.5
"""From what a sensor saw to its being decided and committed, for one in ten: games begin noticeably late then."""
ENOUGH = 5
"""Observations since the last look from which on their latency is judged."""
_CAUSES = (*NO_WORKER, MACHINE_STARVED)
KEY = "engine"
"""The name of its worker."""


class Engine(Check):
    """Depth and latency of the queue between sensors and history."""

    name = "engine"
    conditions = (
        Condition(
            OVERFLOW,
            N_("More happened at once than could be followed"),
            Severity.INFO,
            N_("Nothing needs to be done: all processes were looked at again."),
            _CAUSES,
            time_to_clear=60.0,
        ),
        Condition(
            BEHIND,
            N_("What happens is dealt with late"),
            Severity.WARNING,
            N_("Usually another program starts processes without end; find out which, or see: gamedetectd logs"),
            _CAUSES,
            30.0,
            30.0,
        ),
        Condition(
            SLOW,
            N_("Games are noticed late"),
            Severity.WARNING,
            N_("Usually the disk that the history is on answers slowly; check it, or see: gamedetectd logs"),
            (BEHIND, *_CAUSES),
            30.0,
            60.0,
        ),
    )

    def __init__(self, daemon: Daemon) -> None:
        super().__init__(daemon)
        self._overflows = 0.0
        self._before: dict[int, Distribution] = {}

    def look(self) -> Iterator[Finding]:
        counters = self.daemon.engine.counters()
        if counters["queue_overflows"] > self._overflows:
            yield Finding(OVERFLOW, "Many processes started or ended within a moment.", KEY)
        self._overflows = counters["queue_overflows"]
        if counters["queue_length"] >= MANY:
            yield Finding(BEHIND, f"{counters['queue_length']:.0f} observations wait.", KEY)
        dealt, kept = self._lately(0, self.daemon.engine.latency), self._lately(1, self.daemon.engine.commits)
        if dealt.count >= ENOUGH and dealt.quantile(0.9) > SLOW_SECONDS:
            message = (
                f"One in ten of the last {dealt.count} observations took more than {SLOW_SECONDS:g} s to deal with."
            )
            yield Finding(SLOW, message, KEY)
        elif kept.quantile(0.5) > SLOW_SECONDS:
            yield Finding(SLOW, f"Writing into the history takes more than {SLOW_SECONDS:g} s.", KEY)

    def _lately(self, place: int, histogram: Histogram) -> Distribution:
        """What was added since the last look."""
        now = histogram.look()
        before, self._before[place] = self._before.get(place, now), now
        return now.since(before)
