"""What monitoring costs where it is switched on, beside a daemon of the same run where it is not."""

import http.client
import os
import socket
import sys
import time
from pathlib import Path

import pytest
from real_daemon import RealDaemon, pss
from real_programs import eventually

pytestmark = [
    pytest.mark.performance,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="read in /proc"),
]

HTTP_BUDGET, FILE_BUDGET = 12.0, 6.0
"""MB of PSS more than without."""
SCRAPE_BUDGET = 0.02
"""Seconds of processor time for all the numbers."""
SCRAPES = 200


def cpu(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_http_and_the_file_cost_a_few_megabytes_and_a_scrape_milliseconds(tmp_path, measured):
    port, file = free_port(), tmp_path / "numbers.prom"
    environments = {
        "plain": {},
        "file": {"GAMEDETECTD_METRICS_TEXTFILE": str(file), "GAMEDETECTD_METRICS_TEXTFILE_INTERVAL": "5"},
        "http": {"GAMEDETECTD_HTTP_ENABLED": "true", "GAMEDETECTD_HTTP_PORT": str(port)},
    }
    daemons = {name: RealDaemon(tmp_path / name, {**env, "DISPLAY": ""}) for name, env in environments.items()}
    try:
        for daemon in daemons.values():
            daemon.start(wait=False)
        for daemon in daemons.values():
            eventually(daemon.answers, 20, "the first answer")
        eventually(file.exists, 10, "the file")
        token = tmp_path / "http" / "state" / "http-token"
        eventually(token.exists, 10, "the token")
        headers = {"Authorization": f"Bearer {token.read_text().strip()}"}

        def scrape():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/metrics", headers=headers)
            assert connection.getresponse().read().startswith(b"# HELP")
            connection.close()
            time.sleep(0.055)  # so that it is not refused as too much

        for _ in range(20):
            scrape()
        cost = {name: pss(daemon.process.pid) for name, daemon in daemons.items()}
        before = {name: cpu(daemon.process.pid) for name, daemon in daemons.items()}
        for _ in range(SCRAPES):
            scrape()
        # what others start on this machine meanwhile costs both
        used = {name: cpu(daemon.process.pid) - before[name] for name, daemon in daemons.items()}
        more = {name: pss(daemon.process.pid) - cost[name] for name, daemon in daemons.items()}
        each, grown = (used["http"] - used["plain"]) / SCRAPES, more["http"] - more["plain"]
    finally:
        for daemon in daemons.values():
            daemon.stop()
    with_http, with_file = cost["http"] - cost["plain"], cost["file"] - cost["plain"]
    measured("HTTP switched on and asked: PSS more", f"{HTTP_BUDGET:g} MB", f"{with_http:.1f} MB")
    measured("metrics written to a file: PSS more", f"{FILE_BUDGET:g} MB", f"{with_file:.1f} MB")
    measured("one scrape: processor time", f"{SCRAPE_BUDGET * 1e3:g} ms", f"{each * 1e3:.1f} ms")
    measured(f"{SCRAPES} scrapes: growth of memory", "2 MB", f"{grown:+.1f} MB")
    assert with_http < HTTP_BUDGET
    assert with_file < FILE_BUDGET
    assert each < SCRAPE_BUDGET
    assert grown < 2
