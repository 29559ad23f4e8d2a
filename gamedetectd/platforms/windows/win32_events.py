"""Windows tells of another foreground window, and of what happens to the present one, by WinEvents in the thread of the
hidden window.

Of all windows only changes of the foreground are heard of; titles and places change a hundred times a second somewhere,
so those are asked for of one process, and not while nobody wants to know. The numbers: winuser.h.
"""

from __future__ import annotations

import sys
from enum import Enum, auto

FOREGROUND = 0x0003
MINIMIZE_START, MINIMIZE_END = 0x0016, 0x0017
DESTROY, NAME_CHANGE = 0x8001, 0x800C
LOCATION_CHANGE = 0x800B
OBJECT_WINDOW = 0


class Happening(Enum):
    """What was told."""

    FOREGROUND = auto()
    """Another window has the foreground."""
    CHANGE = auto()
    """Something is different about the window that is followed."""


def concerns(event: int, window: int, followed: int, part: int) -> Happening | None:
    """What an event means for somebody who follows a window; None for nothing. ``part`` is 0 for a whole window."""
    if event == FOREGROUND:
        return Happening.FOREGROUND
    if part != OBJECT_WINDOW or window != followed:
        return None
    return Happening.CHANGE


if sys.platform == "win32":
    from gamedetectd.platforms.mailbox import Mailbox
    from gamedetectd.platforms.win32 import user32_messages
    from gamedetectd.platforms.win32.message_window import MessageWindow

    class WinEvents:
        """Puts a letter into ``mailbox`` for everything that happens. Methods are for any thread and never wait."""

        def __init__(self, window: MessageWindow, mailbox: Mailbox[Happening]) -> None:
            self.refused = ""
            """Why Windows does not take the order for events, if it does not."""
            self._window = window
            self._mailbox = mailbox
            self._followed = 0
            self._general: list[int] = []
            self._details: list[int] = []
            self._happened = user32_messages.Happened(self._take)

        def start(self) -> None:
            """Hear of changes of the foreground."""

            def begin() -> None:
                self._hook(self._general, FOREGROUND, FOREGROUND)
                self._hook(self._general, MINIMIZE_START, MINIMIZE_END)

            self._window.soon(begin)

        def follow(self, window: int, pid: int) -> None:
            """Hear of what happens to one window of that process, instead of another one before; 0 for of none."""

            def begin() -> None:
                self._drop(self._details)
                self._followed = window
                if pid:
                    self._hook(self._details, DESTROY, DESTROY, pid)
                    self._hook(self._details, LOCATION_CHANGE, NAME_CHANGE, pid)

            self._window.soon(begin)

        def stop(self) -> None:
            """Hear of nothing any more."""

            def end() -> None:
                self._drop(self._details)
                self._drop(self._general)

            self._window.soon(end)

        def _hook(self, kept: list[int], first: int, last: int, pid: int = 0) -> None:
            try:
                kept.append(user32_messages.hook(first, last, self._happened, pid))
            except OSError as error:
                self.refused = error.strerror or str(error)

        def _drop(self, kept: list[int]) -> None:
            while kept:
                user32_messages.unhook(kept.pop())

        def _take(
            self, _hook: int, event: int, window: int | None, part: int, _child: int, _thread: int, _time: int
        ) -> None:
            happening = concerns(event, window or 0, self._followed, part)
            if happening is not None:
                self._mailbox.put(happening)
