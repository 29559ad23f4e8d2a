"""The environment of what we start: ours, without what was meant for us alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

SUPERVISED = "SUPERVISED_GAMEDETECTD"
"""Set by our own supervisor to the seconds after which it takes us for hung."""
NOTIFY_SOCKET = "NOTIFY_SOCKET"
FOR_US_ALONE = (
    NOTIFY_SOCKET,
    "WATCHDOG_USEC",
    "WATCHDOG_PID",
    "LISTEN_FDS",
    "LISTEN_PID",
    "LISTEN_FDNAMES",
    SUPERVISED,
)
"""What a service manager says to us: a child that had it could speak in our name. See sd_notify(3)."""
LIBRARIES = ("LD_LIBRARY_PATH",)
"""What a frozen program changes for itself; the value before it, if there was one, is kept with ``_ORIG``:
https://pyinstaller.org/en/stable/runtime-information.html#ld-library-path-libpath-considerations"""
STARTERS = "_PYI_"
"""How the variables begin that what starts a frozen program passes on to itself."""


def child_environment(
    environment: Mapping[str, str] = os.environ, *, frozen: bool = bool(getattr(sys, "frozen", False))
) -> dict[str, str]:
    """What a child may see, a program of the system too: the library path is the one from before we were frozen."""
    found = {
        name: value for name, value in environment.items() if name not in FOR_US_ALONE and not name.startswith(STARTERS)
    }
    for name in LIBRARIES:
        before = found.pop(f"{name}_ORIG", None)
        if before is not None:
            found[name] = before
        elif frozen:
            found.pop(name, None)
    return found
