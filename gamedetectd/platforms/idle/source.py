"""What every way of learning when input was last given has in common, so that the sensor needs to know none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gamedetectd.interfaces import Readable


@dataclass(frozen=True, slots=True)
class Input:
    """``idle`` is seconds since the last key or mouse event; ``saver`` is True while the screen saver is on."""

    idle: float
    saver: bool


class InputSource(Protocol):
    """Knows when keyboard and mouse were last used. Methods raise ``DisplayGoneError`` once it does not any more."""

    @property
    def alarms(self) -> bool:
        """True where it becomes readable once input has rested and when it goes on; else only asking helps."""
        ...

    def readers(self) -> Sequence[Readable]:
        """What ``select`` waits for; empty where there are no alarms."""
        ...

    def look(self) -> Input:
        """The state now."""
        ...

    def shortcoming(self) -> str | None:
        """A sentence saying what it does not see or only in a slower way, or None."""
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...


class Pads(Protocol):
    """When a gamepad was last used. For one thread; ``close`` may be followed by further use."""

    def possible(self) -> bool:
        """True where a pad may be plugged in some day."""
        ...

    def present(self) -> bool:
        """True where a pad that may be read is plugged in now."""
        ...

    def descriptors(self) -> tuple[int, ...]:
        """What ``select`` waits for, once pads are watched; empty where only asking helps."""
        ...

    def last_used(self, now: float) -> float | None:
        """When a pad was last used since this was last asked, on the elapsed clock; None: not since then."""
        ...

    def close(self) -> None:
        """Watch no pad any more."""
        ...
