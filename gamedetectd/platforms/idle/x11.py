"""How long ago keyboard and mouse were last used on X11, and whether its screen saver has blanked or locked the screen.

The MIT-SCREEN-SAVER extension answers the question; alarms of the SYNC extension say when to ask it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.idle import xsync
from gamedetectd.platforms.idle.source import Input
from gamedetectd.platforms.windows.xdisplay import XDisplay

if TYPE_CHECKING:
    from Xlib.display import Display


class XInput:
    """A connection that knows the time of the last input. Methods raise ``DisplayGoneError`` once the server is lost.

    ``alarms`` is True where the server itself says when the input has rested for ``rest`` seconds and when it goes on:
    its socket is readable then. Otherwise only asking helps.
    """

    def __init__(self, name: str, rest: float) -> None:
        self._display = XDisplay(name)
        try:
            self._display.call(_select_saver)
            self.alarms = self._display.call(lambda raw: xsync.alarm_on_idle(raw, max(1, round(rest * 1000))))
        except DisplayGoneError:
            self._display.close()
            raise

    def readers(self) -> tuple[XDisplay]:
        """The connection."""
        return (self._display,)

    def shortcoming(self) -> str | None:
        if not self.alarms:
            return "The X server lacks the SYNC extension's idle counter, so that it is asked now and then instead."
        if os.environ.get("WAYLAND_DISPLAY"):
            return "In this Wayland session only input to X11 programs is seen (through Xwayland)."
        return None

    def close(self) -> None:
        """Hang up."""
        self._display.close()

    def look(self) -> Input:
        """The state now. Takes the events that only said that it is time to look."""
        state = self._display.call(_ask)
        while list(self._display.events()):  # one that came along with the answer may be news
            state = self._display.call(_ask)
        return state


def _select_saver(raw: Display) -> None:
    from Xlib.ext import screensaver

    if not raw.has_extension(screensaver.extname):
        raise DisplayGoneError(
            "The X server lacks the MIT-SCREEN-SAVER extension, so that nobody knows when input was last given.",
            "Start it with this extension.",
        )
    screensaver.select_input(raw.screen().root, screensaver.NotifyMask)


def _ask(raw: Display) -> Input:
    from Xlib.ext import screensaver

    answer = screensaver.query_info(raw.screen().root)
    return Input(answer.idle / 1000, answer.state == screensaver.StateOn)
