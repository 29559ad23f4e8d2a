"""Runs in the Windows Python: the sensors as the daemon builds them, each observation a line of JSON.

Orders come by standard input: ``slow`` has the process table looked at every minute, ``sleep`` lets the elapsed clock
jump by an hour as sleep would, ``reasons`` prints sources and fallbacks, ``windows`` every window, ``read PID`` what
the table says of a process, ``end`` ends it.
"""

import dataclasses
import json
import sys
import threading

from gamedetectd.domain import Instant
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import process_table
from gamedetectd.platforms.windows.listing import windows
from gamedetectd.sensors.foreground import ForegroundSensor
from gamedetectd.sensors.idle import IdleSensor
from gamedetectd.sensors.power import PowerSensor
from gamedetectd.sensors.processes import ProcessSensor
from gamedetectd.worker import Worker

IDLE_AFTER = 3.0
SPEAKING = threading.Lock()


class Clock:
    def __init__(self):
        self.slept = 0.0

    def now(self):
        now = system_clock().now()
        return Instant(now.awake, now.elapsed + self.slept, now.wall + self.slept)


def say(kind, **told):
    with SPEAKING:
        sys.stdout.write(json.dumps({"kind": kind, **told}) + "\n")
        sys.stdout.flush()


def emit(seen):
    say(type(seen).__name__, **dataclasses.asdict(seen))


def obey(order, sensors, table, clock):
    match order:
        case ["slow"]:
            sensors[0].poll_interval = 60.0
        case ["sleep"]:
            clock.slept += 3600.0
        case ["reasons"]:
            say("reasons", **{sensor.name: [sensor.source(), sensor.degraded_reason()] for sensor in sensors})
        case ["windows"]:
            say("windows", windows=[dataclasses.asdict(window) for window in windows()])
        case ["read", pid]:
            info = table.read(int(pid))
            told = None if info is None else dataclasses.asdict(info)
            say("read", info=told, alive=info is not None and table.alive(info.key))


def main():
    clock = Clock()
    table = process_table(boot_id(), clock)
    sensors = [ProcessSensor(table, clock), ForegroundSensor(clock), PowerSensor(clock), IdleSensor(clock, IDLE_AFTER)]
    workers = [Worker(sensor.name, lambda stop, sensor=sensor: sensor.run(emit, stop)) for sensor in sensors]
    for worker in workers:
        worker.start()
    for order in iter(sys.stdin.readline, "end\n"):
        obey(order.split(), sensors, table, clock)
    for worker in workers:
        worker.stop()
    say("end", joined=[worker.join(3.0) for worker in workers], errors=[worker.last_error for worker in workers])


main()
