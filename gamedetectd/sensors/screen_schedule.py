"""When the window in front is looked at, driven by explicit time: seldom, and never beyond a share of the processor.

One sequence of frames is looked at when window or title changed, then every ten minutes at most. What a sequence costs
is counted, the child's start included, and none begins that would take the last hour beyond its share.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass

SETTLE = 2.0
"""Seconds after a change before the first look: windows flicker, and detection needs a moment."""
AGAIN = 600.0
"""Seconds between two sequences of the same window under the same title."""
BETWEEN = 30.0
"""Seconds between two sequences at least, whatever changes."""
FRAME_PAUSE = 2.0
"""Seconds between two frames of a sequence."""
FRAMES = 5
"""Frames that tell something and make up a decision."""
ATTEMPTS = 15
"""Frames of one sequence at most, with those that tell nothing."""
ASK_AGAIN = 5.0
"""Seconds after which a program in front that detection has not judged yet is asked about again."""
ASK_LIMIT = 12
"""How often; whatever changes about its window begins anew."""
HINDERED = 60.0
"""Seconds after which something in the way that goes without a word (battery, a busy machine) is looked at again."""
SHARE = 0.002
SPAN = 3600.0
"""The share of one core that looking may take, over so many seconds."""
EXPECTED = 1.5
"""Seconds of the processor that a sequence is expected to cost before one was measured."""
UNFINISHED = 60.0
"""Seconds after which a window is looked at again that did not tell enough: black while a game loads, or covered."""
FIRST_RETRY = 30.0
LONGEST_RETRY = 3600.0
KEPT = 100
"""Windows whose latest look is remembered."""

Key = tuple[int, int, str]
"""Window, process and steady title."""


def steady(title: str) -> str:
    """The title without its numbers: a frame rate or a clock in it is no other title."""
    return re.sub(r"\d+(?:[.,:/]\d+)*", "#", title[:300])


@dataclass(frozen=True, slots=True)
class Wish:
    """What could be looked at. ``undecided``: detection does not know yet whether it wants to. ``hindered``: something
    that passes is in the way.
    """

    key: Key
    wanted: bool
    undecided: bool = False
    hindered: bool = False


class Schedule:
    """Ask ``rest`` whenever something changed and when the time it named is over; say what came of each sequence.

    Times are seconds on the awake clock.
    """

    between = BETWEEN

    def __init__(self) -> None:
        self.failures = 0
        """Sequences that failed since the last one that did not."""
        self._key: Key | None = None
        self._since = 0.0
        self._asked = 0
        self._latest = -self.between
        self._retry_at = 0.0
        self._looked: OrderedDict[Key, float] = OrderedDict()
        self._spent: deque[tuple[float, float]] = deque()
        self._costs: deque[float] = deque(maxlen=5)

    def rest(self, now: float, wish: Wish | None) -> float | None:
        """Seconds until the next sequence may begin, 0 for now; None where only a change brings one."""
        if wish is None or wish.key != self._key:
            self._key, self._since, self._asked = (wish.key if wish is not None else None), now, 0
        if wish is None:
            return None
        settled = self._since + SETTLE
        if wish.undecided:
            return self._ask_again(now, settled)
        if not wish.wanted:
            return None
        if wish.hindered:
            return HINDERED
        due = max(
            settled,
            self._latest + self.between,
            self._looked.get(wish.key, -AGAIN) + AGAIN,
            self._retry_at,
            self._affordable_at(now),
        )
        return max(0.0, due - now)

    def ended(self, now: float, key: Key, cost: float, *, enough: bool = True) -> None:
        """A sequence came to its end, with ``enough`` frames or without; ``cost`` is seconds of the processor."""
        self.failures, self._retry_at = 0, 0.0
        self._looked[key] = now if enough else now - AGAIN + UNFINISHED
        self._looked.move_to_end(key)
        if len(self._looked) > KEPT:
            self._looked.popitem(last=False)
        self._costs.append(cost)
        self._spend(now, cost)

    def broke_off(self, now: float, cost: float) -> None:
        """The window changed, or was no longer to be looked at, before the sequence was over."""
        self._spend(now, cost)

    def failed(self, now: float, cost: float) -> None:
        """There was no answer: the pauses grow until there is one."""
        self._retry_at = now + min(LONGEST_RETRY, FIRST_RETRY * 2.0**self.failures)
        self.failures = min(self.failures + 1, 20)
        self._spend(now, cost)

    def try_again(self) -> None:
        """Forget that it failed: somebody says that the reason is gone."""
        self.failures, self._retry_at = 0, 0.0

    def spent(self, now: float) -> float:
        """Seconds of the processor that the last hour's sequences took."""
        while self._spent and self._spent[0][0] <= now - SPAN:
            self._spent.popleft()
        return sum(cost for _, cost in self._spent)

    def _ask_again(self, now: float, settled: float) -> float | None:
        if now < settled:
            return settled - now
        self._asked += 1
        return ASK_AGAIN if self._asked <= ASK_LIMIT else None

    def _spend(self, now: float, cost: float) -> None:
        self._latest = now
        self._spent.append((now, cost))

    def _affordable_at(self, now: float) -> float:
        """When another sequence stays within the share: once enough of the last hour's has grown old."""
        over = self.spent(now) + max(self._costs, default=EXPECTED) - SHARE * SPAN
        at = now
        for begun, cost in self._spent:
            if over <= 0:
                break
            over -= cost
            at = begun + SPAN
        return at
