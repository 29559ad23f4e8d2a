"""A daemon's hooks, webhooks and brokers with a real history, and nothing else of a daemon."""

import threading
from types import SimpleNamespace

from actions_world import Trail, event
from real_programs import eventually

from gamedetectd.app.actions import RunningActions
from gamedetectd.sessions.history import History
from gamedetectd.sessions.reader import HistoryReader


class World:
    """As much of a daemon as its actions need, with a real history."""

    def __init__(self, directory):
        self.directory = directory
        self.history = History.open(directory / "history.db")
        self.reader = HistoryReader.open(directory / "history.db")
        self.lock = threading.Lock()
        self.positions = {}
        self.sinks, self.workers, self.changes = (), [], []
        self.engine = SimpleNamespace(delivered=self.positions.__setitem__)
        self.secrets = SimpleNamespace(get=str)
        self.audit = Trail()
        self.monitor = SimpleNamespace(wake=lambda: self.changes.append(1))
        self.watchdog = SimpleNamespace(troubled=lambda _worker: None)
        self.actions = RunningActions(self)
        self.number = 0

    def happens(self, count=1, **settings):
        self.history.commit([event(self.number + one + 1, **settings) for one in range(count)])
        self.number += count
        self.actions.wake()

    def ran(self, name):
        file = self.directory / name
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def settled(self):
        """Everything is delivered, and the cursors are committed."""
        eventually(lambda: all(one.status().delivered == self.number for one in self.sinks), 10, "delivery")
        self.history.commit((), dict(self.positions))

    def close(self):
        self.actions.stop()
        assert (self.sinks, self.workers) == ((), [])
        self.reader.close()
        self.history.close()
