"""All top-level windows at one moment, for programs that are judged while another window has the focus."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Sequence

from gamedetectd.domain import Window
from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.windows.xdisplay import XDisplay, display_name
from gamedetectd.platforms.windows.xfocus import Focus, program_windows
from gamedetectd.platforms.windows.xwindow import describe

log = logging.getLogger(__name__)


class WindowLister:
    """Lists windows over a connection of its own, made for each list and closed after it (20 ms).

    A server that does not answer is waited for once, ``timeout`` seconds, and not asked again before it has answered.
    """

    def __init__(self, timeout: float = 2.0) -> None:
        self._timeout = timeout
        self._busy: threading.Thread | None = None

    def windows(self) -> tuple[Window, ...]:
        """Every program's top-level window, the minimised too; empty without a display or an answer. Thread-safe
        only in that one thread uses it.
        """
        return self._ask(program_windows)

    def foreground(self) -> Window | None:
        """The window in the foreground, or None; with the same patience as ``windows``."""
        return next(iter(self._ask(_active)), None)

    def _ask(self, which: Callable[[XDisplay], Sequence[int]]) -> tuple[Window, ...]:
        if not sys.platform.startswith("linux") or not display_name():
            return ()
        if self._busy is not None and self._busy.is_alive():
            return ()
        found: list[Window] = []
        self._busy = threading.Thread(target=_list_into, args=(found, which), name="windows", daemon=True)
        self._busy.start()
        self._busy.join(self._timeout)
        if self._busy.is_alive():
            log.warning("the X server did not list its windows within %.1f s", self._timeout)
            return ()
        return tuple(found)


def windows() -> tuple[Window, ...]:
    """``WindowLister.windows`` once."""
    return WindowLister().windows()


def foreground() -> Window | None:
    """``WindowLister.foreground`` once."""
    return WindowLister().foreground()


def _active(display: XDisplay) -> tuple[int, ...]:
    handle = Focus(display).active()
    return (handle,) if handle else ()


def _list_into(found: list[Window], which: Callable[[XDisplay], Sequence[int]]) -> None:
    try:
        display = XDisplay(display_name())
    except DisplayGoneError as error:
        log.debug("no windows listed: %s", error.cause)
        return
    try:
        sightings = [describe(display, handle) for handle in which(display)]
        found.extend(sighting.window for sighting in sightings if sighting is not None)
    except DisplayGoneError as error:
        log.debug("the display was lost while listing windows: %s", error.cause)
    finally:
        display.close()
