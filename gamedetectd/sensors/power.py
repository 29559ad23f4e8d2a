"""Notices sleep and changes of the wall clock, so that neither is counted as play.

The awake clock stands still during sleep and the elapsed clock does not, so the growth of their difference is the time
slept; nothing is lost by noticing late. Linux, Windows and macOS say when to look; a slow look makes up for the rest.
Windows and macOS say too when the screen is locked (on X11 the idle sensor hears of that).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence

from gamedetectd.domain import Instant, PowerChanged, PowerState
from gamedetectd.interfaces import Clock, Emit, Stop
from gamedetectd.platforms.power import PowerWatch, power_watch
from gamedetectd.platforms.power.declared import MESSAGES, NOTICES, TIMER

LOOK_EVERY = 30.0
"""Seconds between looks at the clocks when nothing announces a change."""
SHORTEST_SLEEP = 1.0
"""Seconds; less is the difference between two readings, not sleep."""
SMALLEST_JUMP = 0.5
"""Seconds; less is the calendar being steered, not set."""


class PowerSensor:
    """A ``Sensor`` that emits ``PowerChanged`` with SLEPT (seconds asleep), CLOCK_SET (seconds moved, signed) and,
    where the system says so, LOCKED and UNLOCKED.
    """

    name = "power"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._locked = False
        self._degraded: str | None = None

    def unsupported_reason(self) -> str | None:
        return None

    def degraded_reason(self) -> str | None:
        return self._degraded

    def source(self) -> str:
        if sys.platform == "linux":
            return TIMER.name
        if sys.platform == "win32":
            return MESSAGES.name
        if sys.platform == "darwin":
            return NOTICES.name
        return f"the clocks, every {LOOK_EVERY:g} s"

    def run(self, emit: Emit, stop: Stop) -> None:
        with contextlib.ExitStack() as stack:
            watch, refused = _open()
            if watch is not None:
                stack.callback(watch.close)
            before = self._clock.now()
            self._tell_screen(emit, before, locked=False)  # a lock of an earlier run may have been opened unheard
            while not stop.is_set():
                self._degraded = refused if watch is None else watch.trouble()
                screen = _wait(watch, stop)
                now = self._clock.now()
                for change in changes(before, now):
                    emit(change)
                for state in screen:
                    self._tell_screen(emit, now, locked=state is PowerState.LOCKED)
                before = now

    def _tell_screen(self, emit: Emit, now: Instant, *, locked: bool) -> None:
        if locked != self._locked:
            self._locked = locked
            emit(PowerChanged(now, PowerState.LOCKED if locked else PowerState.UNLOCKED))


def _open() -> tuple[PowerWatch | None, str | None]:
    """What tells of sleep and locking; a sentence where the system refuses what it should offer."""
    try:
        return power_watch(), None
    except OSError as error:
        why = error.strerror or str(error)
        return None, f"The system does not tell of sleep and locking ({why}): only the clocks are looked at."


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


def _wait(watch: PowerWatch | None, stop: Stop) -> Sequence[PowerState]:
    """Sleep until a look is due; what became of the screen."""
    if watch is None:
        stop.wait(LOOK_EVERY)
        return ()
    return watch.heard() if stop.select([watch], LOOK_EVERY) else ()
