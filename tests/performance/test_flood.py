"""Floods of processes: every game in them is seen, nothing is doubled, nothing grows."""

import gc
import subprocess
import time
import tracemalloc
from dataclasses import replace

import pytest
from real_daemon import RealDaemon
from real_programs import eventually, find_program
from toy_games import ToyGames

from gamedetectd.domain import ALL_KINDS, Instant, ProcessEnded, ProcessInfo, ProcessKey, ProcessStarted, System
from gamedetectd.engine.core import Core
from gamedetectd.engine.loop import QUEUE_LIMIT
from gamedetectd.engine.queue import ObservationQueue
from gamedetectd.sessions.machine import Policy

pytestmark = [pytest.mark.performance]

PROCESSES = 1_000
GAMES = 20


@pytest.mark.timeout(120)
def test_a_thousand_processes_in_ten_seconds_hide_no_game(tmp_path, measured):
    games = ToyGames(tmp_path, count=GAMES)
    true = find_program("true")
    with RealDaemon(tmp_path / "home", games.env) as daemon:
        began = time.monotonic()
        playing = []
        for number in range(PROCESSES):
            if number % (PROCESSES // GAMES) == 0:
                playing.append(games.start(games.titles[len(playing)], 1.2))
            subprocess.run([true], check=True)
        took = time.monotonic() - began
        for process in playing:
            process.wait(10)

        def seen():
            rows = [row for row in daemon.json("sessions") if row["game"]["title"] in games.titles]
            return rows if len(rows) >= GAMES and all(row["ended_at"] for row in rows) else None

        rows = eventually(seen, 10, "every game's session")
        counters = daemon.json("status")["counters"]
    assert took <= 10
    assert sorted(row["game"]["title"] for row in rows) == sorted(games.titles)
    assert counters["queue_longest"] <= QUEUE_LIMIT + 10
    measured(f"{GAMES} games among {PROCESSES} processes within 10 s: seen / doubled", f"{GAMES} / 0",
             f"{len(rows)} / 0 in {took:.1f} s, queue at most {counters['queue_longest']:.0f}")  # fmt: skip


def flood(core, queue, first, last):
    """Processes that start and end at once through queue and core; half of the questions about them are answered."""
    for pid in range(first, last):
        at = Instant(pid / 100, pid / 100, 1e9 + pid / 100)
        exe = f"/opt/thing{pid % 50}/run" if pid % 5 == 0 else "/usr/bin/true"
        process = ProcessInfo(ProcessKey("boot", pid % 30_000 + 2, pid), 1, exe, (exe,), "/", started_elapsed=pid / 100)
        queue.put(ProcessStarted(at, process))
        queue.put(ProcessEnded(at, process.key, at.elapsed))
        for observation in queue.take():
            core.observe(observation)
        for ask in core.take_asks():
            if pid % 2:
                core.answer(at, ask.key, replace(ask.facts, gathered=ALL_KINDS))


@pytest.mark.timeout(200)
@pytest.mark.parametrize("processes", [8_000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_process_events_leave_memory_flat(measured, processes):
    core = Core(System.LINUX, Policy(8.0))
    queue = ObservationQueue(QUEUE_LIMIT, lambda: None, lambda: None)
    tracemalloc.start()
    flood(core, queue, 0, 5_000)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    flood(core, queue, 5_000, 5_000 + processes)
    gc.collect()
    grown = (tracemalloc.get_traced_memory()[0] - before) / 1e6
    tracemalloc.stop()
    most = processes * 20 / 1e6
    measured(f"{2 * processes:,} process events: growth of memory after warm-up", f"{most:.2f} MB", f"{grown:+.2f} MB")
    assert abs(grown) <= most
    assert core.programs == {}
