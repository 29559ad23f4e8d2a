"""What this system and session can do for us: every mechanism that systems differ in, if it is in use, and why not.

A daemon that runs knows best what its sensors do; everything else is asked here, in this session.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing

from gamedetectd.app.doctor.findings import (
    AUTOSTART_BROKEN,
    BUS_MISSING,
    BUS_UNUSABLE,
    DISPLAY_MISSING,
    DISPLAY_UNUSABLE,
    WINDOWS_UNTOLD,
    Trouble,
)
from gamedetectd.app.machine import Machine
from gamedetectd.app.sensors import process_sensor, sensors
from gamedetectd.config import Settings
from gamedetectd.control.daemon_shapes import SensorRow
from gamedetectd.control.doctor_shapes import CapabilityRow, CapabilityState
from gamedetectd.errors import BusError
from gamedetectd.platforms.notify.declared import BUBBLES
from gamedetectd.platforms.processes.events import EventsUnavailableError, open_process_events
from gamedetectd.platforms.resources.declared import LOAD, PRESSURE
from gamedetectd.platforms.tray.declared import MENU_BAR, NOTIFICATION_AREA, STATUS_NOTIFIER, X11_TRAY
from gamedetectd.sensors.processes import ProcessSensor

_STATES: dict[str, CapabilityState] = {"watching": "used", "fallback": "fallback"}
AUTOSTART = "start at login"
_NOTIFICATIONS, _TRAY = "notifications", "tray"


def sensors_of(rows: Iterable[SensorRow]) -> Iterator[CapabilityRow]:
    """What the daemon's sensors do."""
    for row in rows:
        yield CapabilityRow(row.name, row.source, _STATES.get(row.state, "unsupported"), row.reason or "")


def sensors_here(machine: Machine, settings: Settings) -> list[CapabilityRow]:
    """What sensors could do if the daemon were started from here."""
    rows = []
    for sensor in sensors(machine, settings, process_sensor(machine, settings)):
        unsupported = sensor.unsupported_reason()
        degraded = None if unsupported else sensor.degraded_reason() or _no_events(sensor.name)
        state: CapabilityState = "unsupported" if unsupported else "fallback" if degraded else "available"
        rows.append(CapabilityRow(sensor.name, sensor.source(), state, unsupported or degraded or ""))
    return rows


def _no_events(sensor: str) -> str | None:
    """Why the kernel would not announce programs to this account; the sensor itself learns so when it runs."""
    if sensor != ProcessSensor.name:
        return None
    try:
        open_process_events().close()
    except EventsUnavailableError as error:
        return f"Programs would be looked for again and again instead of being announced. {error}"
    return None


def display_troubles() -> Iterator[Trouble]:
    """A desktop that does not tell of its windows, a display that is named and cannot be used, or none at all.

    Elsewhere than on Linux there is always one.
    """
    if sys.platform != "linux":
        return
    from gamedetectd.platforms.windows import session
    from gamedetectd.platforms.windows.mechanisms import compositor
    from gamedetectd.platforms.windows.xdisplay import display_name, unusable_reason

    if compositor() is not None:
        return
    if session.is_gnome():
        from gamedetectd.platforms.windows import gnome, gnome_extension

        if (said := gnome.why_not()) in (gnome.NOT_INSTALLED, gnome.NOT_AT_WORK):
            remedy = gnome_extension.INSTALL if said == gnome.NOT_INSTALLED else gnome_extension.ENABLE
            yield Trouble(WINDOWS_UNTOLD, said, remedy)
    reason = unusable_reason()
    if reason is not None:
        named = bool(display_name())
        remedy = "Set it to that of your session, such as: export DISPLAY=:0; or: unset DISPLAY" if named else ""
        yield Trouble(DISPLAY_UNUSABLE if named else DISPLAY_MISSING, reason, remedy)


