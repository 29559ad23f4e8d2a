"""When the person last gave input: what the system we run on can tell, by keyboard and mouse and by gamepads."""

from __future__ import annotations

import sys

from gamedetectd.platforms.idle.gamepads import Gamepads
from gamedetectd.platforms.idle.source import Input, InputSource, Pads
from gamedetectd.platforms.windows.xdisplay import display_name

__all__ = ["Input", "InputSource", "Pads", "input_source", "pads", "source_name", "unsupported_reason"]


def source_name() -> str:
    """The mechanism for keyboard and mouse; empty where this session has none."""
    if sys.platform == "win32":
        return "GetLastInputInfo"
    if sys.platform == "darwin":
        return "CGEventSource"
    return "X11" if display_name() else ""


def unsupported_reason() -> str | None:
    """A sentence saying why keyboard and mouse cannot be watched in this session, or None."""
    if sys.platform in ("win32", "darwin"):
        return None
    if not sys.platform.startswith("linux"):
        return "gamedetectd cannot tell on this system yet when input was last given."
    from gamedetectd.platforms.windows.xdisplay import unusable_reason

    return unusable_reason()


def input_source(rest: float) -> InputSource:
    """What knows of keyboard and mouse, told to speak once they rested for ``rest`` seconds if it can.

    Raises DisplayGoneError.
    """
    if sys.platform == "win32":
        from gamedetectd.platforms.idle.last_input import LastInput

        return LastInput()
    if sys.platform == "darwin":
        from gamedetectd.platforms.idle.mac_input import MacInput

        return MacInput()
    from gamedetectd.platforms.idle.x11 import XInput

    return XInput(display_name(), rest)


def pads() -> Pads:
    """What knows of gamepads; nothing is opened yet."""
    if sys.platform == "win32":
        from gamedetectd.platforms.idle.xinput_pads import system_pads

        return system_pads()
    return Gamepads()
