"""Live replies for any number of watchers, none of whom can slow down whoever publishes."""

from __future__ import annotations

import socket
import threading
from collections import deque

from gamedetectd.interfaces import Reply

LONGEST_QUEUE = 1_000
"""Replies kept for one watcher; one that falls further behind is dropped."""


class Subscription:
    """What one watcher has yet to read. ``bell`` becomes readable when there is something to ``take``."""

    def __init__(self) -> None:
        self.bell, self._ringer = socket.socketpair()
        for end in (self.bell, self._ringer):
            end.setblocking(False)
        self._lock = threading.Lock()
        self._waiting: deque[Reply] = deque()
        self._rung = False
        self.overrun = False
        """True once the watcher fell too far behind and was cut off."""
        self.ended = False
        """True once nothing more will come."""

    def offer(self, reply: Reply) -> None:
        """Add a reply; never blocks."""
        with self._lock:
            if self.ended:
                return
            if len(self._waiting) >= LONGEST_QUEUE:
                self._waiting.clear()
                self.overrun = self.ended = True
            else:
                self._waiting.append(reply)
            self._ring()

    def take(self) -> list[Reply]:
        """Everything that waits, oldest first."""
        with self._lock:
            try:
                self.bell.recv(1)
            except BlockingIOError:
                pass
            taken = list(self._waiting)
            self._waiting.clear()
            self._rung = False
            return taken

    def end(self) -> None:
        """Nothing more will come; what waits can still be taken."""
        with self._lock:
            self.ended = True
            self._ring()

    def close(self) -> None:
        """Give the descriptors back; further offers are ignored."""
        with self._lock:
            self.ended = self._rung = True
            self._waiting.clear()
            self.bell.close()
            self._ringer.close()

    def _ring(self) -> None:
        if not self._rung:
            self._rung = True
            self._ringer.send(b"!")


class Broadcast:
    """Hands every published reply to every watcher."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscriptions: list[Subscription] = []

    @property
    def watched(self) -> bool:
        """True while somebody watches, so that rows nobody reads need not be made."""
        return any(not one.ended for one in self._subscriptions)

    def subscribe(self) -> Subscription:
        """A new watcher, who sees what is published from now on. Return it from a handler."""
        subscription = Subscription()
        with self._lock:
            self._subscriptions.append(subscription)
        return subscription

    def publish(self, reply: Reply) -> None:
        """Hand the reply to all; never blocks. Watchers that left are forgotten here."""
        with self._lock:
            self._subscriptions = [one for one in self._subscriptions if not one.ended]
            for subscription in self._subscriptions:
                subscription.offer(reply)
