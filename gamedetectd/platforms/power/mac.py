"""macOS tells of sleep, of locking, of another person at the screen and of a new time by notices to the main thread."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from gamedetectd.domain import PowerState
from gamedetectd.platforms.mac import notices
from gamedetectd.platforms.mac.main_loop import MainLoop, main_loop
from gamedetectd.platforms.mac.notices import Centre, Notice
from gamedetectd.platforms.mailbox import Mailbox

WANTED = (
    (Centre.WORKSPACE, notices.WILL_SLEEP),
    (Centre.WORKSPACE, notices.WOKE_UP),
    (Centre.WORKSPACE, notices.SWITCHED_AWAY),
    (Centre.WORKSPACE, notices.SWITCHED_BACK),
    (Centre.EVERYBODY, notices.LOCKED),
    (Centre.EVERYBODY, notices.UNLOCKED),
    (Centre.OURSELVES, notices.CLOCK_SET),
)
UNHEARD = "Sleep is noticed up to 30 s late, and locking the screen not at all"


@dataclass(slots=True)
class Presence:
    """Whether the person can see the screen: it is locked, or shows another person's session, or neither."""

    locked: bool = False
    away: bool = False

    def hear(self, name: str) -> PowerState | None:
        """Take in a notice; what has become of the screen, None where nothing has."""
        before = self.locked or self.away
        if name in (notices.LOCKED, notices.UNLOCKED):
            self.locked = name == notices.LOCKED
        elif name in (notices.SWITCHED_AWAY, notices.SWITCHED_BACK):
            self.away = name == notices.SWITCHED_AWAY
        if (self.locked or self.away) == before:
            return None
        return PowerState.UNLOCKED if before else PowerState.LOCKED


class PowerNotices:
    """See ``power.PowerWatch``. Readable when the clocks are worth a look or the screen was locked or unlocked."""

    def __init__(self, loop: MainLoop | None = None) -> None:
        self._loop = loop or main_loop()
        self._presence = Presence()
        self._refused = ""
        with ExitStack() as failing:
            self._mailbox: Mailbox[Notice] = failing.enter_context(Mailbox())
            try:
                failing.enter_context(notices.listening(self._loop, WANTED, self._mailbox.put))
            except ImportError as error:
                self._refused = str(error)
            self._closing = failing.pop_all()

    def fileno(self) -> int:
        """The descriptor for ``select``."""
        return self._mailbox.fileno()

    def heard(self) -> Sequence[PowerState]:
        """What became of the screen since the last call."""
        states = [self._presence.hear(letter.name) for letter in self._mailbox.take()]
        return [state for state in states if state is not None]

    def trouble(self) -> str | None:
        """A sentence saying what is not told, or None."""
        if self._refused:
            return f"{UNHEARD}: {self._refused}."
        return None if self._loop.turns else f"{UNHEARD}: the run loop to which macOS tells it does not run."

    def close(self) -> None:
        """Listen no longer."""
        self._closing.close()
