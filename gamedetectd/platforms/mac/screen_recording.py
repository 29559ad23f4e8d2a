"""The leave to record the screen, without which macOS tells nobody the titles of other programs' windows.

The person gives it in the system settings, to a program; a command in a terminal has the terminal's. It is looked at
without asking, and asked for by the person's click alone. The system tells a program of it when it starts.
"""

from __future__ import annotations

import logging
import sys

from gamedetectd.platforms.mac import core_graphics

log = logging.getLogger(__name__)


def given(system: str = sys.platform) -> bool | None:
    """Whether this process has it; None where there is no such leave, or the system does not say. Asks nobody."""
    if system != "darwin":
        return None
    try:
        return core_graphics.may_record_screen()
    except (OSError, AttributeError) as error:
        log.debug("it is not told whether we may record the screen: %s", error)
        return None


def ask(system: str = sys.platform) -> bool | None:
    """Have macOS ask the person; whether we have it already, None as above. The answer is not waited for."""
    if system != "darwin":
        return None
    try:
        return core_graphics.ask_to_record_screen()
    except (OSError, AttributeError) as error:
        log.warning("macOS cannot be asked for the leave to record the screen: %s", error)
        return None
