"""The foreground window as Hyprland tells it: one socket speaks when something happens, another answers questions.

The second one holds the whole compositor up for as long as a connection to it is open, so that each question has a
connection of its own, closed at once. Source: https://wiki.hypr.land/IPC/ and the recordings of the tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from gamedetectd.domain import Bounds, Window
from gamedetectd.platforms.windows.backend import Sighting
from gamedetectd.platforms.windows.compositor import CompositorForeground, News
from gamedetectd.platforms.windows.declared import HYPRLAND
from gamedetectd.platforms.windows.geometry import one_line
from gamedetectd.platforms.windows.stream import Stream, gone
from gamedetectd.platforms.windows.told import handle_of, read, signed, whole

NAME = HYPRLAND.name
_EVENTS, _ANSWERS = ".socket2.sock", ".socket.sock"
_NEWS: Mapping[bytes, News] = {
    b"activewindow": News.FOCUS,
    b"fullscreen": News.FOCUS,
    b"focusedmon": News.FOCUS,
    b"workspace": News.FOCUS,
    b"closewindow": News.FOCUS,
    b"movewindow": News.FOCUS,
    b"changefloatingmode": News.FOCUS,
    b"windowtitle": News.DETAIL,
    b"monitoradded": News.FOCUS,
    b"monitorremoved": News.FOCUS,
}
"""What its events mean for us; others mean nothing. ``windowtitle`` names the window, see ``HyprlandLink._weight``."""
_REAL_FULLSCREEN = 2
"""The bit of ``fullscreen`` that is not merely maximised (since 0.42; before, ``fullscreenMode`` 0)."""


def backend() -> CompositorForeground:
    """Hyprland's backend."""
    return CompositorForeground(NAME, HyprlandLink, lambda: None)


def folder() -> Path:
    """Where its sockets are: below the runtime directory, or below /tmp before 0.40. One that was started again has
    another signature; the youngest is taken then. Raises CompositorGoneError where there is none.
    """
    signature = Path(os.environ.get("HYPRLAND_INSTANCE_SIGNATURE") or "none").name
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    above = [Path(runtime) / "hypr", Path("/tmp/hypr")] if runtime else [Path("/tmp/hypr")]  # noqa: S108 - its place
    places = [one / signature for one in above]
    if runtime:
        places += sorted((place.parent for place in above[0].glob(f"*/{_EVENTS}")), key=_made, reverse=True)
    for place in places:
        if (place / _EVENTS).is_socket():
            return place
    raise gone("Hyprland", "its sockets are not there")


def _made(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:
        return 0.0


class HyprlandLink:
    """One connection that hears of windows; see ``compositor.Link``."""

    def __init__(self) -> None:
        self._folder = folder()
        self._events = Stream("Hyprland", self._folder / _EVENTS)
        self._line = b""
        self._active = b""
        self._monitors: dict[int, str] = {}

    def fileno(self) -> int:
        return self._events.fileno()

    def close(self) -> None:
        self._events.close()

    def pending(self) -> bool:
        return False

    def news(self) -> News:
        *lines, self._line = (self._line + self._events.waiting()).split(b"\n")
        return max((self._weight(*line.partition(b">>")[::2]) for line in lines), default=News.NOTHING)

    def _weight(self, event: bytes, data: bytes) -> News:
        """What one event means: a title counts where it is that of the window in front."""
        if event.startswith(b"monitor"):
            self._monitors = {}
        if event == b"windowtitle" and self._active and data.removeprefix(b"0x") != self._active:
            return News.NOTHING
        return _NEWS.get(event, News.NOTHING)

    def look(self) -> Sighting | None:
        said = self._ask("activewindow")
        if not isinstance(said, dict) or not said.get("address"):
            self._active = b""
            return None
        self._active = str(said["address"]).removeprefix("0x").encode()
        return Sighting(window_of(said, self._name_of(said.get("monitor"))), hidden=said.get("hidden") is True)

    def listed(self) -> Iterator[Window]:
        said = self._ask("clients")
        for one in said if isinstance(said, list) else ():
            if isinstance(one, dict) and one.get("mapped") is not False:
                yield window_of(one, self._name_of(one.get("monitor")))

    def _name_of(self, monitor: object) -> str:
        number = signed(monitor)
        if number not in self._monitors:
            said = self._ask("monitors")
            rows = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
            self._monitors = {signed(one.get("id")): one_line(str(one.get("name") or "")) for one in rows}
            self._monitors.setdefault(number, "")
        return self._monitors[number]

    def _ask(self, question: str) -> Any:
        with closing(Stream("Hyprland", self._folder / _ANSWERS)) as stream:
            stream.send(f"j/{question}".encode())
            return read(stream.rest().decode(errors="replace"))


def window_of(said: Mapping[str, Any], monitor: str) -> Window:
    """A window as Hyprland writes it. ``at`` and ``size`` are px of the whole layout."""
    state, mode = said.get("fullscreen"), said.get("fullscreenMode")
    return Window(
        handle=handle_of(said.get("address")),
        pid=whole(said.get("pid")),
        title=one_line(str(said.get("title") or "")),
        class_name=one_line(str(said.get("class") or said.get("initialClass") or "")),
        fullscreen=state and not mode if isinstance(state, bool) else bool(whole(state) & _REAL_FULLSCREEN),
        bounds=_bounds(said.get("at"), said.get("size")),
        monitor=monitor,
    )


def _bounds(at: object, size: object) -> Bounds | None:
    if not isinstance(at, list) or not isinstance(size, list) or len(at) != 2 or len(size) != 2:
        return None
    return Bounds(signed(at[0]), signed(at[1]), signed(size[0]), signed(size[1]))
