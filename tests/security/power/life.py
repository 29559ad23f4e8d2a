"""A daemon's life as its files see it: sessions come and go, heartbeats, syncs, deliveries, backups, restarts.

Run as a program it lives hours in seconds: ``life.py DIRECTORY SEED HOURS [SECONDS A HEARTBEAT TAKES]``. Beside the
history and the journal it writes ``marks``: one JSON line before whatever it is about to commit, and one for each
promise it may make to the person afterwards. ``check`` holds what is left of the files against these promises.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

from session_story import BOOT, PORTAL, TETRIS, Story

from gamedetectd.domain import Game, Instant
from gamedetectd.sessions.history import History
from gamedetectd.sessions.journal import Journal
from gamedetectd.sessions.recovery import recover

HEARTBEAT, SYNC = 5.0, 60.0
"""Seconds, as the daemon's settings allow at most."""
GAMES = (PORTAL, TETRIS, Game("steam:400", "Portal", "its store", "/games/Portal"))


class Life:
    def __init__(self, directory, seed, pace=0.0):
        self.directory, self.random, self.pace = Path(directory), random.Random(seed), pace
        self.marks = os.open(self.directory / "marks", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.running, self.next_pid, self.last_sync = [], 100, 0.0
        self.story = Story(grace=15.0)
        self.begin()

    def mark(self, **words):
        os.write(self.marks, json.dumps(words).encode() + b"\n")

    def begin(self):
        """Start, or start again, as the daemon does."""
        self.history = History.open(self.directory / "history.db")
        self.history._connection.execute("PRAGMA wal_autocheckpoint = 25")
        self.history.register("log", from_now=False)
        self.journal = Journal(self.directory / "journal")
        alive = {info.key for info in self.running}
        recovery = recover(
            self.history.open_sessions(),
            self.journal.read(),
            known=lambda key: self.history.session(key) is not None,
            alive=alive.__contains__,
            boot_id=BOOT,
            at=self.story.now,
        )
        self.commit(recovery.events)
        story = Story(grace=15.0, sessions=(*recovery.continuing, *recovery.ended), known=self.history.session)
        story.awake, story.elapsed, story.wall = self.story.awake, self.story.elapsed, self.story.wall
        self.story = story

    def end(self):
        self.write_journal(sync=True)
        self.history.close()
        self.journal.close()

    def commit(self, events):
        if events:
            told = [[event.id, event.session.id, event.session.ended_at] for event in events]
            self.mark(about=told)
            numbered = self.history.commit(events, {"log": self.history.last_number()})
            self.mark(committed=[[*one, event.number] for one, event in zip(told, numbered, strict=True)])

    def write_journal(self, sync):
        playing = {one.id: one.foreground_seconds for one in self.story.sessions}
        self.mark(elapsed=self.story.elapsed, playing=playing)
        self.journal.write(self.story.now, BOOT, self.story.sessions, sync=sync)
        if sync:
            self.last_sync = self.story.elapsed

    def heartbeat(self):
        self.story.events.clear()
        chance = self.random.random()
        if chance < 0.06 and len(self.running) < 3:
            self.next_pid += 1
            self.running.append(self.story.play(self.next_pid, self.random.choice(GAMES)))
        elif chance < 0.11 and self.running:
            self.story.ended(self.running.pop(self.random.randrange(len(self.running))), ago=self.random.random())
        elif chance < 0.25:
            self.story.focus(self.random.choice([None, *self.running]))
        elif chance < 0.26:
            self.end()
            self.begin()
        elif chance < 0.27:
            self.history.backup(every=0.0)
        self.commit(tuple(self.story.events))
        self.story.wait(HEARTBEAT)
        self.story.machine.advance(self.story.now)
        if self.story.sessions:
            self.write_journal(sync=self.story.elapsed - self.last_sync >= SYNC)
        else:
            self.mark(elapsed=self.story.elapsed, playing={})
            self.journal.clear()
        time.sleep(self.pace)


class Promises:
    """What the marks say up to the moment at which all went dark."""

    def __init__(self, marks):
        self.numbers, self.ends, self.about, self.ever = {}, {}, set(), set()
        self.elapsed, self.playing = 0.0, {}
        for line in marks.split(b"\n")[:-1]:
            words = json.loads(line)
            if "about" in words:
                self.about = {session for _, session, _ in words["about"]}
                self.ever |= self.about
            for event, session, end, number in words.get("committed", ()):
                self.numbers[event] = number
                self.ends[session] = end
                self.about = set()
            if "playing" in words:
                self.elapsed, self.playing = words["elapsed"], words["playing"]


def check(directory, marks, most_lost):
    """Start again on these files with no game running any more, and hold the outcome against the promises.

    Returns the most seconds of play that were lost.
    """
    promises = Promises(marks)
    history = History.open(Path(directory) / "history.db")
    journal = Journal(Path(directory) / "journal")
    try:
        assert history.mended is None
        assert history._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert history._connection.execute("PRAGMA foreign_key_check").fetchall() == []
        check_events(history, promises)
        check_committed(history, promises)
        lost = check_recovery(history, journal, promises, most_lost)
        check_committed(history, promises, recovered=True)
        return lost
    finally:
        history.close()
        journal.close()


def check_events(history, promises):
    """Every event that was promised is there once, in its place, and no sink is ahead of what exists."""
    events = history.pending("log", limit=10**6, after=0)
    assert [event.number for event in events] == list(range(1, history.last_number() + 1))
    numbers = {event.id: event.number for event in events}
    assert len(numbers) == len(events)
    assert promises.numbers.items() <= numbers.items()
    assert history.cursor("log") <= history.last_number()


def check_committed(history, promises, recovered=False):
    """Every session that was promised is there, with the end that was promised; recovery ends the open ones."""
    stored = {session.id: session for session in history.sessions(corrected=True)}
    assert len(stored) == len(history.sessions(corrected=True))
    assert promises.ends.keys() <= stored.keys() <= promises.ever
    for session, end in promises.ends.items():
        as_promised = stored[session].ended_at == end or (recovered and end is None)
        assert as_promised or session in promises.about


def check_recovery(history, journal, promises, most_lost):
    """Whatever was being played is in the history in the end, once, and short of at most a little."""

    def recovery():
        return recover(
            history.open_sessions(),
            journal.read(),
            known=lambda key: history.session(key) is not None,
            alive=lambda _key: False,
            boot_id=BOOT,
            at=Instant(promises.elapsed, promises.elapsed, 2e9),
        )

    first = recovery()
    history.commit(first.events)
    journal.clear()
    assert history.open_sessions() == ()
    assert recovery().events == ()
    assert history.commit(first.events) == history.commit(first.events)
    most = 0.0
    for key, foreground in promises.playing.items():
        session = history.session(key)
        if session is None:
            raise AssertionError(f"session {key} is lost")
        if key in promises.about:
            continue  # its end may have come through just now
        last_seen = session.started_elapsed + session.ended_at - session.started_at
        most = max(most, promises.elapsed - last_seen, foreground - session.foreground_seconds)
    assert most <= most_lost + 1e-6
    return most


if __name__ == "__main__":
    life = Life(sys.argv[1], int(sys.argv[2]), float(sys.argv[4]) if len(sys.argv) > 4 else 0.0)
    for _ in range(int(float(sys.argv[3]) * 3600 / HEARTBEAT)):
        life.heartbeat()
    life.end()
