"""What the main thread does where there is no icon: it waits for the end. On macOS it turns the run loop meanwhile, to
which the system tells everything.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.platforms.mac.main_loop import MainLoop

log = logging.getLogger(__name__)


def wait(daemon: Daemon) -> None:
    """Sleep in the main thread until somebody asks for the end."""
    if sys.platform == "darwin":
        from gamedetectd.platforms.mac.main_loop import main_loop

        turn(daemon, main_loop())
    daemon.wait()


def turn(daemon: Daemon, loop: MainLoop) -> None:
    """Turn the loop until somebody asks for the end; return at once where it cannot be turned."""
    daemon.on_stop = loop.end
    try:
        loop.run(daemon.wait)
    except ImportError as error:
        log.warning("macOS can tell nothing without pyobjc: %s", error)
    finally:
        daemon.on_stop = _nothing


def _nothing() -> None:
    """The end wakes nobody any more."""
