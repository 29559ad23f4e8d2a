"""Windows, xinput1_4.dll or an older one: the state of up to four gamepads, whichever window has the focus."""

from __future__ import annotations

import ctypes
import functools
import sys

LIBRARIES = ("xinput1_4", "xinput1_3", "xinput9_1_0")
"""Windows 8 and later, the DirectX of games, Vista and 7."""
PLACES = 4
"""How many gamepads there can be."""
AXES = (
    ("left_trigger", 0, 255),
    ("right_trigger", 0, 255),
    ("left_x", -32768, 32767),
    ("left_y", -32768, 32767),
    ("right_x", -32768, 32767),
    ("right_y", -32768, 32767),
)
"""Names in ``State``, and their ranges."""


class State(ctypes.Structure):
    """XINPUT_STATE; ``packet`` differs when anything else does."""

    _fields_ = (
        ("packet", ctypes.c_uint32),
        ("buttons", ctypes.c_uint16),
        ("left_trigger", ctypes.c_uint8),
        ("right_trigger", ctypes.c_uint8),
        ("left_x", ctypes.c_int16),
        ("left_y", ctypes.c_int16),
        ("right_x", ctypes.c_int16),
        ("right_y", ctypes.c_int16),
    )


if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import function

    @functools.cache
    def library() -> str | None:
        """The newest of these libraries that is here, or None."""
        for name in LIBRARIES:
            try:
                function(name, "XInputGetState", wintypes.DWORD, wintypes.DWORD, ctypes.POINTER(State))
            except OSError:
                continue
            return name
        return None

    def state(place: int) -> State | None:
        """The gamepad at a place from 0 on; None where there is none. Asking where none is may take milliseconds."""
        name = library()
        if name is None:
            return None
        found = State()
        ask = function(name, "XInputGetState", wintypes.DWORD, wintypes.DWORD, ctypes.POINTER(State))
        return found if ask(place, ctypes.byref(found)) == 0 else None
