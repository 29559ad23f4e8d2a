"""The foreground window on Windows, event by event where events come, else by looking every second.

A window that keeps changing its title or place is listened to at most four times a second, and once a second if it does
not stop; a change of foreground is never delayed. While no window has the foreground (the screen is locked, or the
desktop that asks for passwords is shown) nothing has.
"""

from __future__ import annotations

import sys
import time

from gamedetectd.interfaces import Stop
from gamedetectd.platforms.windows.backend import Report, Sighting
from gamedetectd.platforms.windows.declared import WIN_EVENTS, WIN_LOOKING
from gamedetectd.platforms.windows.event_trust import LOOK_EVERY, EventTrust

SHORTEST_HUSH = 0.25
LONGEST_HUSH = 1.0
PASSING = 0.05
"""Seconds without any window in the foreground that are only the gap between two."""
APP_APPEARS = 0.25
"""Seconds after which a store app's frame is looked into again for the app."""
UNTOLD = "Windows tells of no change of the foreground window"
LOOKED_AT = f"it is looked at every {LOOK_EVERY:g} s instead."

if sys.platform == "win32":
    from gamedetectd.errors import SensorError
    from gamedetectd.platforms.mailbox import Mailbox
    from gamedetectd.platforms.win32 import user32
    from gamedetectd.platforms.win32.message_window import MessageWindow, message_window
    from gamedetectd.platforms.windows.win32_events import Happening, WinEvents
    from gamedetectd.platforms.windows.win32_window import describe

    class Win32Foreground:
        """The backend of Windows; see ``backend.ForegroundBackend``."""

        def __init__(self, window: MessageWindow | None = None) -> None:
            self._window = window
            self._degraded: str | None = None

        @property
        def name(self) -> str:
            return (WIN_EVENTS if self._degraded is None else WIN_LOOKING).name

        def unsupported_reason(self) -> str | None:
            return None

        def degraded_reason(self) -> str | None:
            return self._degraded

        def run(self, report: Report, stop: Stop) -> None:
            window = self._window or message_window()
            with Mailbox[Happening]() as mailbox, window.listening(_not_ours), user32.real_pixels():
                events = WinEvents(window, mailbox)
                events.start()
                try:
                    watch = _Watch(report, events)
                    while not stop.is_set():
                        self._degraded = watch.degraded_reason()
                        watch.step(mailbox.take() if stop.select([mailbox], watch.pause()) else [])
                        if not window.alive():
                            raise SensorError("The hidden window that hears of events is gone.", "It is made anew.")
                finally:
                    events.stop()

    class _Watch:
        """One run's life. Times are of ``time.monotonic``."""

        def __init__(self, report: Report, events: WinEvents) -> None:
            self._report = report
            self._events = events
            self._trust = EventTrust()
            self._active = 0
            self._seen: Sighting | None = None
            self._hush = 0.0
            self._look_at = 0.0
            """When something is to be looked at apart from the regular looks; 0 for never."""
            self._gap = False
            self._follow(user32.foreground())
            self._look()
            report(self._seen)
            self._regular = time.monotonic() + self._trust.pause

        def pause(self) -> float:
            """Seconds until something is to be looked at."""
            due = min(self._regular, self._look_at or self._regular)
            return max(0.0, due - time.monotonic())

        def degraded_reason(self) -> str | None:
            """A sentence saying that only looking helps, or None."""
            if self._events.refused:
                return f"{UNTOLD} ({self._events.refused.rstrip('.')}): {LOOKED_AT}"
            return f"{UNTOLD}: {LOOKED_AT}" if self._trust.looking else None

        def step(self, happened: list[Happening]) -> None:
            """Act on what happened, and look where it is time to."""
            now = time.monotonic()
            handle = user32.foreground()
            due = self._take_note(happened, now, handle)
            if handle != self._active:
                if handle == 0 and not self._gap:
                    self._gap, self._look_at = True, now + PASSING
                else:
                    self._follow(handle)
                    self._report_change()
                return
            self._gap = False
            if Happening.CHANGE in happened:
                self._report_change()
                self._be_quiet()
            elif self._look_at and now >= self._look_at:
                self._listen_again()
            elif due:
                self._report_change()

        def _take_note(self, happened: list[Happening], now: float, handle: int) -> bool:
            """Whether events come; True where it was time for a look."""
            due = now >= self._regular
            if Happening.FOREGROUND in happened:
                self._trust.announced()
            elif due:
                self._trust.looked(changed=handle not in (self._active, 0))
            elif handle not in (self._active, 0):
                self._trust.found()
            else:
                return False
            self._regular = now + self._trust.pause
            return due

        def _follow(self, handle: int) -> None:
            self._active, self._gap, self._hush, self._look_at = handle, False, 0.0, 0.0
            self._listen()

        def _listen(self) -> None:
            pid = user32.owner(self._active) if self._active else 0
            self._events.follow(self._active, pid)

        def _listen_again(self) -> None:
            self._look_at = 0.0
            if self._report_change():
                self._be_quiet()
            else:
                self._hush = 0.0
                self._listen()

        def _report_change(self) -> bool:
            """Look and report; True where something changed."""
            before = self._seen
            self._look()
            if self._seen == before:
                return False
            self._report(self._seen)
            return True

        def _look(self) -> None:
            sighting = describe(self._active) if self._active else None
            if sighting is not None and sighting.hidden:
                sighting = None
            if sighting is not None and sighting.window.pid == 0:
                self._look_at = time.monotonic() + APP_APPEARS
            self._seen = sighting

        def _be_quiet(self) -> None:
            """Stop listening to the window's own changes for a moment; longer each time they go on."""
            self._hush = min(max(SHORTEST_HUSH, self._hush * 2), LONGEST_HUSH)
            self._look_at = time.monotonic() + self._hush
            self._events.follow(self._active, 0)

    def _not_ours(_message: int, _wparam: int, _lparam: int) -> int | None:
        """WinEvents come to hooks, not to the window."""
        return None
