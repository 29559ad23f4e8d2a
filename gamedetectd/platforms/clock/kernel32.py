"""Windows, kernel32.dll: the interrupt time without sleep, and the tick count with it."""

from __future__ import annotations

import ctypes
import sys

if sys.platform == "win32":
    from ctypes import wintypes

    def awake() -> float:
        """Seconds since the start of the machine, without sleep and hibernation (100 ns units of the system)."""
        query = _dll().QueryUnbiasedInterruptTime
        query.argtypes = [ctypes.POINTER(ctypes.c_ulonglong)]
        query.restype = wintypes.BOOL
        ticks = ctypes.c_ulonglong()
        if not query(ctypes.byref(ticks)):
            raise ctypes.WinError(ctypes.get_last_error())
        return ticks.value / 1e7

    def elapsed() -> float:
        """Seconds since the start of the machine, with sleep and hibernation (milliseconds of the system)."""
        count = _dll().GetTickCount64
        count.argtypes = []
        count.restype = ctypes.c_ulonglong
        return float(count()) / 1e3

    def _dll() -> ctypes.WinDLL:
        return ctypes.WinDLL("kernel32", use_last_error=True)
