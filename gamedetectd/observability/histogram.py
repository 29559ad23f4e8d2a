"""How long things took: counts in fixed buckets, cheap to keep for ever and to compare with an earlier moment.

Health looks at what came since its last look, metrics export the whole; neither needs a library for it.
"""

from __future__ import annotations

import itertools
import math
import threading
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds, in seconds, for what usually takes milliseconds and at worst a minute."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A histogram at one moment. ``counts`` are cumulative, one for each of ``bounds`` and the last for infinity.

    ``sum`` is that of all values.
    """

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    sum: float

    @property
    def count(self) -> int:
        """How many values there were."""
        return self.counts[-1]

    def since(self, earlier: Distribution) -> Distribution:
        """What was added after ``earlier``, an earlier look at the same histogram."""
        counts = tuple(now - then for now, then in zip(self.counts, earlier.counts, strict=True))
        return Distribution(self.bounds, counts, self.sum - earlier.sum)

    def quantile(self, share: float) -> float:
        """The upper bound of the bucket in which ``share`` (0 to 1) of the values are reached; 0 without values."""
        wanted = max(1, math.ceil(share * self.count))
        if not self.count:
            return 0.0
        return (*self.bounds, math.inf)[bisect_left(self.counts, wanted)]


class Histogram:
    """Counts values at or below each of ``bounds``, which rise. For any number of threads."""

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._sum = 0.0
        self._lock = threading.Lock()

    def observe(self, value: float) -> None:
        """Count one value."""
        place = bisect_left(self._bounds, value)
        with self._lock:
            self._counts[place] += 1
            self._sum += value

    def look(self) -> Distribution:
        """What was counted until now."""
        with self._lock:
            counts, total = tuple(itertools.accumulate(self._counts)), self._sum
        return Distribution(self._bounds, counts, total)
