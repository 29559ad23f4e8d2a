"""The end of the Windows session, which is no signal there: log-off and shutdown come as messages to a window, and when
the answer is given the process may be ended at any moment. So it is given when everything is put away.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from gamedetectd.platforms.power.messages import WM_ENDSESSION, who_ends

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

LONGEST_ANSWER = 4.5
"""Seconds: Windows takes us for hung after five."""


class Farewell:
    """Takes the messages of the hidden window that want us to end; see ``message_window.Listener``."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._over = threading.Event()

    def hear(self, message: int, wparam: int, lparam: int) -> int | None:
        """Pass on who wants us to end; at the end of the session return once we are ready for it."""
        by = who_ends(message, wparam, lparam)
        if by is None:
            return None
        self._daemon.ask_to_stop(by)
        if message == WM_ENDSESSION:
            self._over.wait(LONGEST_ANSWER)
        return 0

    def over(self) -> None:
        """Everything is put away."""
        self._over.set()


@contextmanager
def heard(daemon: Daemon) -> Iterator[None]:
    """Inside, the end of the Windows session is the daemon's end, and waits for what is still inside."""
    with ExitStack() as listening:
        if sys.platform == "win32":
            from gamedetectd.platforms.win32.message_window import message_window

            farewell = Farewell(daemon)
            try:
                listening.enter_context(message_window().listening(farewell.hear))
            except OSError as error:
                log.warning("the end of the Windows session will come without notice: %s", error)
            listening.callback(farewell.over)
        yield
