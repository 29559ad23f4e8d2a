"""The daemon is killed again and again while games start and end: nothing is lost, nothing doubled."""

import datetime as dt
import json
import os
import random
import sqlite3
import time

import pytest
from real_daemon import RealDaemon
from real_programs import end, eventually
from toy_games import Play, ToyGames

pytestmark = [pytest.mark.performance]

KILLS = int(os.environ.get("GAMEDETECTD_TEST_KILLS", "40"))
"""Set it to 200 for the whole measure; a kill takes two seconds."""
UP_LONG_ENOUGH = 1.0
"""Seconds of common life with a daemon after which a game must be in the history."""
LOSS = 5.0


def journey(daemon, games, seed):
    """Kill and restart while three games at a time come and go; all plays, and when a daemon was up."""
    chance = random.Random(seed)
    plays, running, up = [], [], []

    def tend(until):
        while time.time() < until:
            for play in [play for play in running if play.over()]:
                running.remove(play)
            while len(running) < 3:
                # each has a title of its own: a game that is started again at once would be the same session
                running.append(Play(games, games.titles[len(plays)], round(chance.uniform(0.5, 4), 2)))
                plays.append(running[-1])
            time.sleep(0.02)

    try:
        for _ in range(KILLS):
            daemon.start(wait=False)
            eventually(lambda: daemon.process.poll() is None and daemon.run("status").returncode == 0, 20, "a daemon")
            began = time.time()
            tend(began + chance.uniform(0.2, 2.5))
            daemon.kill()
            up.append((began, time.time()))
        daemon.start()
        began = time.time()
        while not all(play.over() for play in running):
            time.sleep(0.02)
        time.sleep(1.0)
        up.append((began, time.time()))
        daemon.stop()
    finally:
        for play in running:
            end(play.process)
    return plays, up


def common_life(play, up):
    """The longest stretch in which both the game and one daemon lived."""
    return max(min(play.ended, last) - max(play.started, first) for first, last in up)


@pytest.mark.timeout(1200)
def test_no_session_is_lost_or_doubled_by_kill_9(tmp_path, measured):
    games = ToyGames(tmp_path, count=20 * KILLS)
    daemon = RealDaemon(tmp_path / "home", games.env)
    plays, up = journey(daemon, games, seed=20261123)
    history = sqlite3.connect(tmp_path / "home/data/history.db")
    assert history.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    events = dict(history.execute("SELECT id, number FROM events"))
    history.close()
    rows = daemon.json("sessions", "--limit", "100000")
    ours = [row for row in rows if row["game"]["title"] in games.titles]
    assert len({row["id"] for row in rows}) == len(rows)

    lost, losses, matched = [], [], set()
    for play in plays:
        found = [row for row in ours if row["game"]["title"] == play.title]
        assert len(found) <= 1, f"doubled: {found}"
        if not found:
            lost += [play] if common_life(play, up) > UP_LONG_ENOUGH else []
            continue
        matched.add(found[0]["id"])
        assert play.before - 0.1 <= wall(found[0]["started_at"]) <= play.started + 0.1
        assert found[0]["ended_at"] is not None
        losses.append(play.ended - wall(found[0]["ended_at"]) - unwatched_end(play, up))
    assert lost == [], [(play.title, play.started, play.ended) for play in lost]
    assert len(matched) == len(ours), "every session is a run that was"
    assert max(losses) <= LOSS
    assert_log_has_every_event(tmp_path / "home/log", events)
    measured(
        f"sessions lost / doubled by {KILLS} kill -9 ({len(ours)} sessions)",
        "0 / 0, at most 5 s of play each",
        f"0 / 0, at most {max(losses):.1f} s of play",
    )


def unwatched_end(play, up):
    """Seconds before its end in which no daemon was up: nobody could know when it ended."""
    return max(0.0, play.ended - max((min(last, play.ended) for first, last in up if first < play.ended), default=0.0))


def wall(text):
    return dt.datetime.fromisoformat(text).timestamp()


def assert_log_has_every_event(directory, events):
    logged = set()
    for file in directory.glob("gamedetectd*.jsonl*"):
        for line in file.read_text().splitlines():
            record = json.loads(line)
            logged.add(record.get("event", {}).get("id"))
    assert set(events) <= logged, f"{len(set(events) - logged)} events never reached the log"
