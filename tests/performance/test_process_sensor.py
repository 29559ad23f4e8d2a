"""What watching processes costs, beside a one-second loop over psutil in the same run, as ratios of CPU time."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from real_programs import find_program

from gamedetectd.domain import ProcessStarted, Resync
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import process_table
from gamedetectd.platforms.processes.events import EventsUnavailableError, open_process_events
from gamedetectd.sensors.process_roster import YOUNG_SECONDS
from gamedetectd.sensors.processes import ProcessSensor

pytestmark = [
    pytest.mark.performance,
    pytest.mark.skipif(sys.platform != "linux", reason="the budgets are for Linux"),
]

SLEEPERS = 300
WARM_UP = 1.5
MEASURED = 10.0
WATCH = Path(__file__).parent / "watch_processes.py"

THREADS = """
import threading, time
while True:
    for _ in range(200):
        threading.Thread(target=time.sleep, args=(0.01,)).start()
    time.sleep(1)
"""
COMPILER = """
import subprocess, time
while True:
    subprocess.run(["true"])
    time.sleep(0.055)
"""


@pytest.fixture(scope="module")
def sleepers():
    """Processes that have long become what they are: only young ones are looked at again."""
    sleep = find_program("sleep")
    started = [subprocess.Popen([sleep, "600"]) for _ in range(SLEEPERS)]
    time.sleep(YOUNG_SECONDS)
    yield
    for process in started:
        process.kill()
    for process in started:
        process.wait()


@pytest.fixture
def events_work():
    try:
        open_process_events().close()
    except EventsUnavailableError as error:
        pytest.skip(str(error))


def measure(*ways):
    """CPU seconds and wake-ups a second of each way of watching, all at the same time."""
    drop = ["unprivileged"] if os.getuid() == 0 else []
    children = {
        way: subprocess.Popen(
            [sys.executable, WATCH, way, str(WARM_UP), str(MEASURED), *(drop if way == "polling" else [])],
            stdout=subprocess.PIPE,
            text=True,
        )
        for way in ways
    }
    costs = {way: json.loads(child.communicate(timeout=60)[0]) for way, child in children.items()}
    for way, cost in costs.items():
        print(f"  {way:8} {cost['cpu']:8.3%} of a core, {cost['wakeups']:5.1f} wake-ups/s, told {cost['seen']}")
    return costs


def ratio(costs, way):
    found = costs[way]["cpu"] / costs["psutil"]["cpu"]
    print(f"  {way} costs {found:.4f} of the psutil loop (1/{1 / max(found, 1e-6):.0f})")
    return found


@pytest.mark.slow  # the whole daemon is measured the same way in test_daemon_cost
def test_watching_three_hundred_idle_processes(sleepers, events_work, capsys):
    with capsys.disabled():
        print("\nidle, 300 processes:")
        costs = measure("events", "polling", "psutil")
        assert ratio(costs, "events") <= 1 / 10
        assert ratio(costs, "polling") <= 1 / 2
    told = sum(costs["polling"]["seen"].values()) / MEASURED
    assert costs["polling"]["wakeups"] <= 1.5 + told, "one look every 1 to 1.5 s, and one for each end"


@pytest.mark.slow
@pytest.mark.parametrize("storm", [THREADS, COMPILER], ids=["200 short threads a second", "1,000 processes a minute"])
def test_a_storm_stays_cheaper_than_the_loop_is_idle(sleepers, events_work, capsys, storm):
    source = subprocess.Popen([sys.executable, "-c", storm])
    try:
        with capsys.disabled():
            print("\nstorm:")
            costs = measure("events", "polling", "psutil")
            assert ratio(costs, "events") <= 1 / 10
            assert ratio(costs, "polling") <= 1 / 2
    finally:
        source.kill()
        source.wait()


def test_a_program_is_told_within_fifty_milliseconds(events_work, watch, spawn, capsys):
    clock = system_clock()
    told = {}

    class Listening(ProcessSensor):
        def run(self, emit, stop):
            def hear(said):
                if isinstance(said, ProcessStarted):
                    told.setdefault(said.process.pid, time.perf_counter())
                emit(said)

            super().run(hear, stop)

    watched = watch(Listening(process_table(boot_id(), clock), clock, "events"))
    watched.until(lambda said: isinstance(said, Resync))
    delays = []
    for _ in range(15):
        before = time.perf_counter()
        process = spawn("sleep", "60")
        watched.until(lambda said, pid=process.pid: isinstance(said, ProcessStarted) and said.process.pid == pid)
        delays.append(told[process.pid] - before)
        time.sleep(0.25)
    with capsys.disabled():
        print(
            f"\nstart to observation: median {statistics.median(delays) * 1e3:.1f} ms, worst {max(delays) * 1e3:.1f} ms"
        )
    assert statistics.median(delays) <= 0.05