def bus_troubles() -> Iterator[Trouble]:
    """A session bus that is named and cannot be used, or none at all."""
    if sys.platform != "linux":
        return
    from gamedetectd.platforms.dbus.session_bus import SessionBus, bus_address

    if not bus_address():
        said = "There is no session bus here: no notifications, no icon, no keyring, and GameMode is not heard."
        yield Trouble(BUS_MISSING, said)
        return
    try:
        SessionBus.open().close()
    except BusError as error:
        yield Trouble(BUS_UNUSABLE, f"{error.cause} Notifications, the icon and the keyring need it.")


def desktop(settings: Settings) -> list[CapabilityRow]:
    """Notifications and the icon in the tray."""
    if sys.platform == "linux":
        names = _on_the_bus()
        bubbles, icon = _notifications(names), _tray(names)
    else:
        place = MENU_BAR if sys.platform == "darwin" else NOTIFICATION_AREA
        bubbles = CapabilityRow(_NOTIFICATIONS, BUBBLES, "available", "")
        icon = CapabilityRow(_TRAY, place, "available", "")
    return [_switched(bubbles, on=settings.notifications.mode != "none"), _switched(icon, on=settings.tray.enabled)]


def _switched(row: CapabilityRow, *, on: bool) -> CapabilityRow:
    return row if on else CapabilityRow(row.purpose, row.mechanism, "off", "Switched off in the settings.")


def _on_the_bus() -> frozenset[str]:
    """The services that run, or would be started; empty without a bus."""
    from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus

    try:
        with closing(SessionBus.open()) as bus:
            (running,) = bus.call(BUS, BUS_PATH, BUS, "ListNames")
            (startable,) = bus.call(BUS, BUS_PATH, BUS, "ListActivatableNames")
    except BusError:
        return frozenset()
    return frozenset((*running, *startable))


def _notifications(names: frozenset[str]) -> CapabilityRow:
    from gamedetectd.platforms.notify.freedesktop import SERVICE

    if SERVICE in names:
        return CapabilityRow(_NOTIFICATIONS, SERVICE, "available", "")
    return CapabilityRow(
        _NOTIFICATIONS, SERVICE, "unsupported", "No notification service is on the session bus, nor could be started."
    )


def _tray(names: frozenset[str]) -> CapabilityRow:
    from gamedetectd.platforms.tray.notifier import WATCHER
    from gamedetectd.platforms.windows.xdisplay import unusable_reason

    if WATCHER in names:
        return CapabilityRow(_TRAY, STATUS_NOTIFIER, "available", "")
    if (reason := unusable_reason()) is None:
        said = "No panel takes StatusNotifierItems; a tray that takes windows is looked for on X11."
        return CapabilityRow(_TRAY, X11_TRAY, "fallback", said)
    return CapabilityRow(_TRAY, STATUS_NOTIFIER, "unsupported", f"No panel takes icons. {reason}")


def autostart() -> tuple[list[CapabilityRow], list[Trouble]]:
    """The ways of starting at login, the one in use, and what is wrong with it."""
    from gamedetectd.platforms.autostart import autostart_state, mechanisms
    from gamedetectd.platforms.autostart.program import this_program

    state = autostart_state()
    rows = []
    for mechanism in mechanisms(this_program()):
        reason = mechanism.unsupported_reason()
        used = state.on and state.mechanism == mechanism.name
        detail = state.command if used else reason or ""
        rows.append(
            CapabilityRow(
                AUTOSTART, mechanism.name, "used" if used else "unsupported" if reason else "available", detail
            )
        )
    return rows, [Trouble(AUTOSTART_BROKEN, one.what, one.remedy) for one in state.problems]


def pressure() -> CapabilityRow:
    """Whether the kernel says how long programs wait for memory and processors."""
    if sys.platform == "linux" and os.access(f"{PRESSURE}/memory", os.R_OK):
        return CapabilityRow("pressure", PRESSURE, "available", "")
    said = "This kernel does not keep it." if sys.platform == "linux" else "Only Linux tells."
    return CapabilityRow("pressure", LOAD, "fallback", said)
