"""How long ago keyboard and mouse were last used on X11, and whether its screen saver has blanked or locked the screen.

The MIT-SCREEN-SAVER extension answers the question; alarms of the SYNC extension say when to ask it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.idle import xsync
from gamedetectd.platforms.windows.xdisplay import XDisplay, unusable_reason

if TYPE_CHECKING:
    from Xlib.display import Display


@dataclass(frozen=True, slots=True)
class Input:
    """``idle`` is seconds since the last key or mouse event; ``saver`` is True while the screen saver is on."""

    idle: float
    saver: bool


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

    def fileno(self) -> int:
        """The socket, for ``select``."""
        return self._display.fileno()

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


def unsupported_reason() -> str | None:
    """A sentence saying why the input on this session's display cannot be watched, or None."""
    return unusable_reason()
