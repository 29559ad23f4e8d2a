"""A screen sensor's world without a screen: its clock, its child and its ``stop`` in one, whose waits let time pass."""

from contextlib import contextmanager

from gamedetectd.domain import Instant


class MadeUpChild:
    """``answers`` are what the child says to one request after the other; ``sensor`` is who inherits this to make."""

    def __init__(self):
        self.time = 0.0
        self.until = 100.0
        self.answers = []
        self.asked = []
        self.emitted = []
        self.starts = 0
        self.closed = 0
        self.pid = 1

    def now(self):
        return Instant(self.time, self.time, self.time)

    @contextmanager
    def start(self):
        self.starts += 1
        yield self

    def close(self):
        self.closed += 1

    def is_set(self):
        return self.time >= self.until

    def wait(self, timeout):
        self.time += self.until if timeout is None else timeout
        return self.is_set()

    def run(self, until=100.0):
        self.until = until
        self.sensor.run(self.emitted.append, self)
        return self.emitted
