"""Whether something grows and does not stop: a leak, told from noise, from a single step and from warming up.

The slope is Theil and Sen's: the median of the slopes between all pairs of samples, which outliers hardly move
(https://en.wikipedia.org/wiki/Theil-Sen_estimator). A single step can look steep to it, so each third of the window
must lie higher than the one before, too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

SAMPLES = 24
"""How many a window holds, evenly spaced."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as growth: over ``window`` seconds at least ``slope`` a second, and ``rise`` in all."""

    window: float
    slope: float
    rise: float


class Growth:
    """Takes values as they come; ``slope`` (a second) while they grow beyond the limits, else None.

    Nothing is judged before a whole window after ``warm_up`` seconds.
    """

    def __init__(self, limits: Limits, warm_up: float = 0.0) -> None:
        self.slope: float | None = None
        self._limits = limits
        self._spacing = limits.window / (SAMPLES - 1)
        self._samples: deque[tuple[float, float]] = deque(maxlen=SAMPLES)
        self._warm_up = warm_up
        self._next: float | None = None

    def take(self, at: float, value: float) -> None:
        """A value at a moment, in seconds on any clock that only goes on."""
        if self._next is None:
            self._next = at + self._warm_up
        if at >= self._next:
            self._next = at + self._spacing * 0.99  # whoever asks a little early is on time
            self._samples.append((at, value))
            self.slope = self._judged()

    def _judged(self) -> float | None:
        if len(self._samples) < SAMPLES:
            return None
        slope = _median(
            (later[1] - earlier[1]) / (later[0] - earlier[0]) for earlier, later in combinations(self._samples, 2)
        )
        third = SAMPLES // 3
        values = [value for _, value in self._samples]
        low, middle, high = (_median(values[begin : begin + third]) for begin in (0, third, 2 * third))
        share = self._limits.rise / 4
        steady = middle - low > share and high - middle > share
        return slope if slope >= self._limits.slope and high - low >= self._limits.rise * 2 / 3 and steady else None


def _median(values: Iterable[float]) -> float:
    """The one in the middle, the greater of two. ``statistics`` would take a third of a megabyte for ever."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
