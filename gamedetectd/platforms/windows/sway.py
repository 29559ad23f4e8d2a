"""The foreground window as sway tells it, and every compositor that speaks its IPC: i3's protocol with Wayland's words.

i3ipc would speak it, too, but waits in a loop of its own that our ``Stop`` cannot end, and loads what we do not need.
The protocol: ``i3-ipc``, length and type as 32 bits of the machine's order, then JSON; sway-ipc(7).
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from gamedetectd.domain import Window
from gamedetectd.platforms.windows.backend import Sighting
from gamedetectd.platforms.windows.compositor import CompositorForeground, News
from gamedetectd.platforms.windows.declared import SWAY
from gamedetectd.platforms.windows.geometry import covers, one_line
from gamedetectd.platforms.windows.stream import ANSWER_SECONDS, MOST_BYTES, Stream, gone
from gamedetectd.platforms.windows.told import rectangle, whole
from gamedetectd.platforms.windows.xwayland import XwaylandOwners

NAME = SWAY.name
VARIABLES = ("SWAYSOCK", "I3SOCK")
_MAGIC = b"i3-ipc"
_HEAD = struct.Struct("=6sII")
_SUBSCRIBE, _GET_TREE = 2, 4
_EVENT = 1 << 31
_EVENTS, _NEWER_EVENTS = ("window", "workspace"), ("output",)
"""What we hear of; the second since sway 1.8."""
_WINDOW_EVENT = _EVENT | 3
_ASIDE = frozenset({"mark", "urgent", "new"})
"""Changes of a window that neither move the focus nor alter what we tell of it."""


def backend() -> CompositorForeground:
    """The backend of these compositors."""
    return CompositorForeground(NAME, SwayLink, lambda: None)


def sockets() -> list[Path]:
    """Where it may listen, the likeliest first. A compositor that was started again listens at another place, which is
    found beside the old one: ``sway-ipc.UID.PID.sock``.
    """
    told = [Path(place) for name in VARIABLES if (place := os.environ.get(name))]
    folders = dict.fromkeys([*(place.parent for place in told), Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")])
    beside = [place for folder in folders for place in folder.glob("*-ipc.*.sock")]
    return list(dict.fromkeys([*told, *sorted(beside, key=_made, reverse=True)]))


def _made(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:
        return 0.0


class SwayLink:
    """One connection that hears of windows and asks for all of them; see ``compositor.Link``."""

    def __init__(self) -> None:
        self._stream = _connect()
        self._buffer = bytearray()
        self._owners = XwaylandOwners()
        self._news = News.NOTHING
        try:
            self._subscribe()
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        return self._stream.fileno()

    def close(self) -> None:
        self._stream.close()

    def pending(self) -> bool:
        return self._news is not News.NOTHING

    def news(self) -> News:
        self._buffer += self._stream.waiting()
        for kind, payload in self._messages():
            self._hear(kind, payload)
        news, self._news = self._news, News.NOTHING
        return news

    def look(self) -> Sighting | None:
        for node, monitor in self._views():
            if node.get("focused") is True:
                return self._owners.owned(sighting_of(node, monitor), whole(node.get("window")))
        return None

    def listed(self) -> Iterator[Window]:
        for node, monitor in self._views():
            yield self._owners.owned(sighting_of(node, monitor), whole(node.get("window"))).window

    def _subscribe(self) -> None:
        answer = self._ask(_SUBSCRIBE, msgspec.json.encode(_EVENTS))
        if not isinstance(answer, dict) or answer.get("success") is not True:
            raise self._stream.gone("it does not tell of its windows")
        self._ask(_SUBSCRIBE, msgspec.json.encode(_NEWER_EVENTS))

    def _views(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Every window's node, and its monitor's."""
        tree = self._ask(_GET_TREE)
        queue: list[tuple[dict[str, Any], dict[str, Any]]] = [(tree, {})] if isinstance(tree, dict) else []
        for node, above in queue:
            monitor = node if node.get("type") == "output" else above
            children = [child for name in ("nodes", "floating_nodes") for child in _nodes(node.get(name))]
            queue.extend((child, monitor) for child in children)
            if not children and whole(node.get("pid")):
                yield node, monitor

    def _ask(self, kind: int, payload: bytes = b"") -> Any:
        """One question and its answer; events that come between are kept for ``news``."""
        self._stream.send(_HEAD.pack(_MAGIC, len(payload), kind) + payload)
        until = time.monotonic() + ANSWER_SECONDS
        while True:
            for came, answer in self._messages():
                if came == kind:
                    return self._read(answer)
                self._hear(came, answer)
            data = self._stream.read(until - time.monotonic())
            if not data:
                raise self._stream.gone("it hung up")
            self._buffer += data

    def _messages(self) -> Iterator[tuple[int, bytes]]:
        """Take whole messages out of what has come: type and payload."""
        while len(self._buffer) >= _HEAD.size:
            magic, length, kind = _HEAD.unpack_from(self._buffer)
            if magic != _MAGIC or length > MOST_BYTES:
                raise self._stream.gone("it sent nonsense")
            end = _HEAD.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[_HEAD.size : end])
            del self._buffer[:end]
            yield kind, payload

    def _hear(self, kind: int, payload: bytes) -> None:
        """Note what an event means for us."""
        news = News.FOCUS
        if kind == _WINDOW_EVENT:
            said = self._read(payload)
            change, node = (said.get("change"), said.get("container")) if isinstance(said, dict) else (None, None)
            in_front = isinstance(node, dict) and node.get("focused") is True
            if change in _ASIDE or (change == "title" and not in_front):
                return
            news = News.DETAIL if change == "title" else News.FOCUS
        self._news = max(self._news, news)

    def _read(self, payload: bytes) -> Any:
        """JSON as it came; titles may hold bytes that are no UTF-8."""
        try:
            return msgspec.json.decode(payload.decode(errors="replace"))
        except (msgspec.DecodeError, RecursionError) as error:
            raise self._stream.gone("it sent nonsense") from error


def _connect() -> Stream:
    error = gone("sway", "it does not run, or says no longer where it listens")
    for place in sockets():
        try:
            return Stream("sway", place)
        except type(error) as failed:
            error = failed
    raise error


def _nodes(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def sighting_of(node: dict[str, Any], output: dict[str, Any]) -> Sighting:
    """What a node of the tree says of its window. ``rect`` is the window's place among all monitors, in px."""
    properties = node.get("window_properties")
    x11 = properties if isinstance(properties, dict) else {}
    bounds, screen = rectangle(node.get("rect")), rectangle(output.get("rect"))
    filling = bounds is not None and screen is not None and covers(bounds, screen)
    window = Window(
        handle=whole(node.get("id")),
        pid=whole(node.get("pid")),
        title=one_line(str(node.get("name") or "")),
        class_name=one_line(str(node.get("app_id") or x11.get("class") or x11.get("instance") or "")),
        fullscreen=whole(node.get("fullscreen_mode")) > 0 or (filling and node.get("type") == "floating_con"),
        bounds=bounds,
        monitor=one_line(str(output.get("name") or "")),
    )
    return Sighting(window)
