"""The foreground window on macOS: it tells who comes to the front; the list of windows says the rest.

Of titles, places and full screen inside an application nobody tells without the leave to control the computer, which we
do not ask for: they are looked at every few seconds, and a moment after somebody came to the front. Where the run loop
of the main thread tells nothing, the foremost window is looked at every second.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from gamedetectd.domain import Window
from gamedetectd.errors import SensorError
from gamedetectd.interfaces import Stop
from gamedetectd.platforms.mac import core_graphics, notices, screen_recording
from gamedetectd.platforms.mac.core_graphics import Rectangle, Row
from gamedetectd.platforms.mac.main_loop import MainLoop, main_loop
from gamedetectd.platforms.mac.notices import Centre, Notice
from gamedetectd.platforms.mailbox import Mailbox
from gamedetectd.platforms.windows import mac_rows
from gamedetectd.platforms.windows.backend import Report, Sighting
from gamedetectd.platforms.windows.declared import MAC_LOOKING, WORKSPACE
from gamedetectd.platforms.windows.event_trust import LOOK_EVERY, EventTrust

log = logging.getLogger(__name__)

DETAILS_EVERY = 5.0
"""Seconds between looks at what is not told: title, place, full screen."""
WINDOW_APPEARS = (0.3, 1.2)
"""Seconds after an application came to the front at which its window is looked at again."""
WANTED = ((Centre.WORKSPACE, notices.ACTIVATED), (Centre.WORKSPACE, notices.OTHER_SPACE))
UNTOLD = "macOS tells of no change of the foreground"
LOOKED_AT = f"the foremost window is looked at every {LOOK_EVERY:g} s instead."

Rows = Callable[[], Sequence[Row]]
Displays = Callable[[], Sequence[tuple[int, Rectangle]]]


class MacForeground:
    """The backend of macOS; see ``backend.ForegroundBackend``."""

    def __init__(
        self,
        loop: MainLoop | None = None,
        rows: Rows = core_graphics.window_rows,
        displays: Displays = core_graphics.displays,
    ) -> None:
        self._loop = loop or main_loop()
        self._rows = rows
        self._displays = displays
        self._degraded: str | None = None

    @property
    def name(self) -> str:
        way = (WORKSPACE if self._degraded is None else MAC_LOOKING).name
        return f"{way}, without titles" if screen_recording.given() is False else way

    def unsupported_reason(self) -> str | None:
        try:
            screens = self._displays()
        except (OSError, AttributeError) as error:
            return f"macOS does not let gamedetectd see windows ({error})."
        return None if screens else "There is no screen: nobody is logged in at this Mac's own desktop."

    def degraded_reason(self) -> str | None:
        return self._degraded

    def run(self, report: Report, stop: Stop) -> None:
        with Mailbox[Notice]() as mailbox, ExitStack() as stack:
            refused = ""
            try:
                stack.enter_context(notices.listening(self._loop, WANTED, mailbox.put))
                self._loop.soon(functools.partial(_tell_who_is_in_front, mailbox))
            except ImportError as error:
                refused = f" ({error})"
            watch = Watch(report, self._look)
            while not stop.is_set():
                missing = bool(refused) or watch.trust.looking
                self._degraded = f"{UNTOLD}{refused}: {LOOKED_AT}" if missing else None
                watch.step(mailbox.take() if stop.select([mailbox], watch.pause()) else ())

    def _look(self) -> tuple[list[mac_rows.Seen], list[mac_rows.Display]]:
        try:
            return mac_rows.seen(self._rows()), mac_rows.places(self._displays())
        except OSError as error:
            raise SensorError(f"macOS does not list its windows ({error}).", "They are asked for again.") from error


class Watch:
    """One run's life: ``step`` with what was told and, once ``pause`` is over, without. Times are of
    ``time.monotonic``.
    """

    def __init__(
        self, report: Report, look: Callable[[], tuple[Sequence[mac_rows.Seen], Sequence[mac_rows.Display]]]
    ) -> None:
        self.trust = EventTrust()
        self._report = report
        self._look = look
        self._active = 0
        self._told: Sighting | None = None
        self._silent = True
        self._again: list[float] = []
        self._regular = 0.0
        self.step(())

    def pause(self) -> float:
        """Seconds until a look is due."""
        return max(0.0, min([self._regular, *self._again]) - time.monotonic())

    def step(self, letters: Sequence[Notice]) -> None:
        """Take in what was told, and look."""
        now = time.monotonic()
        for letter in letters:
            if letter.name in (notices.ACTIVATED, FIRST) and letter.pid:
                self._active = letter.pid
                self.trust.announced()
        if letters:
            self._again = [now + later for later in WINDOW_APPEARS]
        regular = now >= self._regular
        self._again = [at for at in self._again if at > now]
        windows, displays = self._look()
        if regular:
            self._doubt(windows, displays)
        self._regular = now + min(self.trust.pause, DETAILS_EVERY)
        self._tell(mac_rows.sighting(windows, displays, self._active))

    def _doubt(self, windows: Sequence[mac_rows.Seen], displays: Sequence[mac_rows.Display]) -> None:
        """Another program's window before those of who is said to be in front: that was not announced."""
        foremost, active = mac_rows.owner_in_front(windows), self._active
        behind = foremost not in (0, active) and not mac_rows.has_display(windows, displays, active)
        if active and not self.trust.looking:  # one without windows is in front although others' are seen
            behind = behind and mac_rows.has_ordinary(windows, active)
        self.trust.looked(changed=behind and active != 0)
        if behind:
            self._active = foremost

    def _tell(self, sighting: Sighting | None) -> None:
        if self._silent or sighting != self._told:
            self._silent, self._told = False, sighting
            self._report(sighting)


def listed(
    rows: Callable[[int], Sequence[Row]] = core_graphics.window_rows, displays: Displays = core_graphics.displays
) -> tuple[Window, ...]:
    """Every window a person would call one, those of hidden applications too; empty where macOS tells nothing."""
    try:
        everything = rows(core_graphics.ALL_WINDOWS | core_graphics.WITHOUT_DESKTOP)
        return tuple(mac_rows.listed(mac_rows.seen(everything), mac_rows.places(displays())))
    except OSError as error:
        log.debug("windows could not be listed: %s", error)
        return ()


def listed_foreground(
    rows: Rows = core_graphics.window_rows, displays: Displays = core_graphics.displays
) -> Window | None:
    """The foremost window. A command has no run loop that would be told which application that is of."""
    try:
        windows, screens = mac_rows.seen(rows()), mac_rows.places(displays())
    except OSError as error:
        log.debug("the foreground could not be read: %s", error)
        return None
    sighting = mac_rows.sighting(windows, screens, mac_rows.owner_in_front(windows))
    return None if sighting is None else sighting.window


FIRST = "in front at first"
"""A notice of our own: who was in front when we began."""


def _tell_who_is_in_front(mailbox: Mailbox[Notice]) -> None:
    mailbox.put(Notice(FIRST, notices.in_front()))
