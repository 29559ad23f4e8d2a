"""What it costs to look after itself: the CPU time of the monitor and of every check, in a real daemon."""

import sys
import time

import pytest
from measuring import slowness
from real_daemon import RealDaemon
from real_programs import eventually

from gamedetectd.config.sections import Health
from gamedetectd.control.client import Client
from gamedetectd.paths import Paths

pytestmark = [
    pytest.mark.performance,
    pytest.mark.skipif(sys.platform != "linux", reason="the budgets are for Linux"),
]

BUDGET = 0.0002
"""Share of one core, at the default interval."""
OFTEN = 5
"""Seconds between two looks here: the cost of a look is that of one after a rest, and there are enough in time."""
LOOKS = 2


def counters(client):
    return client.request("status")["counters"]


def costs(client):
    """CPU seconds of each of some looks, without the first, in which everything is loaded."""
    eventually(lambda: counters(client)["health_looks"] >= 1, 10, "the first look")
    before = counters(client)
    found = []
    while len(found) < LOOKS:
        time.sleep(0.5)
        now = counters(client)
        looks = now["health_looks"] - before["health_looks"]
        if looks:
            found.append((now["health_cpu_seconds"] - before["health_cpu_seconds"]) / looks)
            before = now
    return found


@pytest.mark.timeout(60)
def test_looking_after_itself_costs_next_to_nothing(tmp_path, measured):
    paths = Paths.below(tmp_path / "home")
    paths.config.mkdir(parents=True)
    paths.settings_file.write_text(f"[health]\ninterval = {OFTEN}\n")
    paths.settings_file.chmod(0o600)
    with RealDaemon(tmp_path / "home"):
        found = costs(Client(paths))
    share = min(found) / Health().interval
    measured("looking after itself: CPU of a core", f"{BUDGET:.2%}",
             f"{share:.4%} ({min(found) * 1000:.2f} ms every {Health().interval:g} s)")  # fmt: skip
    assert share <= BUDGET * slowness()
