"""The foreground window on X11, event by event: nothing is asked while nothing happens.

It outlives the X server and the window manager: a lost display is looked for with growing pauses, and without a window
manager the input focus is followed. A window that keeps changing its title or place (a game that shows its frame rate)
is listened to at most four times a second, and once a second if it does not stop; a change of focus is never delayed.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing

from gamedetectd.errors import DisplayGoneError
from gamedetectd.interfaces import Stop
from gamedetectd.platforms.windows.backend import Report, Sighting
from gamedetectd.platforms.windows.declared import X11
from gamedetectd.platforms.windows.session import on_wayland
from gamedetectd.platforms.windows.xdisplay import (
    RETRY_PAUSES,
    Kind,
    Mask,
    XDisplay,
    XEvent,
    display_name,
    unusable_reason,
)
from gamedetectd.platforms.windows.xfocus import Focus
from gamedetectd.platforms.windows.xwindow import RELEVANT, describe

log = logging.getLogger(__name__)

SHORTEST_HUSH = 0.25
LONGEST_HUSH = 1.0
PASSING = 0.05
"""Seconds without any active window that are only the gap between two: window managers clear it before they set it."""


class X11Foreground:
    """The X11 backend; see ``backend.ForegroundBackend``."""

    name = X11.name

    def __init__(self) -> None:
        self._degraded: str | None = None

    def unsupported_reason(self) -> str | None:
        return unusable_reason()

    def degraded_reason(self) -> str | None:
        return self._degraded

    def run(self, report: Report, stop: Stop) -> None:
        attempt = 0
        while not stop.is_set():
            began = time.monotonic()
            try:
                self._watch(report, stop)
            except DisplayGoneError as error:
                log.debug("the display is lost: %s", error.cause)
                self._degraded = f"{error.cause} It is looked for until it is back."
                report(None)
                attempt = 0 if time.monotonic() - began > RETRY_PAUSES[-1] else min(attempt + 1, len(RETRY_PAUSES) - 1)
                stop.wait(RETRY_PAUSES[attempt])

    def _watch(self, report: Report, stop: Stop) -> None:
        """Watch one connection until it is lost (``DisplayGoneError``) or ``stop`` is set."""
        with closing(XDisplay(display_name())) as display:
            watch = _Watch(display, report)
            while not stop.is_set():
                self._degraded = _fallback_in_use(watch.focus)
                watch.step(stop)


def _fallback_in_use(focus: Focus) -> str | None:
    if on_wayland():
        return (
            "In this Wayland session only the windows of X11 programs are seen (through Xwayland); which other window "
            "is in front is not known."
        )
    if not focus.manager:
        return "No window manager says which window is active, so that the keyboard's focus is followed instead."
    return None


class _Watch:
    """One connection's life. Times are of ``time.monotonic``."""

    def __init__(self, display: XDisplay, report: Report) -> None:
        self._display = display
        self._report = report
        self._relevant = frozenset(display.atom(name) for name in RELEVANT)
        self.focus = Focus(display)
        self._active = 0
        self._seen: Sighting | None = None
        self._hush = 0.0
        self._quiet_until: float | None = None
        self._follow()
        report(self._seen)

    def step(self, stop: Stop) -> None:
        """Wait for events and act on them."""
        events = list(self._display.events())
        if not events:
            left = None if self._quiet_until is None else max(0.0, self._quiet_until - time.monotonic())
            stop.select([self._display], left)
            if self._quiet_until is not None and time.monotonic() >= self._quiet_until:
                self._listen_again()
            return
        moved = [event for event in events if self.focus.notices(event)]
        if moved:
            self._follow()
        elif any(self._concerns(event) for event in events):
            self._look()
            self._be_quiet()

    def _concerns(self, event: XEvent) -> bool:
        if event.window != self._active:
            return False
        return event.kind in (Kind.CONFIGURE, Kind.DESTROY, Kind.UNMAP) or (
            event.kind == Kind.PROPERTY and event.atom in self._relevant
        )

    def _follow(self) -> None:
        """See which window is active now, and listen to it."""
        handle = self.focus.active()
        if self._active not in (0, handle):
            self._display.watch(self._active, self.focus.base)
        self._active = handle
        self._hush = 0.0
        self._quiet_until = None if handle else time.monotonic() + PASSING
        if handle:
            self._listen()
            self._look()

    def _listen(self) -> None:
        if self._active:
            self._display.watch(self._active, self.focus.base | Mask.PROPERTY | Mask.STRUCTURE)

    def _look(self) -> bool:
        """Read the active window; True (and a report) where it changed."""
        sighting = describe(self._display, self._active) if self._active else None
        if sighting is not None and sighting.hidden:
            sighting = None
        if sighting == self._seen:
            return False
        self._seen = sighting
        self._report(sighting)
        return True

    def _be_quiet(self) -> None:
        """Stop listening to the window's own changes for a moment; longer each time they go on."""
        self._hush = min(max(SHORTEST_HUSH, self._hush * 2), LONGEST_HUSH)
        self._quiet_until = time.monotonic() + self._hush
        self._display.watch(self._active, self.focus.base)

    def _listen_again(self) -> None:
        self._quiet_until = None
        self._listen()
        if self._look() and self._active:
            self._be_quiet()
        else:
            self._hush = 0.0
