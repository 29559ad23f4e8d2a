"""Windows: how long ago keyboard and mouse were last used in this session. Only asking tells; it costs nothing."""

from __future__ import annotations

import sys

from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.idle.source import Input

TICKS = 1 << 32
"""Milliseconds after which Windows' short count begins again at 0: 49.7 days."""


def seconds_between(then: int, now: int) -> float:
    """The time between two short counts. Input that seems to come a moment after now was given now."""
    passed = (now - then) % TICKS
    return 0.0 if passed > TICKS // 2 else passed / 1000


if sys.platform == "win32":
    from gamedetectd.platforms.win32 import kernel32, user32

    class LastInput:
        """See ``source.InputSource``. Locking is told by messages (``platforms.power``), so ``saver`` is never True."""

        alarms = False

        def readers(self) -> tuple[()]:
            """Nothing becomes readable."""
            return ()

        def look(self) -> Input:
            try:
                then = user32.last_input()
            except OSError as error:
                raise DisplayGoneError(
                    f"Windows does not say when input was last given ({error.strerror}).", "Nothing needs to be done."
                ) from error
            return Input(seconds_between(then, kernel32.ticks()), saver=False)

        def shortcoming(self) -> str | None:
            return None

        def close(self) -> None:
            """Nothing is held."""
