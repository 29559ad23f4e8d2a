"""Runs one way of watching processes and nothing else, and prints what it cost as one JSON line.

    python watch_processes.py events|polling|psutil WARM_UP MEASURED [unprivileged]

Both times are seconds. With "unprivileged" the process becomes the user nobody once everything is imported.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time

import psutil

from gamedetectd.domain import Observation
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import process_table
from gamedetectd.sensors.processes import ProcessSensor
from gamedetectd.worker import StopSignal

NOBODY = 65534
ATTRIBUTES = ["pid", "ppid", "name", "exe", "cmdline", "create_time"]


def poll_with_psutil(stop: StopSignal) -> None:
    while not stop.wait(1.0):
        for process in psutil.process_iter(ATTRIBUTES):
            process.info.clear()
        psutil.process_iter.cache_clear()


def cost() -> dict[str, float]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": usage.ru_utime + usage.ru_stime, "wakeups": usage.ru_nvcsw}


def main(way: str, warm_up: float, measured: float, unprivileged: bool) -> None:
    seen: list[type[Observation]] = []
    clock = system_clock()
    table = process_table(boot_id(), clock)
    sensor = ProcessSensor(table, clock, "polling" if way == "polling" else "events")
    stop = StopSignal()
    if unprivileged:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    if way == "psutil":
        watch = threading.Thread(target=poll_with_psutil, args=(stop,))
    else:
        watch = threading.Thread(target=sensor.run, args=(lambda seen_now: seen.append(type(seen_now)), stop))
    watch.start()
    time.sleep(warm_up)
    before, started = cost(), time.monotonic()
    time.sleep(measured)
    after, seconds = cost(), time.monotonic() - started
    stop.set()
    watch.join(5)
    stop.close()
    kinds = {kind.__name__: seen.count(kind) for kind in set(seen)}
    print(json.dumps({key: (after[key] - before[key]) / seconds for key in before} | {"seen": kinds}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), "unprivileged" in sys.argv[4:])
