"""Windows, wtsapi32.dll: being told when the screen is locked and when another person's session is shown."""

from __future__ import annotations

import sys

NOTIFY_FOR_THIS_SESSION = 0

if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import failed, function

    _DLL = "wtsapi32"

    def tell_of_session(window: int) -> None:
        """Have WM_WTSSESSION_CHANGE sent to a window; raises OSError, also while the service is not up yet."""
        register = function(_DLL, "WTSRegisterSessionNotification", wintypes.BOOL, wintypes.HWND, wintypes.DWORD)
        if not register(window, NOTIFY_FOR_THIS_SESSION):
            raise failed()

    def tell_no_more(window: int) -> None:
        """End that."""
        function(_DLL, "WTSUnRegisterSessionNotification", wintypes.BOOL, wintypes.HWND)(window)
