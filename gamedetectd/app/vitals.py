"""What the daemon knows of itself and the machine it runs on, and how it holds back while that is starved."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gamedetectd.platforms.resources import Meter, Resources, resource_meter

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

HELD_BACK = 2.0
"""How many times as long the pauses are while the machine is starved."""


class Vitals:
    """Readings of one daemon. Written by the health monitor's thread, read by any.

    ``pace`` is by how much the pauses between two looks at things are longer than usual, ``yielding`` the sentence that
    says why, None while they are not.
    """

    def __init__(self, daemon: Daemon, meter: Meter | None = None) -> None:
        self.latest: Resources | None = None
        self.pace = 1.0
        self.yielding: str | None = None
        self.sleeps = 0
        self.slept_seconds = 0.0
        self.clock_jumps = 0
        self._daemon = daemon
        self._meter = meter or resource_meter()

    def look(self) -> Resources:
        """What is used now. Raises OSError where the system refuses to tell."""
        self.latest = self._meter.read()
        return self.latest

    def slept(self, seconds: float) -> None:
        """The machine slept for so long."""
        self.sleeps += 1
        self.slept_seconds += seconds

    def hold_back(self, why: str | None) -> None:
        """Do less while the machine is starved (``why``), all as before once it is not (None)."""
        self.yielding = None if why is None else f"It holds back, because the machine is very busy. {why}"
        pace = 1.0 if why is None else HELD_BACK
        if pace != self.pace:
            self.pace = pace
            for part in (
                self._daemon.monitor,
                self._daemon.processes,
                self._daemon.facts,
                self._daemon.machine.library,
            ):
                part.pace = pace

    def counters(self) -> dict[str, float]:
        """Numbers for status and metrics."""
        monitor = self._daemon.monitor
        return {
            "sleeps": self.sleeps,
            "slept_seconds": round(self.slept_seconds, 3),
            "clock_jumps": self.clock_jumps,
            "pace": self.pace,
            "health_looks": monitor.looks,
            "health_cpu_seconds": round(monitor.cpu_seconds, 6),
            **self._daemon.eyes.counters(),
        }
