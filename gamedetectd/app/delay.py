"""Waits before anything starts, so that a login is not slowed down. A signal that ends the daemon ends the wait."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

LONGEST = 3_600.0
"""Seconds one may ask for."""
_SLICE = 1.0
"""Seconds slept at once: on Windows a signal is seen only in between."""


def told_to_stop_within(seconds: float) -> bool:
    """Wait; True, and at once, where the wait was ended by Ctrl-C, a stop from the session or the system."""
    told = threading.Event()

    def stop(_number: int, _frame: Any) -> None:
        told.set()

    def nothing_to_read_again(_number: int, _frame: Any) -> None: ...

    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
        if (number := getattr(signal, name, None)) is not None:
            before[number] = signal.signal(number, nothing_to_read_again if name == "SIGHUP" else stop)
    try:
        until = time.monotonic() + seconds
        while not told.is_set() and (left := until - time.monotonic()) > 0:
            told.wait(min(left, _SLICE))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return told.is_set()
