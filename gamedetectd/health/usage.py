"""How much of the CPU this process used over the last minutes."""

from __future__ import annotations

from collections import deque

from gamedetectd.platforms.resources import Resources

WINDOW = 300.0
"""Seconds over which the share is an average."""


class CpuShare:
    """Takes one look after the other; says the share of one core over the last five minutes, None before them."""

    def __init__(self, window: float = WINDOW) -> None:
        self._window = window
        self._looks: deque[tuple[float, float]] = deque()

    def take(self, now: Resources) -> float | None:
        """The next look."""
        looks = self._looks
        looks.append((now.at, now.cpu_seconds))
        while len(looks) > 2 and looks[1][0] <= now.at - self._window:
            looks.popleft()
        seconds = now.at - looks[0][0]
        return (now.cpu_seconds - looks[0][1]) / seconds if seconds >= self._window else None
