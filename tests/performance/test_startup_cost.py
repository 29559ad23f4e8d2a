"""How soon the daemon knows what runs already when it starts, with 50,000 titles in its catalogue and with none."""

import json
import shutil
import statistics
import subprocess
import sys
import time

import pytest
from real_daemon import RealDaemon
from real_programs import end
from toy_games import ToyGames

from gamedetectd.catalogue.importing import import_file

pytestmark = [
    pytest.mark.performance,
    pytest.mark.skipif(sys.platform != "linux", reason="toy games are shell scripts"),
]

TITLES = 50_000
RUNS = 5
BARE_STARTS = 12
"""How many bare starts of Python the first verdict may take: half a second where one takes 40 ms."""
EMPTY = "import sqlite3, psutil, msgspec, logging, json, threading"
"""What any daemon of this kind loads: it tells how fast this machine is at the moment."""


def write_list(file):
    rows = (
        {
            "id": str(number),
            "name": f"Lantern Drift {number}",
            "executables": [{"name": f"lantern{number}.exe", "os": "win32"}],
        }
        for number in range(TITLES)
    )
    file.write_text(json.dumps(list(rows)))


def bare_start():
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", EMPTY], check=True)
    return time.monotonic() - started


def first_verdict(home, games):
    """Seconds from the start of the daemon's process to the session of a game that runs already."""
    game = games.start(games.titles[0], 60)
    daemon = RealDaemon(home, games.env)
    log = home / "log" / "gamedetectd.jsonl"
    try:
        started = time.monotonic()
        daemon.start(wait=False)
        until = started + 20
        while time.monotonic() < until:
            if log.exists() and f"{games.titles[0]} is being played" in log.read_text():
                return time.monotonic() - started
            time.sleep(0.002)
        pytest.fail(daemon.output.read_text())
    finally:
        daemon.stop()
        end(game)


@pytest.mark.timeout(180)
def test_the_first_verdict_comes_in_half_a_second_however_many_titles_are_known(tmp_path, measured):
    games = ToyGames(tmp_path)
    write_list(tmp_path / "list.json")
    import_file(tmp_path / "list.json", tmp_path / "catalogue")
    rounds = []
    for number in range(RUNS):  # a home of its own each time: what ended a moment ago would only go on
        many = tmp_path / f"many{number}"
        shutil.copytree(tmp_path / "catalogue", many / "data" / "catalogue")
        rounds.append((bare_start(), first_verdict(tmp_path / f"none{number}", games), first_verdict(many, games)))
    bare, without, with_titles = (min(times) for times in zip(*rounds, strict=True))
    middle = statistics.median(times[2] for times in rounds)
    told = f"{with_titles:.2f} s at best, {middle:.2f} s in the middle; {without:.2f} s without them"
    measured(
        "start to first verdict with 50,000 titles",
        "0.5 s; as without them",
        f"{told} ({with_titles / without:.2f} times); {with_titles / bare:.1f} times a bare start of Python",
    )
    assert with_titles <= BARE_STARTS * bare
    assert with_titles <= 1.3 * without + 0.05
