"""Every sensor there is, built as the daemon builds it: one added here is tested by ``test_sensors.py``."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from gamedetectd.app.machine import this_surroundings, this_system
from gamedetectd.interfaces import Clock, Sensor
from gamedetectd.library.steam_roots import steam_roots
from gamedetectd.platforms.clock import boot_id
from gamedetectd.platforms.idle.gamepads import Gamepads
from gamedetectd.platforms.processes import process_table
from gamedetectd.sensors.foreground import ForegroundSensor
from gamedetectd.sensors.gamemode import GameModeSensor
from gamedetectd.sensors.idle import IdleSensor
from gamedetectd.sensors.power import PowerSensor
from gamedetectd.sensors.processes import ProcessSensor
from gamedetectd.sensors.screen import ScreenSensor
from gamedetectd.sensors.screen_titles import TitleSensor
from gamedetectd.sensors.steam_log import SteamLogSensor


@dataclass(frozen=True)
class SensorCase:
    """How to build a sensor for the contract.

    ``fixtures`` are started first (an X server, where ``needs_screen``); ``speaks_at_start`` says that the sensor tells
    what is true as soon as it runs.
    """

    id: str
    build: Callable[[Clock], Sensor]
    fixtures: tuple[str, ...] = ()
    speaks_at_start: bool = True
    needs_screen: bool = False


def _steam_log(clock: Clock) -> Sensor:
    return SteamLogSensor(clock, process_table(boot_id(), clock), lambda: steam_roots(this_surroundings(this_system())))


def _screen(clock: Clock) -> Sensor:
    """One that has nothing in front of it; with a child that is never started."""
    return ScreenSensor(clock, nullcontext, lambda: None)


def _title_screen(clock: Clock) -> Sensor:
    """The same that reads."""
    return TitleSensor(clock, nullcontext, lambda: None, lambda: iter(()))


SENSORS = (
    SensorCase("processes", lambda clock: ProcessSensor(process_table(boot_id(), clock), clock)),
    SensorCase("processes-polling", lambda clock: ProcessSensor(process_table(boot_id(), clock), clock, "polling")),
    SensorCase("power", PowerSensor, speaks_at_start=False),
    SensorCase("foreground", ForegroundSensor, ("x_server",), needs_screen=True),
    SensorCase("foreground-manager", ForegroundSensor, ("openbox", "window"), needs_screen=True),
    SensorCase("foreground-sway", ForegroundSensor, ("sway_session",), needs_screen=True),
    SensorCase("foreground-hyprland", ForegroundSensor, ("hyprland_session",)),
    SensorCase("idle", lambda clock: IdleSensor(clock, 60.0), ("x_server",), speaks_at_start=False, needs_screen=True),
    SensorCase(
        "idle-gamepads",
        lambda clock: IdleSensor(clock, 60.0, Gamepads()),
        ("x_server",),
        speaks_at_start=False,
        needs_screen=True,
    ),
    SensorCase("screen", _screen, speaks_at_start=False),
    SensorCase("title_screen", _title_screen, speaks_at_start=False),
    SensorCase("steam_log", _steam_log, ("steam_playing",)),
    SensorCase("gamemode", GameModeSensor, ("gamemode_playing",)),
)
