"""The daemon is killed again and again while games start and end: nothing is lost, nothing doubled."""

import datetime as dt
import json
import os
import random
import sqlite3
import threading
import time

import pytest
from real_daemon import RealDaemon
from real_programs import end
from toy_games import Play, ToyGames

KILLS = int(os.environ.get("TEST_KILLS", "12"))
"""Set TEST_KILLS to 200 for the whole measure; a kill takes two to three seconds."""
UP_LONG_ENOUGH = 1.0
"""Seconds of common life with a daemon after which a game must be in the history."""
LOSS = 5.0


class Player:
    """Somebody who keeps three games running all the time, whatever becomes of the daemon; a thread of its own.

    Each game has a title of its own: one that is started again at once would be the same session.
    """

    def __init__(self, games, chance):
        self.plays = []
        self._games = games
        self._chance = chance
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._play)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stop()
        for play in self.plays:
            end(play.process)

    def stop(self):
        """Start no more and wait until the last has ended."""
        self._enough.set()
        self._thread.join(20)

    def _play(self):
        running = []
        while running or not self._enough.is_set():
            running = [play for play in running if not play.over()]
            while len(running) < 3 and not self._enough.is_set():
                title = self._games.titles[len(self.plays)]
                seconds = self._chance.choice([self._chance.uniform(0.5, 4)] * 5 + [self._chance.uniform(6, 12)])
                running.append(Play(self._games, title, round(seconds, 2)))
                self.plays.append(running[-1])
            time.sleep(0.01)


def journey(daemon, games, seed):
    """Kill and restart while games come and go; all plays, and the spans of wall time in which a daemon answered."""
    up = []
    with Player(games, random.Random(seed)) as player:
        for seconds in lives(random.Random(seed + 1)):
            daemon.start()
            began = time.time()
            time.sleep(seconds)
            daemon.kill()
            up.append((began, time.time()))
        daemon.start()
        began = time.time()
        player.stop()
        time.sleep(1.0)
        up.append((began, time.time()))
        assert daemon.stop() == 0
    return player.plays, up


def lives(chance):
    """Seconds each daemon lives after its first answer: some hardly at all, some longer than a heartbeat."""
    return [
        chance.choice([0.0, chance.uniform(0.0, 0.3), chance.uniform(0.2, 3.0), chance.uniform(0.2, 3.0),
                       chance.uniform(4.0, 9.0)])
        for _ in range(KILLS)
    ]  # fmt: skip


def common_life(play, up):
    """The longest stretch in which both the game and one daemon lived."""
    return max(min(play.ended, last) - max(play.started, first) for first, last in up)


@pytest.mark.timeout(1200)
def test_no_session_is_lost_or_doubled_by_kill_9(tmp_path, measured):
    games = ToyGames(tmp_path, count=12 * KILLS + 20)
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
        f"sessions lost / doubled by {KILLS} kill -9",
        "0 / 0, at most 5 s of play each",
        f"0 / 0 of {len(ours)}, at most {max(losses):.1f} s of play; {len(events)} events, each in the log",
    )


def unwatched_end(play, up):
    """Seconds before its end in which no daemon was up: nobody could know when it ended."""
    return max(0.0, play.ended - max((min(last, play.ended) for first, last in up if first < play.ended), default=0.0))


def wall(text):
    return dt.datetime.fromisoformat(text).timestamp()


def assert_log_has_every_event(directory, events):
    """Each event was delivered at least once, under its own number; numbers have no gaps."""
    assert sorted(events.values()) == list(range(1, len(events) + 1))
    logged = {}
    for file in directory.glob("gamedetectd*.jsonl*"):
        for line in file.read_text().splitlines():
            event = json.loads(line).get("event", {})
            logged[event.get("id")] = event.get("sequence")
    missing = {number for event, number in events.items() if logged.get(event) != number}
    assert not missing, f"events that never reached the log: {missing}"
