"""How long ago input was last given on GNOME: its idle monitor on the session bus answers, and says when to ask.

Source: org.gnome.Mutter.IdleMonitor, Mutter's ``data/dbus-interfaces/org.gnome.Mutter.IdleMonitor.xml``.
"""

from __future__ import annotations

from gamedetectd.errors import BusError, DisplayGoneError
from gamedetectd.platforms.dbus.session_bus import BUS, SessionBus
from gamedetectd.platforms.idle.source import Input

NAME = "Mutter's idle monitor"
SERVICE = "org.gnome.Mutter.IdleMonitor"
PLACE = "/org/gnome/Mutter/IdleMonitor/Core"


class MutterInput:
    """A connection to the bus; see ``source.InputSource``. Raises DisplayGoneError."""

    alarms = True

    def __init__(self, rest: float) -> None:
        try:
            self._bus = SessionBus.open()
        except BusError as error:
            raise _lost(error) from error
        try:
            self._bus.watch(f"type='signal',sender='{SERVICE}',interface='{SERVICE}',member='WatchFired'")
            self._bus.watch(f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{SERVICE}'")
            self._call("AddIdleWatch", "t", max(1, round(rest * 1000)))
            self._rest = rest
            self._resting = False
        except BusError as error:
            self.close()
            raise _lost(error) from error

    def readers(self) -> tuple[SessionBus]:
        return (self._bus,)

    def shortcoming(self) -> str | None:
        return None

    def close(self) -> None:
        self._bus.close()

    def look(self) -> Input:
        """The state now; while input rests, we are told when it goes on."""
        try:
            idle = self._asked()
            while self._bus.waiting:  # what came along with an answer may be news
                idle = self._asked()
        except BusError as error:
            raise _lost(error) from error
        return Input(idle, saver=False)

    def _asked(self) -> float:
        if any(signal.body[:1] == (SERVICE,) for signal in self._bus.signals()):
            raise BusError("GNOME Shell went away or was started again.", "It is tried again.")
        idle = self._call("GetIdletime") / 1000
        if idle >= self._rest and not self._resting:
            self._call("AddUserActiveWatch")
            idle = self._call("GetIdletime") / 1000
        self._resting = idle >= self._rest
        return idle

    def _call(self, method: str, signature: str = "", *body: int) -> int:
        (answer,) = self._bus.call(SERVICE, PLACE, SERVICE, method, signature, *body)
        return int(answer)


def _lost(error: BusError) -> DisplayGoneError:
    return DisplayGoneError(error.cause, error.remedy)
