"""Keeps one thing that happens again and again from pushing everything else out of the audit trail.

Each action may fill some lines at once and then one a minute; the rest is counted, and the count is told with the next
line. So who knocks at the door all day fills half a megabyte, and not the trail.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

AT_ONCE = 20
"""Lines of one action that may come in a row."""
ONE_EVERY = 60.0
"""Seconds after which there may be one more."""


class Moderation:
    """Usable from every thread. ``now`` is seconds on a clock that is never set."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}
        """By action: when all of its lines are free again."""
        self._left_out: dict[str, int] = {}

    def admit(self, action: str) -> int | None:
        """How many of this action were left out before this one, which may be written; None where it may not."""
        with self._lock:
            now = self._now()
            free_at = max(self._free_at.get(action, now), now)
            if free_at - now > (AT_ONCE - 1) * ONE_EVERY:
                self._left_out[action] = self._left_out.get(action, 0) + 1
                return None
            self._free_at[action] = free_at + ONE_EVERY
            return self._left_out.pop(action, 0)

    def rest(self) -> Iterator[tuple[str, int]]:
        """Every action of which some were left out and not told, with their number; they count as told then."""
        with self._lock:
            left_out, self._left_out = self._left_out, {}
        yield from left_out.items()
