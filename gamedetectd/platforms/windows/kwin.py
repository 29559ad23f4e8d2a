"""The foreground window as KWin tells it, by a script of ours inside it (kwin.js beside this file).

KWin has no other word on windows for programs outside. The script is loaded over D-Bus, calls us back by the name of
our connection, and is taken out when we end; one that a killed daemon left behind is replaced, and speaks to nobody
meanwhile. Only what KWin itself says is believed. When KWin starts anew, the script is loaded again.
Source: https://develop.kde.org/docs/plasma/kwin/api/ and KWin's ``scripting.cpp``.
"""

from __future__ import annotations

import contextlib
import importlib.resources
import os
import select
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gamedetectd.domain import Window
from gamedetectd.errors import BusError
from gamedetectd.platforms.dbus.session_bus import SessionBus, bus_address
from gamedetectd.platforms.windows import declared
from gamedetectd.platforms.windows.backend import Sighting
from gamedetectd.platforms.windows.compositor import CompositorForeground, News, owner, weight
from gamedetectd.platforms.windows.stream import ANSWER_SECONDS, gone
from gamedetectd.platforms.windows.told import read, window_of
from gamedetectd.platforms.windows.xwayland import XwaylandOwners

NAME = declared.KWIN.name
KWIN = "org.kde.KWin"
SCRIPTING = "org.kde.kwin.Scripting"
SCRIPT = "org.kde.kwin.Script"
PLACE = "/gamedetectd"
INTERFACE = "org.gamedetectd.Windows"
WATCHER = "gamedetectd"
"""Our script's name inside KWin; one for a single look has another, so that it leaves the daemon's alone."""


def why_not() -> str | None:
    """A sentence saying why no script can be loaded here, or None."""
    if bus_address():
        return None
    return (
        "KWin tells of its windows over the D-Bus session bus, and there is none; start gamedetectd from the desktop."
    )


def backend() -> CompositorForeground:
    """KWin's backend."""
    return CompositorForeground(NAME, KwinLink, why_not, glance=lambda: KwinLink(f"{WATCHER}-look-{os.getpid()}"))


class KwinLink:
    """A connection to the bus with our script at its other end; see ``compositor.Link``. The window is what the script
    said last. A script that is not called ``WATCHER`` also lists all windows, and then says no more.
    """

    def __init__(self, script: str = WATCHER) -> None:
        self._script = script
        self._bus = SessionBus.open()
        self._owners = XwaylandOwners()
        self._seen: Sighting | None = None
        self._windows: list[Window] = []
        self._place: Path | None = None
        self._spoke = False
        try:
            self._kwin = owner(self._bus, KWIN, "KWin")
            self._load()
            self._hear_first()
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        return self._bus.fileno()

    def pending(self) -> bool:
        return self._bus.waiting

    def close(self) -> None:
        """Take the script out of KWin, if it is still there, and hang up."""
        if self._place is not None:
            with contextlib.suppress(BusError):
                self._bus.tell(KWIN, "/Scripting", SCRIPTING, "unloadScript", "s", self._script)
            self._place.unlink(missing_ok=True)
        self._bus.close()

    def news(self) -> News:
        for signal in self._bus.signals():
            if signal.body[:1] == (KWIN,):
                raise gone("KWin", "it went away or was started again")
        return max((self._hear(call) for call in self._bus.calls()), default=News.NOTHING)

    def look(self) -> Sighting | None:
        return self._seen

    def listed(self) -> Iterator[Window]:
        yield from self._windows

    def _hear(self, call: Any) -> News:
        """Take in what the script says; nobody but KWin is believed."""
        from jeepney import HeaderFields  # type: ignore[import-untyped]

        fields = call.header.fields
        text = call.body[0] if call.body else None
        if fields.get(HeaderFields.sender) != self._kwin or not isinstance(text, str):
            self._bus.refuse(call, "org.freedesktop.DBus.Error.AccessDenied", "Only KWin tells us of windows.")
            return News.NOTHING
        said = read(text)
        self._bus.answer(call)
        if fields.get(HeaderFields.member) == "Listed":
            rows = said if isinstance(said, list) else []
            self._windows = [self._owners.owned(*window_of(one)).window for one in rows if isinstance(one, dict)]
            return News.NOTHING
        before, self._spoke = self._seen, True
        self._seen = self._owners.owned(*window_of(said)) if isinstance(said, dict) else None
        return weight(before, self._seen)

    def _load(self) -> None:
        """Put our script into KWin, in place of one of that name, and let it run."""
        text = importlib.resources.files(__package__).joinpath("kwin.js").read_text()
        text = text.replace("@US@", self._bus.name).replace("@LIST@", "false" if self._script == WATCHER else "true")
        descriptor, place = tempfile.mkstemp(
            ".js", "gamedetectd-", os.environ.get("XDG_RUNTIME_DIR") or None, text=True
        )
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        self._place = Path(place)
        self._bus.call(KWIN, "/Scripting", SCRIPTING, "unloadScript", "s", self._script)
        (number,) = self._bus.call(KWIN, "/Scripting", SCRIPTING, "loadScript", "ss", place, self._script)
        if not isinstance(number, int) or number < 0:
            raise gone("KWin", "it does not take our script")
        try:
            self._bus.call(KWIN, f"/Scripting/Script{number}", SCRIPT, "run")
        except BusError:  # KWin 5
            self._bus.call(KWIN, f"/{number}", SCRIPT, "run")

    def _hear_first(self) -> None:
        """Hear what comes until the script has spoken. Raises CompositorGoneError after a while."""
        until = time.monotonic() + ANSWER_SECONDS
        self.news()
        while not self._spoke:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._bus], [], [], left)[0]:
                raise gone("KWin", "our script in it says nothing")
            self.news()
