"""Every sensor there is, made for one machine: what the daemon runs, and what ``doctor`` asks why it could not."""

from __future__ import annotations

from gamedetectd.app.machine import Machine, steam_log
from gamedetectd.config import Settings
from gamedetectd.domain import System
from gamedetectd.interfaces import Sensor
from gamedetectd.platforms.idle import pads
from gamedetectd.sensors.foreground import ForegroundSensor
from gamedetectd.sensors.gamemode import GameModeSensor
from gamedetectd.sensors.idle import IdleSensor
from gamedetectd.sensors.power import PowerSensor
from gamedetectd.sensors.processes import ProcessSensor


def process_sensor(machine: Machine, settings: Settings) -> ProcessSensor:
    """What watches programs begin and end."""
    watch = settings.watch
    return ProcessSensor(
        machine.processes, machine.clock, watch.process_source, watch.poll_interval, machine.worth_reading
    )


def sensors(machine: Machine, settings: Settings, processes: ProcessSensor) -> tuple[Sensor, ...]:
    """All that this system can have, ``processes`` the first. A new one is a row here."""
    clock, watch = machine.clock, settings.watch
    return (
        processes,
        ForegroundSensor(clock),
        IdleSensor(clock, watch.idle_after, pads() if watch.gamepads else None),
        PowerSensor(clock),
        steam_log(machine.system, clock, machine.processes),
        *((GameModeSensor(clock),) if machine.system is System.LINUX else ()),
    )
