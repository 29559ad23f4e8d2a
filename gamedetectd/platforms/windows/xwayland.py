"""Whose an X11 window in a Wayland session is: Xwayland knows better than the compositor.

A compositor repeats what the program claims in ``_NET_WM_PID``, which inside a container is another's number; and only
the X server shows the Steam number that Proton and gamescope write on a game's window.
"""

from __future__ import annotations

import dataclasses
import logging
from contextlib import closing

from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.windows.backend import Sighting
from gamedetectd.platforms.windows.xdisplay import XDisplay, display_name, is_local
from gamedetectd.platforms.windows.xwindow import describe

log = logging.getLogger(__name__)

MOST_KNOWN = 64
"""Windows whose owner is kept. A handle may be used again, by the same process or with another pid."""


class XwaylandOwners:
    """Asks once for each window, over a connection that is closed again: Xwayland ends with its last client."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, str], tuple[int, int]] = {}

    def owned(self, sighting: Sighting, handle: int) -> Sighting:
        """The sighting with owner and Steam number as X11 window ``handle`` (0: it is none) has them."""
        if not handle:
            return sighting
        window = sighting.window
        key = (handle, window.pid, window.class_name)
        if key not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = _owner(handle)
        pid, steam_app = self._known[key]
        return dataclasses.replace(
            sighting, window=dataclasses.replace(window, pid=pid or window.pid), steam_app=steam_app
        )


def _owner(handle: int) -> tuple[int, int]:
    """Process id and Steam number of an X11 window, 0 for what nobody tells."""
    name = display_name()
    if not name or not is_local(name):
        return 0, 0
    try:
        with closing(XDisplay(name)) as display:
            seen = describe(display, handle)
    except DisplayGoneError as error:
        log.debug("Xwayland did not tell whose window %d is: %s", handle, error.cause)
        return 0, 0
    return (seen.window.pid, seen.steam_app) if seen is not None else (0, 0)
