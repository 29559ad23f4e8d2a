"""Notices sleep and changes of the wall clock, so that neither is counted as play.

The awake clock stands still during sleep and the elapsed clock does not, so the growth of their difference is the time
slept; nothing is lost by noticing late. On Linux the kernel says when to look; a slow look makes up for the rest.
"""

from __future__ import annotations

import contextlib
import sys

from gamedetectd.domain import Instant, PowerChanged, PowerState
from gamedetectd.interfaces import Clock, Emit, Stop
from gamedetectd.platforms.clock.clock_set import ClockSetWatch, watch_clock_set

LOOK_EVERY = 30.0
"""Seconds between looks at the clocks when nothing announces a change."""
SHORTEST_SLEEP = 1.0
"""Seconds; less is the difference between two readings, not sleep."""
SMALLEST_JUMP = 0.5
"""Seconds; less is the calendar being steered, not set."""


class PowerSensor:
    """A ``Sensor`` that emits ``PowerChanged`` with SLEPT (seconds asleep) and CLOCK_SET (seconds moved, signed)."""

    name = "power"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def unsupported_reason(self) -> str | None:
        return None

    def degraded_reason(self) -> str | None:
        return None

    def source(self) -> str:
        if sys.platform == "linux":
            return "a timer that the kernel cancels when the clock jumps"
        return f"the clocks, every {LOOK_EVERY:g} s"

    def run(self, emit: Emit, stop: Stop) -> None:
        with contextlib.ExitStack() as stack:
            watch = watch_clock_set()
            if watch is not None:
                stack.callback(watch.close)
            before = self._clock.now()
            while not stop.is_set():
                _wait(watch, stop)
                now = self._clock.now()
                for change in changes(before, now):
                    emit(change)
                before = now


def changes(before: Instant, now: Instant) -> list[PowerChanged]:
    """What happened to the machine's time between two readings of its clocks."""
    found = []
    slept = (now.elapsed - before.elapsed) - (now.awake - before.awake)
    if slept > SHORTEST_SLEEP:
        found.append(PowerChanged(now, PowerState.SLEPT, slept))
    moved = (now.wall - before.wall) - (now.elapsed - before.elapsed)
    if abs(moved) > SMALLEST_JUMP:
        found.append(PowerChanged(now, PowerState.CLOCK_SET, moved))
    return found


def _wait(watch: ClockSetWatch | None, stop: Stop) -> None:
    if watch is None:
        stop.wait(LOOK_EVERY)
    elif stop.select([watch], LOOK_EVERY):
        watch.rearm()
