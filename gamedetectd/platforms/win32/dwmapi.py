"""Windows, dwmapi.dll: where a window is really drawn, and whether it is hidden without being minimised."""

from __future__ import annotations

import ctypes
import sys

EXTENDED_FRAME_BOUNDS = 9
CLOAKED = 14

if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import function

    def frame(window: int) -> tuple[int, int, int, int] | None:
        """Left, top, right and bottom in px, without the invisible borders; None where the desktop is not composed."""
        found = wintypes.RECT()
        if not _ask(window, EXTENDED_FRAME_BOUNDS, found):
            return None
        return found.left, found.top, found.right, found.bottom

    def cloaked(window: int) -> bool:
        """True for a window on another virtual desktop, or of a suspended app."""
        found = wintypes.DWORD()
        return _ask(window, CLOAKED, found) and found.value != 0

    def _ask(window: int, what: int, answer: wintypes.RECT | wintypes.DWORD) -> bool:
        query = function(
            "dwmapi",
            "DwmGetWindowAttribute",
            ctypes.c_long,
            wintypes.HWND,
            wintypes.DWORD,
            ctypes.c_void_p,
            wintypes.DWORD,
        )
        return bool(query(window, what, ctypes.byref(answer), ctypes.sizeof(answer)) == 0)
