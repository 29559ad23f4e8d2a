"""Says when the person stops and resumes giving input (keyboard, mouse, gamepads), and when the screen is blanked.

While keyboard or mouse are used nothing wakes this thread on X11: the server itself says once they have rested for half
of ``idle_after``; Windows is asked when that may be so. Only from then on are gamepads opened and looked at, now and
then until the person counts as idle.
"""

from __future__ import annotations

import logging
import math
import time

from gamedetectd.domain import IdleChanged, Instant, PowerChanged, PowerState
from gamedetectd.errors import DisplayGoneError
from gamedetectd.interfaces import Clock, Emit, Readable, Stop
from gamedetectd.platforms.idle import Input, InputSource, Pads, input_source, source_name, unsupported_reason
from gamedetectd.platforms.windows.xdisplay import RETRY_PAUSES

log = logging.getLogger(__name__)

SLACK = 0.05
"""Seconds by which two clocks may differ over when the time is over."""
ASK_EVERY = 2.0
"""Most seconds between questions while idle, where nobody says by himself that input goes on."""
UNCOUNTED = "All time in the foreground counts as active."


class IdleSensor:
    """Emits ``IdleChanged`` when no input was given for ``idle_after`` seconds and when it goes on, and
    ``PowerChanged`` (locked, unlocked) when the X screen saver turns on and off. The person counts as active at first.
    """

    name = "idle"

    def __init__(self, clock: Clock, idle_after: float, gamepads: Pads | None = None) -> None:
        self._clock = clock
        self._idle_after = idle_after
        self._gamepads = gamepads
        self._idle = False
        self._locked = False
        self._degraded: str | None = None

    def unsupported_reason(self) -> str | None:
        reason = unsupported_reason()
        if reason is None or (self._gamepads is not None and self._gamepads.present()):
            return None
        return f"{reason} {UNCOUNTED}"

    def degraded_reason(self) -> str | None:
        return self._degraded

    def source(self) -> str:
        pads = self._gamepads is not None and self._gamepads.possible()
        return " and ".join(filter(None, (source_name(), "gamepads" if pads else ""))) or "nothing"

    def run(self, emit: Emit, stop: Stop) -> None:
        watch = _Watch(self._clock.now().elapsed, self._idle_after, self._gamepads)
        try:
            while not stop.is_set():
                now = self._clock.now()
                watch.look(now)
                self._degraded = watch.degraded_reason()
                self._tell(emit, now, watch)
                watch.wait(stop, now, idle=self._idle)
        finally:
            watch.close()

    def _tell(self, emit: Emit, now: Instant, watch: _Watch) -> None:
        """Emit what is new. What was told outlives a restart of ``run``."""
        idle = now.elapsed - watch.last_input >= self._idle_after - SLACK
        if idle != self._idle:
            self._idle = idle
            emit(IdleChanged(now, idle, watch.last_input))
        if watch.saver != self._locked:
            self._locked = watch.saver
            emit(PowerChanged(now, PowerState.LOCKED if watch.saver else PowerState.UNLOCKED))


class _Watch:
    """Keyboard, mouse and gamepads over one run: ``last_input`` on the elapsed clock, and whether the screen ``saver``
    was on when the system was last heard of.
    """

    def __init__(self, last_input: float, idle_after: float, gamepads: Pads | None) -> None:
        self.last_input = last_input
        self.saver = False
        self._idle_after = idle_after
        self._drowsy_after = idle_after / 2
        self._pads = gamepads
        self._pad_pause = min(5.0, max(0.2, idle_after / 12))
        self._pads_noisy = False
        self._screen: InputSource | None = None
        self._seen: Input | None = None
        self._lost = ""
        self._attempt = 0
        self._next_attempt = 0.0

    def look(self, now: Instant) -> None:
        """Learn of input until now."""
        self._seen = self._ask_screen()
        if self._seen is not None:
            self.saver = self._seen.saver
            self.last_input = max(self.last_input, now.elapsed - self._seen.idle)
        if self._pads is not None and self._drowsy():
            self.last_input = max(self.last_input, self._pads.last_used(now.elapsed) or 0.0)
        elif self._pads is not None:
            self._pads.close()

    def _drowsy(self) -> bool:
        """True where keyboard and mouse have rested for a while, or nobody knows."""
        return self._seen is None or self._seen.idle >= self._drowsy_after - SLACK

    def _ask_screen(self) -> Input | None:
        """The system's word, None without one; a lost display is tried again after growing pauses."""
        try:
            if self._screen is None:
                if not source_name() or time.monotonic() < self._next_attempt:
                    return None
                self._screen = input_source(self._drowsy_after)
            seen = self._screen.look()
        except DisplayGoneError as error:
            self._lost = error.cause
            self._next_attempt = time.monotonic() + RETRY_PAUSES[min(self._attempt, len(RETRY_PAUSES) - 1)]
            self._attempt += 1
            self._hang_up()
            return None
        self._attempt = 0
        return seen

    def wait(self, stop: Stop, now: Instant, *, idle: bool) -> None:
        """Sleep until something may have changed."""
        readers: list[Readable | int] = [] if self._screen is None else list(self._screen.readers())
        pads = self._pads.descriptors() if self._pads is not None and idle and not self._pads_noisy else ()
        ready = stop.select([*readers, *pads], self._patience(now, idle=idle))
        # a pad that spoke without being used (a trembling stick) is not listened to until the next look
        self._pads_noisy = any(pad in ready for pad in pads)

    def _patience(self, now: Instant, *, idle: bool) -> float | None:
        """Seconds until the next look is due, None for not before somebody speaks."""
        quiet = self._screen is not None and self._screen.alarms
        due = [math.inf]
        if self._screen is None and source_name():
            due.append(self._next_attempt - time.monotonic())
        if not self._drowsy():
            rested = self._seen.idle if self._seen is not None else 0.0
            due.append(math.inf if quiet else self._drowsy_after - rested)
        else:
            left = self.last_input + self._idle_after - now.elapsed
            if not idle:
                due.append(left)
            elif self._screen is not None and not quiet:
                due.append(min(ASK_EVERY, self._drowsy_after))
            if self._pads is not None and self._pads.possible():
                due.append(max(self._pad_pause, left - self._drowsy_after))
        soonest = min(due)
        return None if soonest == math.inf else max(SLACK, soonest)

    def degraded_reason(self) -> str | None:
        """A sentence saying what is not seen just now, or None."""
        if self._screen is None and not source_name():
            return "There is no display, so that only gamepads are watched for input."
        if self._screen is None:
            return f"{self._lost} It is looked for until it is back."
        return self._screen.shortcoming()

    def close(self) -> None:
        """Give back the connection and the gamepads."""
        self._hang_up()
        if self._pads is not None:
            self._pads.close()

    def _hang_up(self) -> None:
        if self._screen is not None:
            self._screen.close()
            self._screen = None
