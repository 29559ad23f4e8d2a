"""When a gamepad was last used: buttons pressed, sticks and triggers moved beyond a dead zone.

Linux shows each pad as ``/dev/input/event*`` and, where that may not be read, often as ``/dev/input/js*``. Devices are
opened only while somebody wants to know, and keyboards never. An axis counts once it has moved an eighth of its range
away from where it last counted: a worn stick that trembles or drifts is nobody's presence, wherever it rests.
"""

from __future__ import annotations

import array
import logging
import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

log = logging.getLogger(__name__)

DEAD_ZONE = 1 / 8
"""Share of an axis' whole range."""
READ_BYTES = 4096
MOST_READS = 64
"""Reads of one device in one go: its queue in the kernel holds far less."""

EV_KEY, EV_ABS = 0x01, 0x03
KEY_Q = 16
PAD_BUTTONS = range(0x120, 0x140)
"""BTN_JOYSTICK and BTN_GAMEPAD (linux/input-event-codes.h)."""
AXES = (*range(0x0B), *range(0x10, 0x18))
"""Sticks, triggers, wheels and hats; not the pressure and touch axes above them."""
CLOCK_BOOTTIME = 7

EVENT = struct.Struct("@llHHi")
JS_EVENT = struct.Struct("=IhBB")
JS_BUTTON, JS_AXIS, JS_INITIAL = 0x01, 0x02, 0x80


@dataclass(slots=True)
class Axis:
    """One axis: its range, and the value it last counted at."""

    low: int
    high: int
    anchor: int

    def moved(self, value: int) -> bool:
        """True where it left the dead zone, which then lies around the new value."""
        if abs(value - self.anchor) <= (self.high - self.low) * DEAD_ZONE:
            return False
        self.anchor = value
        return True


class Decoder(Protocol):
    """Understands the bytes of one device."""

    def feed(self, data: bytes, now: float) -> float | None:
        """When the last use in ``data`` was, on the elapsed clock, or None. ``now`` is where events carry no time."""
        ...


