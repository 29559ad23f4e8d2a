"""All top-level windows at one moment, for programs that are judged while another window has the focus."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from gamedetectd.domain import Window
from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.windows.mechanisms import compositor
from gamedetectd.platforms.windows.xdisplay import XDisplay, display_name
from gamedetectd.platforms.windows.xfocus import Focus, program_windows
from gamedetectd.platforms.windows.xwindow import describe

if sys.platform == "win32":
    from gamedetectd.platforms.windows.win32_window import listed as win32_windows
    from gamedetectd.platforms.windows.win32_window import listed_foreground as win32_foreground

if sys.platform == "darwin":
    from gamedetectd.platforms.windows.mac import listed as mac_windows
    from gamedetectd.platforms.windows.mac import listed_foreground as mac_foreground

log = logging.getLogger(__name__)


class WindowLister:
    """Lists windows, over a connection of its own, made for each list and closed after it (on X11 20 ms). In a Wayland
    session whose compositor tells of windows, it is asked; otherwise X11 is.

    A server that does not answer is waited for once, ``timeout`` seconds, and not asked again before it has answered.
    """

    def __init__(self, timeout: float = 2.0) -> None:
        self._timeout = timeout
        self._busy: threading.Thread | None = None

    def windows(self) -> tuple[Window, ...]:
        """Every program's top-level window, the minimised too; empty without a display or an answer. For one thread
        at a time.
        """
        if sys.platform == "win32":
            return tuple(win32_windows())
        if sys.platform == "darwin":
            return mac_windows()
        if (teller := compositor()) is not None:
            return teller.windows()
        return self._ask(_all)

    def foreground(self) -> Window | None:
        """The window in the foreground, or None; with the same patience as ``windows``."""
        if sys.platform == "win32":
            return win32_foreground()
        if sys.platform == "darwin":
            return mac_foreground()
        if (teller := compositor()) is not None:
            return next(iter(teller.foreground()), None)
        return next(iter(self._ask(_active)), None)

    def _ask(self, read: Callable[[XDisplay], Iterable[Window]]) -> tuple[Window, ...]:
        if not sys.platform.startswith("linux") or not display_name():
            return ()
        if self._busy is not None and self._busy.is_alive():
            return ()
        found: list[Window] = []
        self._busy = threading.Thread(target=_list_into, args=(found, read), name="windows", daemon=True)
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


def _all(display: XDisplay) -> Iterator[Window]:
    for handle in program_windows(display):
        if (sighting := describe(display, handle)) is not None:
            yield sighting.window


def _active(display: XDisplay) -> Iterator[Window]:
    """The one window the foreground sensor would report."""
    handle = Focus(display).active()
    sighting = describe(display, handle) if handle else None
    if sighting is not None and not sighting.hidden:
        yield sighting.window


def _list_into(found: list[Window], read: Callable[[XDisplay], Iterable[Window]]) -> None:
    try:
        with closing(XDisplay(display_name())) as display:
            found.extend(read(display))
    except DisplayGoneError as error:
        log.debug("windows could not be listed: %s", error.cause)
