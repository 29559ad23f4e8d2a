"""Ways to be told that the machine woke up, that its clock was set, or that the screen was locked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Protocol

from gamedetectd.domain import PowerState
from gamedetectd.platforms.clock.clock_set import watch_clock_set

__all__ = ["PowerWatch", "power_watch"]


class PowerWatch(Protocol):
    """Readable (``fileno``) when the clocks are worth a look or the screen was locked or unlocked."""

    def fileno(self) -> int:
        """The descriptor for ``select``."""
        ...

    def heard(self) -> Sequence[PowerState]:
        """What became of the screen since the last call; to be called once it is readable."""
        ...

    def trouble(self) -> str | None:
        """Sentences saying of what the system does not tell, or None."""
        ...

    def close(self) -> None:
        """Listen no longer."""
        ...


def power_watch() -> PowerWatch | None:
    """What this system offers, or None; raises OSError where it refuses what it should offer."""
    if sys.platform == "win32":
        from gamedetectd.platforms.power.windows import PowerMessages

        return PowerMessages()
    if sys.platform == "darwin":
        from gamedetectd.platforms.power.mac import PowerNotices

        return PowerNotices()
    return watch_clock_set()