@dataclass(slots=True)
class EventDecoder:
    """``struct input_event`` as the kernel writes it. ``stamped``: its times are of the elapsed clock."""

    axes: Mapping[int, Axis]
    stamped: bool = True

    def feed(self, data: bytes, now: float) -> float | None:
        used = None
        for seconds, microseconds, kind, code, value in EVENT.iter_unpack(data[: len(data) // EVENT.size * EVENT.size]):
            axis = self.axes.get(code) if kind == EV_ABS else None
            if kind == EV_KEY or (axis is not None and axis.moved(value)):
                used = seconds + microseconds / 1e6 if self.stamped else now
        return used


@dataclass(slots=True)
class JoystickDecoder:
    """``struct js_event``: axes run from -32767 to 32767; the state at opening comes as marked events."""

    axes: dict[int, Axis] = field(default_factory=dict)

    def feed(self, data: bytes, now: float) -> float | None:
        used = None
        whole = data[: len(data) // JS_EVENT.size * JS_EVENT.size]
        for _milliseconds, value, kind, number in JS_EVENT.iter_unpack(whole):
            if kind & JS_INITIAL:
                self.axes[number] = Axis(-32767, 32767, value)
            elif kind == JS_BUTTON or (
                kind == JS_AXIS and self.axes.setdefault(number, Axis(-32767, 32767, 0)).moved(value)
            ):
                used = now
        return used


def identify(descriptor: int, path: Path) -> Decoder | None:
    """The decoder for an open device; None where it is no gamepad."""
    if path.name.startswith("js"):
        return JoystickDecoder()
    keys = _bits(descriptor, EV_KEY, 0x300)
    if KEY_Q in keys or not any(button in keys for button in PAD_BUTTONS):
        return None
    axes = {}
    for code in _bits(descriptor, EV_ABS, 0x40) & frozenset(AXES):
        value, low, high, _fuzz, _flat, _resolution = struct.unpack("=6i", _ioctl(descriptor, 0x40 + code, 24))
        axes[code] = Axis(low, high, value)
    return EventDecoder(axes, stamped=_use_elapsed_clock(descriptor))


def _ioctl(descriptor: int, number: int, size: int) -> bytes:
    """Read ``size`` bytes by an ioctl of the input subsystem (``_IOC(_IOC_READ, 'E', number, size)``)."""
    if sys.platform == "win32":
        raise OSError("no ioctl on Windows")
    import fcntl

    buffer = bytearray(size)
    fcntl.ioctl(descriptor, 2 << 30 | size << 16 | ord("E") << 8 | number, buffer)
    return bytes(buffer)


def _bits(descriptor: int, kind: int, count: int) -> frozenset[int]:
    """The codes of one kind of event that a device has (EVIOCGBIT)."""
    data = _ioctl(descriptor, 0x20 + kind, count // 8)
    return frozenset(bit for bit in range(count) if data[bit // 8] >> bit % 8 & 1)


def _use_elapsed_clock(descriptor: int) -> bool:
    """Have events stamped with the clock that counts sleep (EVIOCSCLOCKID); False where the kernel is too old."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.ioctl(descriptor, 1 << 30 | 4 << 16 | ord("E") << 8 | 0xA0, array.array("i", [CLOCK_BOOTTIME]))
    except OSError:
        return False
    return True


class Gamepads:
    """The gamepads this account may read. Not thread-safe; ``close`` may be followed by further use."""

    def __init__(
        self,
        folder: Path = Path("/dev/input"),
        identify: Callable[[int, Path], Decoder | None] = identify,
    ) -> None:
        self._folder = folder
        self._identify = identify
        self._seen: dict[Path, int] = {}
        self._open: dict[int, Decoder] = {}

    def possible(self) -> bool:
        """True where a pad may be plugged in some day."""
        return self._folder.is_dir()

    def present(self) -> bool:
        """True where a pad that may be read is plugged in now."""
        opened_before = bool(self._open)
        self._rescan()
        found = bool(self._open)
        if not opened_before:
            self.close()
        return found

    def descriptors(self) -> tuple[int, ...]:
        """The open devices, for ``select``."""
        return tuple(self._open)

    def last_used(self, now: float) -> float | None:
        """When a pad was last used since this was last asked, on the elapsed clock; None: not since then.

        The first call opens the pads and hears of nothing before it; each call sees pads that were plugged in.
        """
        self._rescan()
        uses = [self._drain(descriptor, now) for descriptor in self.descriptors()]
        return max((used for used in uses if used is not None), default=None)

    def close(self) -> None:
        """Close every device."""
        while self._open:
            self._drop(next(iter(self._open)))
        self._seen = {}

    def _rescan(self) -> None:
        """Open what is new or has new permissions: a device's change time tells both."""
        seen = dict(self._nodes())
        if seen == self._seen:
            return
        self.close()
        self._seen = seen
        for prefix in ("event", "js"):
            for path in sorted(seen):
                if path.name.startswith(prefix):
                    self._try(path)
            if self._open:
                return  # a js device is the same pad once more

    def _nodes(self) -> Iterator[tuple[Path, int]]:
        try:
            for path in self._folder.iterdir():
                if path.name.startswith(("event", "js")):
                    yield path, path.stat().st_ctime_ns
        except OSError:
            return  # unplugged while we looked: the next look sees it

    def _try(self, path: Path) -> None:
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        except OSError:
            return  # not ours to read, or gone again
        try:
            decoder = self._identify(descriptor, path)
        except OSError as error:
            log.debug("%s is not an input device: %s", path, error)
            decoder = None
        if decoder is None:
            os.close(descriptor)
        else:
            self._open[descriptor] = decoder

    def _drain(self, descriptor: int, now: float) -> float | None:
        """Read what waits, so much and no more; an unplugged pad is dropped."""
        used = None
        for _ in range(MOST_READS):
            try:
                data = os.read(descriptor, READ_BYTES)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self._drop(descriptor)
                break
            used = self._open[descriptor].feed(data, now) or used
        return used

    def _drop(self, descriptor: int) -> None:
        del self._open[descriptor]
        os.close(descriptor)
