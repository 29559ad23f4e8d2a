"""Wayland's wire format, as far as we speak it: what input extensions and monitors tell, without a library for that.

Object and size with opcode as 32 bits of the machine's order, texts with their length.
Source: https://wayland.freedesktop.org/docs/html/ch04.html
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.platforms.windows.stream import ANSWER_SECONDS, Stream

_DISPLAY = 1
"""The one object that is there from the start."""
_SYNC, _GET_REGISTRY, _BIND = 0, 1, 0
_GLOBAL, _ERROR = 0, 0
_WORD, _HEAD = struct.Struct("=I"), struct.Struct("=II")
_SHORTEST_GLOBAL = 12
"""Bytes of number, length and version."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the compositor has: by that number and up to that version it can be bound."""

    name: str
    number: int
    version: int


@dataclass(frozen=True, slots=True)
class Message:
    """What an object says; ``opcode`` is which of its events."""

    thing: int
    opcode: int
    body: bytes

    def numbers(self, count: int) -> tuple[int, ...]:
        """The first so many numbers in it, with their sign; () where it is shorter."""
        return struct.unpack_from(f"={count}i", self.body) if len(self.body) >= 4 * count else ()


class Wire:
    """A connection to the compositor. Every call raises CompositorGoneError where it fails."""

    def __init__(self) -> None:
        self._stream = Stream("The compositor", _socket())
        self._buffer = bytearray()
        self._asked = bytearray()
        self._last = _DISPLAY
        self._registry = 0

    def fileno(self) -> int:
        return self._stream.fileno()

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def offered(self) -> tuple[Offer, ...]:
        """Everything the compositor has."""
        self._registry = self.new()
        self.ask(_DISPLAY, _GET_REGISTRY, word(self._registry))
        return tuple(
            _offer(said.body)
            for said in self.settled()
            if (said.thing, said.opcode) == (self._registry, _GLOBAL) and len(said.body) >= _SHORTEST_GLOBAL
        )

    def bind(self, offer: Offer, version: int) -> int:
        """Our object for something that was ``offered``, in that version of it."""
        thing = self.new()
        text = offer.name.encode() + b"\0"
        padded = text.ljust(-(-len(text) // 4) * 4, b"\0")
        named = word(offer.number) + word(len(text)) + padded
        self.ask(self._registry, _BIND, named + word(version) + word(thing))
        return thing

    def new(self) -> int:
        """The number of an object that a request is about to make."""
        self._last += 1
        return self._last

    def ask(self, thing: int, opcode: int, body: bytes) -> None:
        """Ask something of an object, with the next ``flush``."""
        self._asked += _HEAD.pack(thing, (_HEAD.size + len(body)) << 16 | opcode) + body

    def flush(self) -> None:
        """Send what was asked."""
        self._stream.send(bytes(self._asked))
        self._asked.clear()

    def settled(self) -> Iterator[Message]:
        """What comes until the compositor has done all that it was asked for."""
        ready = self.new()
        self.ask(_DISPLAY, _SYNC, word(ready))
        self.flush()
        until = time.monotonic() + ANSWER_SECONDS
        while True:
            for said in self._messages():
                if said.thing == ready:
                    return
                yield said
            data = self._stream.read(until - time.monotonic())
            if not data:
                raise self._stream.gone("it hung up")
            self._buffer += data

    def heard(self) -> Iterator[Message]:
        """What has come until now."""
        self._buffer += self._stream.waiting()
        yield from self._messages()

    def _messages(self) -> Iterator[Message]:
        """Take whole messages out of what has come."""
        while len(self._buffer) >= _HEAD.size:
            thing, both = _HEAD.unpack_from(self._buffer)
            size, opcode = both >> 16, both & 0xFFFF
            if size < _HEAD.size or size % 4:
                raise self._stream.gone("it sent nonsense")
            if len(self._buffer) < size:
                return
            body = bytes(self._buffer[_HEAD.size : size])
            del self._buffer[:size]
            if (thing, opcode) == (_DISPLAY, _ERROR):
                raise self._stream.gone("it refuses us")
            yield Message(thing, opcode, body)


def word(number: int) -> bytes:
    """A number as it goes into a request."""
    return _WORD.pack(number)


def _offer(body: bytes) -> Offer:
    (number,), (length,) = _WORD.unpack_from(body), _WORD.unpack_from(body, 4)
    text = body[8 : 8 + length].rstrip(b"\0").decode(errors="replace")
    return Offer(text, number, _WORD.unpack_from(body, len(body) - 4)[0])


def _socket() -> Path:
    """Where the compositor listens (wl_display_connect(3))."""
    return Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere") / (os.environ.get("WAYLAND_DISPLAY") or "wayland-0")
