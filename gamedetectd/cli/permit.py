"""``gamedetectd permit``: has macOS ask the person whether the daemon may read the titles of windows."""

from __future__ import annotations

from gamedetectd.cli.output import console

STEPS = (
    "Switch gamedetectd on in System Settings, Privacy & Security, Screen & System Audio Recording, and start it anew:"
    " macOS tells a program only then."
)


def permit() -> None:
    """Let the daemon read the titles of windows (macOS alone asks before it tells them).

    Titles say which game an emulator runs where nothing else does. Everything else works without. The daemon has to
    run: the leave is given to the program that asks.

    - `gamedetectd permit`
    """
    from gamedetectd.app.window_titles import COMMAND
    from gamedetectd.control.client import Client
    from gamedetectd.paths import Paths

    reply = Client(Paths.resolve()).request(COMMAND)
    console().print("gamedetectd may read the titles of windows." if reply["given"] else STEPS)
