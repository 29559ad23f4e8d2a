"""What others tell of windows in JSON, made safe to keep: whatever is missing or of the wrong kind is left out.

The form that our own helpers inside KWin and GNOME Shell use: an object with ``id`` (any text or number), ``pid``,
``class``, ``title``, ``fullscreen``, ``minimized``, ``x``, ``y``, ``width``, ``height`` (px), ``monitor`` and, for an
X11 window, ``xid``; ``null`` where no window is in front.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gamedetectd.domain import Bounds, Window
from gamedetectd.platforms.windows.backend import Sighting
from gamedetectd.platforms.windows.geometry import one_line

_HANDLE_BITS = 52
"""Bits of a handle that any reader of JSON keeps."""


def whole(value: object) -> int:
    """A number that is not negative; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1 << 63:
        return 0
    return int(value)


def signed(value: object) -> int:
    """A number; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -(1 << 31) < value < 1 << 31:
        return 0
    return round(value)


def rectangle(value: object) -> Bounds | None:
    """``{x, y, width, height}``; None for anything else, and for one without an area."""
    if not isinstance(value, Mapping):
        return None
    place = Bounds(*(signed(value.get(name)) for name in ("x", "y", "width", "height")))
    return place if place.width > 0 and place.height > 0 else None


def handle_of(name: object) -> int:
    """A number for a window that is known by a text such as ``{uuid}`` or ``0x55…``, always the same one."""
    if isinstance(name, int | float):
        return whole(name)
    digits = "".join(letter for letter in str(name) if letter in "0123456789abcdefABCDEF")
    return int(digits, 16) % (1 << _HANDLE_BITS) if digits else 0


def window_of(said: Mapping[str, Any]) -> tuple[Sighting, int]:
    """A window in the form above, and its number on X11 (0 for a window of Wayland's own)."""
    window = Window(
        handle=handle_of(said.get("id")),
        pid=whole(said.get("pid")),
        title=one_line(str(said.get("title") or "")),
        class_name=one_line(str(said.get("class") or "")),
        fullscreen=said.get("fullscreen") is True,
        bounds=rectangle(said),
        monitor=one_line(str(said.get("monitor") or "")),
    )
    return Sighting(window, hidden=said.get("minimized") is True), whole(said.get("xid"))


def read(text: object) -> Any:
    """What JSON text holds; None where it holds none."""
    try:
        return msgspec.json.decode(text) if isinstance(text, str | bytes) else None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
