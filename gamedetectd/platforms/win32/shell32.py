"""Windows, shell32.dll: command lines taken apart as programs themselves do, and whether a full-screen program runs."""

from __future__ import annotations

import ctypes
import sys
from enum import IntEnum


class UserState(IntEnum):
    """QUERY_USER_NOTIFICATION_STATE."""

    NOT_PRESENT = 1
    """The screen is locked, blanked or another person's."""
    BUSY = 2
    """A program fills the screen."""
    DIRECT3D = 3
    """A program has the screen to itself (exclusive full screen)."""
    PRESENTATION = 4
    ACCEPTS = 5
    QUIET = 6
    STORE_APP = 7


if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import failed, function

    _DLL = "shell32"

    def split(command: str) -> list[str]:
        """The arguments in a command line; raises OSError."""
        if not command.strip():
            return []  # Windows would answer with our own program
        count = ctypes.c_int()
        take_apart = function(
            _DLL,
            "CommandLineToArgvW",
            ctypes.POINTER(wintypes.LPWSTR),
            wintypes.LPCWSTR,
            ctypes.POINTER(ctypes.c_int),
        )
        found = take_apart(command, ctypes.byref(count))
        if not found:
            raise failed()
        try:
            return [str(found[number]) for number in range(count.value)]
        finally:
            function("kernel32", "LocalFree", wintypes.HLOCAL, wintypes.HLOCAL)(
                ctypes.cast(found, ctypes.c_void_p).value
            )

    def user_state() -> UserState | None:
        """What keeps the person from being told things; None where Windows does not say."""
        state = ctypes.c_int()
        query = function(_DLL, "SHQueryUserNotificationState", ctypes.c_long, ctypes.POINTER(ctypes.c_int))
        if query(ctypes.byref(state)) != 0:
            return None
        try:
            return UserState(state.value)
        except ValueError:
            return None
