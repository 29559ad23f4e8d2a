"""What the desktop's portal says of applications: which run, which have a window, which one is in use. A hint, no more.

It names applications as their desktop entries are named, and no process; a game's may be that of the engine it runs
in. So no seconds are counted from it: ``gamedetectd desktop status`` shows it to people whose desktop tells nothing
better. ``GetAppState`` of org.freedesktop.impl.portal.Background, which GNOME and KDE have; nothing is started for it.
"""

from __future__ import annotations

import sys
from contextlib import closing, suppress

from gamedetectd.errors import BusError

SERVICES = ("org.freedesktop.impl.portal.desktop.gnome", "org.freedesktop.impl.portal.desktop.kde")
PLACE, INTERFACE = "/org/freedesktop/portal/desktop", "org.freedesktop.impl.portal.Background"
STATES = {0: "in the background", 1: "has a window", 2: "in use"}
MOST = 100
LONGEST_ID = 255


def application_states() -> dict[str, str]:
    """The state of each application by its id, as ``STATES`` words it; empty where no portal tells."""
    if not sys.platform.startswith("linux"):
        return {}
    from gamedetectd.platforms.dbus.session_bus import SessionBus

    with suppress(BusError), closing(SessionBus.open()) as bus:
        for service in SERVICES:
            with suppress(BusError):
                return _read(bus.call(service, PLACE, INTERFACE, "GetAppState"))
    return {}


def _read(answer: object) -> dict[str, str]:
    """Only what has the form it must have: (a{sv},), each value an unsigned number."""
    told = answer[0] if isinstance(answer, tuple) and len(answer) == 1 else None
    found = {}
    for name, value in list(told.items())[:MOST] if isinstance(told, dict) else ():
        match value:
            case ("u", int(state)) if state in STATES and isinstance(name, str) and len(name) <= LONGEST_ID:
                found[name] = STATES[state]
    return dict(sorted(found.items()))
