"""What the whole daemon costs with 300 processes and a game, beside a one-second loop over psutil in the same run."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from real_daemon import RealDaemon
from real_programs import XServer, end, eventually, find_program
from toy_games import ToyGames

pytestmark = [pytest.mark.performance]

SECONDS = 20.0
PSS_BUDGET = 45.0
NEGLIGIBLE = 1 / 20
"""Share of the loop's cost below which the ratio of two tiny figures decides nothing; the printed figure tells it."""
LOOP = """
import psutil, time
while True:
    for process in psutil.process_iter(["pid", "ppid", "name", "exe", "cmdline", "create_time"]):
        process.info.clear()
    psutil.process_iter.cache_clear()
    time.sleep(1)
"""
THREADS = """
import threading, time
while True:
    for _ in range(200):
        threading.Thread(target=time.sleep, args=(0.01,)).start()
    time.sleep(1)
"""
COMPILER = """
import subprocess, sys, time
while True:
    subprocess.run([sys.argv[1], "-w", "-c", "-x", "c", "/dev/null", "-o", "/dev/null"])
    time.sleep(0.12)
"""


@pytest.fixture(scope="module")
def crowd():
    """300 processes that sleep."""
    children = []
    for _ in range(300):
        pid = os.fork()
        if pid == 0:
            try:
                time.sleep(900)
            finally:
                os._exit(0)
        children.append(pid)
    yield
    for pid in children:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


@pytest.fixture(scope="module")
def screen():
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed: apt-get install -y --no-install-recommends xvfb")
    server = XServer("-ac").start()
    yield {"DISPLAY": server.name}
    server.stop()


def cost(pid, seconds=SECONDS):
    """CPU as a share of one core, and wake-ups a second, of all threads of a process."""
    first, second = (_reading(pid), time.sleep(seconds), _reading(pid))[::2]
    return (second[0] - first[0]) / 1e9 / seconds, (second[1] - first[1]) / seconds


def _reading(pid):
    nanoseconds = switches = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            status = (task / "status").read_text()
            nanoseconds += int((task / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue  # a thread that has just ended
        switches += sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("voluntary"))
    return nanoseconds, switches


def pss(pid):
    """MB (10⁶ bytes)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def with_game(daemon, games):
    """Start a game that outlasts the test and wait until the daemon has settled."""
    process = games.start(games.titles[0], 600)
    eventually(lambda: daemon.json("status")["sessions"], 10, "the game's session")
    time.sleep(7)
    return process


@pytest.mark.timeout(300)
def test_events_cost_a_tenth_of_a_polling_loop_and_storms_stay_small(tmp_path, crowd, screen, measured):
    games = ToyGames(tmp_path)
    with RealDaemon(tmp_path / "home", games.env | screen) as daemon:
        game = with_game(daemon, games)
        try:
            loop = subprocess.Popen([sys.executable, "-c", LOOP])
            time.sleep(2)
            ours, wakeups = cost(daemon.process.pid)
            theirs, _ = cost(loop.pid, 6)
            end_plain(loop)
            memory = pss(daemon.process.pid)
            measured("daemon, 300 processes and a game: CPU of a core, events", "a tenth of psutil's loop",
                     f"{ours:.3%} against {theirs:.2%} (1/{theirs / ours:.0f})")  # fmt: skip
            measured("daemon, 300 processes and a game: wake-ups a second, events", "1 (design)", f"{wakeups:.2f}")
            measured("daemon without vision, headless: PSS", f"{PSS_BUDGET:.0f} MB", f"{memory:.1f} MB")
            threads, _ = during([sys.executable, "-c", THREADS], daemon.process.pid)
            compiling, _ = during([sys.executable, "-c", COMPILER, find_program("gcc")], daemon.process.pid)
            measured("200 short threads a second: CPU beside idle", "10 times", f"{threads / ours:.1f} times")
            measured("1,000 compiler processes a minute: CPU beside idle", "10 times", f"{compiling / ours:.1f} times")
        finally:
            end(game)
    assert ours <= theirs / 10
    assert memory <= PSS_BUDGET
    assert threads <= max(10 * ours, theirs * NEGLIGIBLE)
    assert compiling <= max(10 * ours, theirs * NEGLIGIBLE)


@pytest.mark.timeout(200)
def test_polling_costs_half_of_a_polling_loop(tmp_path, crowd, screen, measured):
    games = ToyGames(tmp_path)
    daemon = RealDaemon(tmp_path / "home", games.env | screen, ("--headless", "--process-source", "polling"))
    with daemon:
        game = with_game(daemon, games)
        try:
            loop = subprocess.Popen([sys.executable, "-c", LOOP])
            time.sleep(2)
            ours, wakeups = cost(daemon.process.pid)
            theirs, _ = cost(loop.pid, 6)
            end_plain(loop)
        finally:
            end(game)
    measured("daemon, 300 processes and a game: CPU of a core, polling", "half of psutil's loop",
             f"{ours:.3%} against {theirs:.2%} (1/{theirs / ours:.0f}), {wakeups:.2f} wake-ups/s")  # fmt: skip
    assert ours <= theirs / 2


def during(command, pid):
    """What the daemon costs while another program runs."""
    storm = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(2)
        return cost(pid, 15)
    finally:
        end_plain(storm)


def end_plain(process):
    for child in psutil.Process(process.pid).children(recursive=True):
        child.kill()
    process.kill()
    process.wait(5)
