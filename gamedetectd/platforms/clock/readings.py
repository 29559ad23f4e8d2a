"""Puts a system's two running clocks and the calendar together as ``interfaces.Clock``."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from gamedetectd.domain import Instant


@dataclass(frozen=True, slots=True)
class SystemClock:
    """A ``Clock`` made of two functions that return seconds: ``awake`` stands still during sleep, ``elapsed`` not."""

    awake: Callable[[], float]
    elapsed: Callable[[], float]

    def now(self) -> Instant:
        return Instant(awake=self.awake(), elapsed=self.elapsed(), wall=time.time())
