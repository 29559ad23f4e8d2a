"""When the person last gave input: what the system we run on can tell, by keyboard and mouse and by gamepads."""

from __future__ import annotations

import sys

from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.idle import declared
from gamedetectd.platforms.idle.gamepads import Gamepads
from gamedetectd.platforms.idle.source import Input, InputSource, Pads
from gamedetectd.platforms.windows import session
from gamedetectd.platforms.windows.xdisplay import display_name

__all__ = ["Input", "InputSource", "Pads", "input_source", "pads", "source_name", "unsupported_reason"]

_LONG = 3600.0
"""Seconds of rest in a question whose answer nobody waits for."""


def source_name() -> str:
    """The mechanism for keyboard and mouse; empty where this session has none."""
    if sys.platform == "win32":
        return declared.LAST_INPUT.name
    if sys.platform == "darwin":
        return declared.EVENT_SOURCE.name
    if sys.platform.startswith("linux") and session.on_wayland():
        return (declared.MUTTER if session.is_gnome() else declared.WAYLAND).name
    return declared.X11.name if display_name() else ""


def unsupported_reason() -> str | None:
    """A sentence saying why keyboard and mouse cannot be watched in this session, or None."""
    if sys.platform in ("win32", "darwin"):
        return None
    if not sys.platform.startswith("linux"):
        return "gamedetectd cannot tell on this system yet when input was last given."
    if session.on_wayland():
        try:
            input_source(_LONG).close()
        except DisplayGoneError as error:
            return f"{error.cause} {error.remedy}"
        return None
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

    if sys.platform.startswith("linux") and session.on_wayland():
        try:
            return _compositor(rest)
        except DisplayGoneError:
            if not display_name():
                raise
    return XInput(display_name(), rest)


def _compositor(rest: float) -> InputSource:
    """What a Wayland session's compositor knows. Raises DisplayGoneError where it tells nothing."""
    if session.is_gnome():
        from gamedetectd.platforms.idle.mutter import MutterInput

        return MutterInput(rest)
    from gamedetectd.platforms.idle.wayland import WaylandInput

    return WaylandInput(rest)


def pads() -> Pads:
    """What knows of gamepads; nothing is opened yet."""
    if sys.platform == "win32":
        from gamedetectd.platforms.idle.xinput_pads import system_pads

        return system_pads()
    return Gamepads()
