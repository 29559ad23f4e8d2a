"""Decides whether a system's word on the foreground can be relied on, or has to be looked after.

Some systems take an order for events and never send one (Wine does). A look now and then tells: one that finds another
window in front, of which no event comes within the next look either, has found a change that was not announced.
"""

from __future__ import annotations

LOOK_EVERY = 1.0
LOOK_WHERE_TRUSTED = 15.0
"""Seconds between looks, while events are not known to come and once they are."""


class EventTrust:
    """Is given every event and every look, and says when to look again and whether only looking helps."""

    def __init__(self) -> None:
        self._proven = False
        self._missed = False
        self._unannounced = False

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        return LOOK_WHERE_TRUSTED if self._proven and not self._unannounced else LOOK_EVERY

    @property
    def looking(self) -> bool:
        """True where changes are found by looking alone."""
        return self._missed

    def announced(self) -> None:
        """An event of a change came, if late."""
        self._proven = True
        self._missed = self._unannounced = False

    def found(self) -> None:
        """A change was seen between two looks, of which no event told yet."""
        self._unannounced = True

    def looked(self, *, changed: bool) -> None:
        """A look was taken; ``changed``: it found another window than the events, or the look before, had told."""
        if self._unannounced:
            self._missed, self._proven = True, False
        self._unannounced = changed
