"""The end of the login where it is no signal.

On Windows log-off and shutdown come as messages to a window, and when the answer is given the process may be ended at
any moment: so it is given when everything is put away. On macOS an application with an icon is asked to quit, and
AppKit then ends the process without coming back to us.
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
    from gamedetectd.platforms.mac.main_loop import MainLoop
    from gamedetectd.platforms.mac.notices import Notice

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
def quitting(daemon: Daemon, loop: MainLoop) -> Iterator[None]:
    """Inside, an application of macOS that is told to quit is the daemon's end: AppKit calls ``exit`` right after."""
    from gamedetectd.platforms.mac.notices import QUITTING, Centre, listening

    def quit_now(_notice: Notice) -> None:
        daemon.ask_to_stop("the log-off, or a request to quit")
        daemon.stop()

    with ExitStack() as stack:
        try:
            stack.enter_context(listening(loop, ((Centre.OURSELVES, QUITTING),), quit_now))
        except ImportError as error:
            log.warning("a request to quit will come without notice: %s", error)
        yield


@contextmanager
def heard(daemon: Daemon) -> Iterator[None]:
    """Inside, the end of the login is the daemon's end: on Windows it waits for what is still inside, on macOS an
    application is told to quit. Elsewhere, and where there is no icon, there is a signal for it.
    """
    with ExitStack() as stack:
        if sys.platform == "win32":
            from gamedetectd.platforms.win32.message_window import message_window

            farewell = Farewell(daemon)
            try:
                stack.enter_context(message_window().listening(farewell.hear))
            except OSError as error:
                log.warning("the end of the Windows session will come without notice: %s", error)
            stack.callback(farewell.over)
        elif sys.platform == "darwin":
            from gamedetectd.platforms.mac.main_loop import main_loop

            stack.enter_context(quitting(daemon, main_loop()))
        yield
