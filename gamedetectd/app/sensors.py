"""Every sensor there is, made for one machine: what the daemon runs, and what ``doctor`` asks why it could not."""

from __future__ import annotations

from collections.abc import Callable

from gamedetectd.app.machine import Machine, steam_log
from gamedetectd.config import Settings
from gamedetectd.domain import System
from gamedetectd.interfaces import Emit, Sensor, Stop
from gamedetectd.platforms.idle import pads
from gamedetectd.sensors.foreground import ForegroundSensor
from gamedetectd.sensors.gamemode import GameModeSensor
from gamedetectd.sensors.idle import IdleSensor
from gamedetectd.sensors.power import PowerSensor
from gamedetectd.sensors.processes import ProcessSensor

RETRY_UNSUPPORTED = 60.0
"""Seconds after which a sensor that could not work is asked again."""


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


def sensing(sensor: Sensor, emit: Emit, unsupported: dict[str, str | None]) -> Callable[[Stop], None]:
    """A worker's target that runs a sensor, and waits where it cannot work until it can; it notes why it waits."""

    def target(stop: Stop) -> None:
        while not stop.is_set():
            unsupported[sensor.name] = sensor.unsupported_reason()
            if unsupported[sensor.name] is None:
                sensor.run(emit, stop)
            else:
                stop.wait(RETRY_UNSUPPORTED)

    return target
