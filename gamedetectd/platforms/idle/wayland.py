"""How long ago input was last given on Wayland: the compositor says when it has rested and when it goes on.

Two extensions tell, ``ext_idle_notifier_v1`` and KDE's older ``org_kde_kwin_idle``; they are the whole use we make of
Wayland, so that its wire format is spoken here: object and size with opcode as 32 bits of the machine's order, texts
with their length. Source: https://wayland.app/protocols/ext-idle-notify-v1 and https://wayland.app/protocols/kde-idle
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path

from gamedetectd.errors import CompositorGoneError, DisplayGoneError
from gamedetectd.platforms.idle.source import Input
from gamedetectd.platforms.windows.stream import ANSWER_SECONDS, Stream

NAME = "Wayland idle notifications"
_DISPLAY, _REGISTRY, _READY, _SEAT, _NOTIFIER, _WATCH = 1, 2, 3, 4, 5, 6
"""Our objects; the display is always 1."""
_SYNC, _GET_REGISTRY, _BIND = 0, 1, 0
_NEWER, _OLDER = "ext_idle_notifier_v1", "org_kde_kwin_idle"
_IDLED, _RESUMED = 0, 1
_WORD, _HEAD = struct.Struct("=I"), struct.Struct("=II")
_SHORTEST_GLOBAL = 12
"""Bytes of number, length and version."""
_IGNORES_INHIBITORS = 2
"""The version of the newer extension that can leave aside programs which keep the screen on: games do."""


class WaylandInput:
    """A connection to the compositor; see ``source.InputSource``. Its alarms come once the input has rested for
    ``rest`` seconds. Raises DisplayGoneError, also where the compositor has neither extension.
    """

    alarms = True

    def __init__(self, rest: float) -> None:
        self._rest = rest
        self._buffer = bytearray()
        self._idle_since: float | None = None
        self._resumed_at = time.monotonic()
        self._inhibited = False
        try:
            self._stream = Stream("The compositor", _socket())
        except CompositorGoneError as error:
            raise _lost(error) from error
        try:
            self._order()
        except CompositorGoneError as error:
            self.close()
            raise _lost(error) from error
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        return self._stream.fileno()

    def readers(self) -> tuple[WaylandInput]:
        return (self,)

    def shortcoming(self) -> str | None:
        return None

    def close(self) -> None:
        self._stream.close()

    def look(self) -> Input:
        """The state now. While nothing has rested, the last input is only known not to lie further back than this."""
        try:
            self._buffer += self._stream.waiting()
            for thing, opcode, _body in self._messages():
                self._hear(thing, opcode)
        except CompositorGoneError as error:
            raise _lost(error) from error
        now = time.monotonic()
        if self._idle_since is not None:
            return Input(self._rest + now - self._idle_since, saver=False)
        return Input(min(now - self._resumed_at, self._rest / 2), saver=False)

    def _order(self) -> None:
        """Find the extension and have it tell us."""
        asked = _request(_DISPLAY, _GET_REGISTRY, _word(_REGISTRY)), _request(_DISPLAY, _SYNC, _word(_READY))
        self._stream.send(b"".join(asked))
        found = dict(self._offered())
        seat, newer, older = (found.get(name) for name in ("wl_seat", _NEWER, _OLDER))
        if seat is None or (newer is None and older is None):
            raise DisplayGoneError(
                "This compositor does not tell when input was last given.", "Nothing needs to be done."
            )
        self._bind(seat[0], "wl_seat", 1, _SEAT)
        rest = _word(max(1, round(self._rest * 1000)))
        if newer is not None:
            version = min(newer[1], _IGNORES_INHIBITORS)
            self._bind(newer[0], _NEWER, version, _NOTIFIER)
            self._send(_NOTIFIER, version, _word(_WATCH) + rest + _word(_SEAT))  # opcode 1, or 2 since version 2
        elif older is not None:
            self._bind(older[0], _OLDER, 1, _NOTIFIER)
            self._send(_NOTIFIER, 0, _word(_WATCH) + _word(_SEAT) + rest)

    def _offered(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """The name of everything the compositor has, with its number and version."""
        until = time.monotonic() + ANSWER_SECONDS
        while True:
            for thing, opcode, body in self._messages():
                if thing == _READY:
                    return
                if (thing, opcode) == (_REGISTRY, 0) and len(body) >= _SHORTEST_GLOBAL:
                    (number,), (length,) = _WORD.unpack_from(body), _WORD.unpack_from(body, 4)
                    text = body[8 : 8 + length].rstrip(b"\0").decode(errors="replace")
                    yield text, (number, _WORD.unpack_from(body, len(body) - 4)[0])
            data = self._stream.read(until - time.monotonic())
            if not data:
                raise self._stream.gone("it hung up")
            self._buffer += data

    def _hear(self, thing: int, opcode: int) -> None:
        if (thing, opcode) == (_DISPLAY, 0):
            raise self._stream.gone("it refuses us")
        if thing == _WATCH and opcode == _IDLED:
            self._idle_since = time.monotonic()
        elif thing == _WATCH and opcode == _RESUMED:
            self._idle_since, self._resumed_at = None, time.monotonic()

    def _bind(self, number: int, interface: str, version: int, thing: int) -> None:
        text = interface.encode() + b"\0"
        padded = text.ljust(-(-len(text) // 4) * 4, b"\0")
        self._send(_REGISTRY, _BIND, _word(number) + _word(len(text)) + padded + _word(version) + _word(thing))

    def _send(self, thing: int, opcode: int, body: bytes) -> None:
        self._stream.send(_request(thing, opcode, body))

    def _messages(self) -> Iterator[tuple[int, int, bytes]]:
        """Take whole messages out of what has come: object, opcode, body."""
        while len(self._buffer) >= _HEAD.size:
            thing, both = _HEAD.unpack_from(self._buffer)
            size, opcode = both >> 16, both & 0xFFFF
            if size < _HEAD.size or size % 4:
                raise self._stream.gone("it sent nonsense")
            if len(self._buffer) < size:
                return
            body = bytes(self._buffer[_HEAD.size : size])
            del self._buffer[:size]
            yield thing, opcode, body


def _request(thing: int, opcode: int, body: bytes) -> bytes:
    return _HEAD.pack(thing, (_HEAD.size + len(body)) << 16 | opcode) + body


def _word(number: int) -> bytes:
    return _WORD.pack(number)


def _socket() -> Path:
    """Where the compositor listens (wl_display_connect(3))."""
    return Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere") / (os.environ.get("WAYLAND_DISPLAY") or "wayland-0")


def _lost(error: CompositorGoneError) -> DisplayGoneError:
    return DisplayGoneError(error.cause.replace("asked for windows", "asked for input"), error.remedy)
