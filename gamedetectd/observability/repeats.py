"""Folds a flood of identical messages into a few lines and a count."""

from __future__ import annotations

from dataclasses import dataclass

BURST = 5
"""Times a message is written before it is folded."""
WINDOW = 10.0
"""Seconds after which the counting starts anew, and after which what was folded is told."""
MOST_MESSAGES = 1_000
"""Different messages that are counted at a time."""


@dataclass(frozen=True, slots=True)
class Message:
    """What makes two log records identical."""

    logger: str
    level: int
    text: str


class Repeats:
    """Decides which messages are written. It looks at no clock and needs no timer: every call says the time (s)."""

    def __init__(self) -> None:
        self._began = 0.0
        self._seen: dict[Message, int] = {}

    def folded(self, now: float) -> list[tuple[Message, int]]:
        """When a window is over: what was kept back in it, and how often each. Starts the next window."""
        if self._seen and 0 <= now - self._began < WINDOW and len(self._seen) < MOST_MESSAGES:
            return []
        kept_back = [(message, count - BURST) for message, count in self._seen.items() if count > BURST]
        self._seen = {}
        self._began = now
        return kept_back

    def admits(self, message: Message) -> bool:
        """Count the message; True if it shall be written."""
        count = self._seen.get(message, 0) + 1
        self._seen[message] = count
        return count <= BURST
