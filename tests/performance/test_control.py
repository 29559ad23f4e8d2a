"""What the control channel and health cost the daemon while nobody asks and nothing is wrong: next to nothing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.performance,
    pytest.mark.skipif(sys.platform != "linux", reason="wake-ups are read from /proc"),
]

SECONDS = 20
"""More than one interval of the health monitor."""
IDLE = """
import sys, time
from pathlib import Path
from gamedetectd.control.server import Server
from gamedetectd.domain import Instant
from gamedetectd.health.conditions import CONDITIONS
from gamedetectd.health.monitor import HealthMonitor, Probe
from gamedetectd.health.probes import disk_findings, worker_findings
from gamedetectd.health.tracker import Tracker
from gamedetectd.paths import Paths
from gamedetectd.worker import Worker

class Clock:
    def now(self):
        return Instant(time.monotonic(), time.monotonic(), time.time())

paths = Paths.below(Path(sys.argv[1]))
workers = []
probes = [Probe("workers", lambda: worker_findings(worker.status() for worker in workers)),
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
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_waiting_for_commands_and_watching_health_is_free(tmp_path, measured):
    process = subprocess.Popen(
        [sys.executable, "-c", IDLE, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "ready\n"
        time.sleep(1.0)
        switches, cpu = voluntary_switches(process.pid), cpu_seconds(process.pid)
        time.sleep(SECONDS)
        per_second = (voluntary_switches(process.pid) - switches) / SECONDS
        share = (cpu_seconds(process.pid) - cpu) / SECONDS
    finally:
        process.communicate("", timeout=10)
    measured(
        "control channel and health, idle",
        "0.5 wake-ups/s, 0.1 % of a core",
        f"{per_second:.2f}/s, {100 * share:.2f} %",
    )
    assert per_second <= 0.5
    assert share <= 0.001
