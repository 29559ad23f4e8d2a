"""What the control channel and health cost the daemon while nobody asks and nothing is wrong: next to nothing."""

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.performance,
    pytest.mark.skipif(sys.platform != "linux", reason="wake-ups are read from /proc"),
]

SECONDS = 20
"""More than one interval of the health monitor."""
LOOP = """
import sys, threading
import psutil

print("ready", flush=True)
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
while not over.wait(1.0):
    [(process.pid, process.info) for process in psutil.process_iter(["name"])]
"""
"""What others do all day: look at every process once a second."""
IDLE = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from gamedetectd.control.server import Server
from gamedetectd.domain import Instant
from gamedetectd.app.checks import CONDITIONS
from gamedetectd.app.checks.disk import disk_findings
from gamedetectd.app.checks.workers import Workers
from gamedetectd.health.monitor import HealthMonitor, Probe
from gamedetectd.health.tracker import Tracker
from gamedetectd.paths import Paths
from gamedetectd.worker import Worker

class Clock:
    def now(self):
        return Instant(time.monotonic(), time.monotonic(), time.time())

paths = Paths.below(Path(sys.argv[1]))
workers = []
daemon = SimpleNamespace(workers=workers, vitals=SimpleNamespace(pace=1.0))
probes = [Probe("workers", Workers(daemon).look),
          Probe("disk", lambda: disk_findings([Path(sys.argv[1])]))]
workers += [Worker("control", Server(paths, {}).run),
            Worker("health", HealthMonitor(Clock(), Tracker(CONDITIONS), probes, lambda _: None).run)]
for worker in workers:
    worker.start()
print("ready", flush=True)
sys.stdin.read()
for worker in workers:
    worker.stop()
for worker in workers:
    worker.join(3.0)
"""


def voluntary_switches(pid):
    statuses = [(task / "status").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    lines = [line.split() for status in statuses for line in status.splitlines()]
    return sum(int(line[1]) for line in lines if line[0] == "voluntary_ctxt_switches:")


def cpu_seconds(pid):
    """To the nanosecond; the ticks of ``stat`` are as coarse as what is measured here."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


@contextmanager
def running(script, *arguments):
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "ready\n"
        yield process.pid
    finally:
        process.communicate("", timeout=10)


def test_waiting_for_commands_and_watching_health_is_free(tmp_path, measured):
    with running(IDLE, str(tmp_path)) as ours, running(LOOP) as loop:
        time.sleep(1.0)
        switches = voluntary_switches(ours)
        before = {pid: cpu_seconds(pid) for pid in (ours, loop)}
        time.sleep(SECONDS)
        per_second = (voluntary_switches(ours) - switches) / SECONDS
        share, theirs = ((cpu_seconds(pid) - before[pid]) / SECONDS for pid in (ours, loop))
    measured(
        "control channel and health, idle",
        "0.5 wake-ups/s, a tenth of psutil's loop",
        f"{per_second:.2f}/s, {100 * share:.3f} % of a core against {100 * theirs:.2f} % (1/{theirs / share:.0f})",
    )
    assert per_second <= 0.5
    assert share <= theirs / 10
