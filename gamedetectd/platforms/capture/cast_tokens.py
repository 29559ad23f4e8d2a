"""Whether the portal knows a token and takes it from us, asked beforehand: one that does not do brings up a dialog.

The portal keeps what tokens stand for in its permission store, each for one application. It tells applications apart
by the systemd unit that a desktop starts them in; a daemon of the person's is none, and has the name "".
Source: xdg-desktop-portal, ``session-persistence.c`` and ``xdp-utils.c``; https://systemd.io/DESKTOP_ENVIRONMENTS/
"""

from __future__ import annotations

import re
from contextlib import closing, suppress
from pathlib import Path

from gamedetectd.errors import BusError
from gamedetectd.platforms.capture.shown import NotShown, Outcome
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus

STORE = "org.freedesktop.impl.portal.PermissionStore"
PLACE = "/org/freedesktop/impl/portal/PermissionStore"
TABLE = "screencast"
_UNIT = re.compile(
    r"app-(?:[A-Za-z0-9]+-)?(.+?\..+?\..+?)(?:[@-][A-Za-z0-9]*)?(?:-autostart)?\.(?:scope|service|slice)"
)
_GROUP = Path("/proc/self/cgroup")


class UnknownTokenError(NotShown):
    """The portal does not know the token; it may be in use this very moment, and another one follow."""


def insist_on_known(bus: SessionBus, token: str) -> None:
    """Raises NotShown where this token would not do, BusError where the bus is gone."""
    with suppress(BusError):
        bus.call(BUS, BUS_PATH, BUS, "StartServiceByName", "su", STORE, 0)
    try:
        answer = bus.call(STORE, PLACE, STORE, "Lookup", "ss", TABLE, token)
    except BusError as error:
        raise UnknownTokenError(
            Outcome.DENIED, "The desktop does not know the leave that you gave any more: gamedetectd vision allow"
        ) from error
    given = answer[0] if answer and isinstance(answer[0], dict) else {}
    if own_name() not in given:
        raise NotShown(
            Outcome.DENIED,
            "You allowed it to gamedetectd as it was started then, which the desktop takes for another program than"
            " this: gamedetectd vision allow",
        )


def drop(token: str) -> None:
    """Have the portal forget a token, as far as it can be reached: nobody else has it."""
    with suppress(BusError), closing(SessionBus.open()) as bus:
        bus.call(STORE, PLACE, STORE, "Delete", "ss", TABLE, token)


def own_name() -> str:
    """What the portal takes this process for."""
    try:
        unit = _GROUP.read_text().strip().rpartition("/")[2]
    except OSError:
        return ""
    found = _UNIT.fullmatch(unit)
    return re.sub(r"\\x([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), found[1]) if found else ""
