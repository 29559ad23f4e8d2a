"""Every way of doing something that systems differ in, and how far each was tried: docs/platforms.md is made of it."""

from __future__ import annotations

import sys

from gamedetectd.control.declared import DECLARED as CONTROL
from gamedetectd.library.declared import DECLARED as LIBRARY
from gamedetectd.platforms.autostart.declared import DECLARED as AUTOSTART
from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified, how_verified
from gamedetectd.platforms.capture.declared import DECLARED as CAPTURE
from gamedetectd.platforms.children.declared import DECLARED as CHILDREN
from gamedetectd.platforms.idle.declared import DECLARED as IDLE
from gamedetectd.platforms.notify.declared import DECLARED as NOTIFY
from gamedetectd.platforms.power.declared import DECLARED as POWER
from gamedetectd.platforms.processes.declared import DECLARED as PROCESSES
from gamedetectd.platforms.resources.declared import DECLARED as RESOURCES
from gamedetectd.platforms.tray.declared import DECLARED as TRAY
from gamedetectd.platforms.windows.declared import DECLARED as WINDOWS_SEEN
from gamedetectd.security.credentials.declared import DECLARED as SECRETS
from gamedetectd.sensors.declared import DECLARED as SENSORS

PLACES = (
    Capability(Purpose.PLACES, LINUX, "the XDG directories", Verified.REAL),
    Capability(
        Purpose.PLACES,
        WINDOWS,
        "Local AppData, wherever it was moved; names in any script, paths of more than 260 characters",
        Verified.WINE,
        remark="Windows itself takes long paths where its LongPathsEnabled is set",
    ),
    Capability(Purpose.PLACES, MACOS, "`~/Library`", Verified.UNVERIFIED),
)
"""``paths.py``."""

PACKAGES = (
    Capability(Purpose.PACKAGE, LINUX, ".deb, .tar.gz, pipx, uv tool", Verified.REAL, remark="Debian 12"),
    Capability(
        Purpose.PACKAGE,
        WINDOWS,
        "installer (NSIS), signed once there is a certificate",
        Verified.WINE,
        remark="unsigned; its pages were not looked at",
    ),
    Capability(Purpose.PACKAGE, MACOS, ".app in a .dmg", Verified.UNVERIFIED),
)
"""What ``packaging/`` makes."""

FAMILIES: tuple[tuple[Capability, ...], ...] = (
    PROCESSES,
    SENSORS,
    WINDOWS_SEEN,
    CAPTURE,
    IDLE,
    POWER,
    LIBRARY,
    CONTROL,
    CHILDREN,
    RESOURCES,
    AUTOSTART,
    TRAY,
    NOTIFY,
    SECRETS,
    PLACES,
    PACKAGES,
)

ASKED = {
    "processes": (Purpose.BEGIN,),
    "foreground": (Purpose.FOREGROUND,),
    "screen": (Purpose.CAPTURE,),
    "title_screen": (Purpose.CAPTURE,),
    "idle": (Purpose.INPUT, Purpose.PADS),
    "power": (Purpose.SLEEP,),
    "steam_log": (Purpose.STORE_SIGNALS,),
    "gamemode": (Purpose.STORE_SIGNALS,),
    "notifications": (Purpose.NOTIFICATIONS,),
    "tray": (Purpose.TRAY,),
    "start at login": (Purpose.AUTOSTART,),
    "pressure": (Purpose.LOAD,),
}
"""What sensors and ``doctor`` call the purposes they tell of."""


def declared() -> tuple[Capability, ...]:
    """All rows, in the order of the page."""
    order = list(Purpose)
    rows = [row for family in FAMILIES for row in family]
    return tuple(sorted(rows, key=lambda row: (order.index(row.purpose), (LINUX, WINDOWS, MACOS).index(row.system))))


def verified(purpose: str, mechanism: str, system: str = sys.platform) -> str:
    """How far what a sensor or ``doctor`` names was tried on this kind of system; "" where it is none of ours."""
    return how_verified(declared(), ASKED.get(purpose, ()), system, mechanism)
