"""The leave to see the screen on desktops whose portal asks the person (GNOME, KDE): asking for it, by their own wish.

The daemon itself asks, because the portal gives the leave to a program: a command's might be the terminal's.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gamedetectd.control.server import Handler
from gamedetectd.errors import NothingToAllowError
from gamedetectd.interfaces import Reply, Request
from gamedetectd.platforms.capture import grim
from gamedetectd.platforms.capture.shown import NotShown
from gamedetectd.platforms.windows import session

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

COMMAND = "ask_for_screen"


class ScreenLeave:
    """Asks for one daemon."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def handlers(self) -> Mapping[str, Handler]:
        """What commands may have done."""
        return {COMMAND: self.ask}

    def ask(self, _request: Request) -> Reply:
        """Have the desktop ask, and wait for the answer. Raises NothingToAllowError where there is nothing to allow."""
        if not sys.platform.startswith("linux") or not session.on_wayland() or grim.fits():
            raise NothingToAllowError(
                "Only desktops on Wayland such as GNOME and KDE ask before they show the screen.",
                "Nothing needs to be done: gamedetectd vision status",
            )
        from gamedetectd.platforms.capture import portal
        from gamedetectd.platforms.capture.cast_leave import Leave

        try:
            portal.ask(Leave.below(self._daemon.paths.data))
        except NotShown as reason:
            self._daemon.audit.record("screen-allowed", f"The screen may not be seen: {reason}", success=False)
            return {"given": False, "why": str(reason)}
        self._daemon.audit.record("screen-allowed", "The person allowed the desktop to show us the screen.")
        self._daemon.eyes.try_again()
        return {"given": True, "why": ""}
