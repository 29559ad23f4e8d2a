"""The clocks of this machine: Python's ``time.monotonic`` counts sleep on some systems and not on others."""

from __future__ import annotations

import sys

from gamedetectd.platforms.clock.readings import SystemClock

__all__ = ["SystemClock", "boot_id", "system_clock"]


def system_clock() -> SystemClock:
    """The awake, elapsed and wall clocks of the system we run on."""
    if sys.platform == "linux":
        from gamedetectd.platforms.clock import linux

        return SystemClock(linux.awake, linux.elapsed)
    if sys.platform == "win32":
        from gamedetectd.platforms.win32 import kernel32

        return SystemClock(kernel32.awake, kernel32.elapsed)
    from gamedetectd.platforms.clock import darwin

    return SystemClock(darwin.awake, darwin.elapsed)


def boot_id() -> str:
    """A text that is the same until the machine starts anew; sleeping and setting the clock do not change it.

    Raises OSError where the system refuses to tell.
    """
    if sys.platform == "linux":
        from gamedetectd.platforms.clock import linux

        return linux.boot_id()
    if sys.platform == "win32":
        from gamedetectd.platforms.win32 import ntdll

        return ntdll.boot_id()
    from gamedetectd.platforms.clock import darwin

    return darwin.boot_id()
