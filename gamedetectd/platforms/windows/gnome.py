"""The foreground window as GNOME Shell tells it, through a small extension of ours inside it (gnome_extension.py).

Without the extension GNOME tells no program of its windows. With it, the shell sends what is in front to whoever asked
to be told, and to nobody else; while the screen is locked the extension is off and no window is in front.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from gamedetectd.domain import Window
from gamedetectd.errors import BusError
from gamedetectd.platforms.dbus.session_bus import SessionBus
from gamedetectd.platforms.windows.backend import Sighting
from gamedetectd.platforms.windows.compositor import CompositorForeground, News, owner, weight
from gamedetectd.platforms.windows.declared import GNOME
from gamedetectd.platforms.windows.gnome_extension import ENABLE, INSTALL, installed
from gamedetectd.platforms.windows.stream import gone
from gamedetectd.platforms.windows.told import read, window_of
from gamedetectd.platforms.windows.xwayland import XwaylandOwners

NAME = GNOME.name
SHELL = "org.gnome.Shell"
PLACE = "/org/gamedetectd/Windows"
INTERFACE = "org.gamedetectd.Windows"
NOT_INSTALLED = f"GNOME tells no program of its windows without an extension; install ours: {INSTALL}."
NOT_AT_WORK = f"Our GNOME extension is installed and not at work: log out and in again, or run: {ENABLE}."


def why_not() -> str | None:
    """A sentence saying why GNOME does not tell, and what to do; None where it does."""
    try:
        with closing(SessionBus.open()) as bus:
            try:
                bus.call(SHELL, PLACE, INTERFACE, "List")
            except BusError:
                return NOT_AT_WORK if installed() else NOT_INSTALLED
    except BusError as error:
        return f"{error.cause} GNOME tells of its windows over it; start gamedetectd from the desktop."
    return None


def backend() -> CompositorForeground:
    """GNOME's backend: Mutter tells windows as they lie."""
    return CompositorForeground(NAME, GnomeLink, why_not, stacked=True)


class GnomeLink:
    """A connection to the bus to which the extension sends what is in front; see ``compositor.Link``."""

    def __init__(self) -> None:
        self._bus = SessionBus.open()
        self._owners = XwaylandOwners()
        self._seen: Sighting | None = None
        try:
            self._shell = owner(self._bus, SHELL, "GNOME Shell")
            self._bus.watch(f"type='signal',sender='{SHELL}',interface='{INTERFACE}',member='Ready'")
            self._ask()
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        return self._bus.fileno()

    def pending(self) -> bool:
        return self._bus.waiting

    def close(self) -> None:
        self._bus.close()

    def news(self) -> News:
        return max((self._hear(signal) for signal in self._bus.signals()), default=News.NOTHING)

    def look(self) -> Sighting | None:
        return self._seen

    def listed(self) -> Iterator[Window]:
        (text,) = self._bus.call(SHELL, PLACE, INTERFACE, "List")
        rows = read(text)
        for one in rows if isinstance(rows, list) else ():
            if isinstance(one, dict):
                yield self._owners.owned(*window_of(one)).window

    def _hear(self, signal: Any) -> News:
        """Take in a signal; nobody but the shell is believed."""
        from jeepney import HeaderFields  # type: ignore[import-untyped]

        fields = signal.header.fields
        if fields.get(HeaderFields.member) == "NameOwnerChanged":
            if signal.body[:1] == (SHELL,):
                raise gone("GNOME Shell", "it went away or was started again")
            return News.NOTHING
        if fields.get(HeaderFields.sender) != self._shell or fields.get(HeaderFields.interface) != INTERFACE:
            return News.NOTHING
        before = self._seen
        if fields.get(HeaderFields.member) == "Ready":
            self._ask()
        elif signal.body:
            self._take(signal.body[0])
        return weight(before, self._seen)

    def _ask(self) -> None:
        """Have the shell tell us from now on, and take in what is true now."""
        (text,) = self._bus.call(SHELL, PLACE, INTERFACE, "Watch")
        self._take(text)

    def _take(self, text: object) -> None:
        said = read(text)
        self._seen = self._owners.owned(*window_of(said)) if isinstance(said, dict) else None
