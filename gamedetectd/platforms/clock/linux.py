"""Linux: CLOCK_MONOTONIC stands still during suspend, CLOCK_BOOTTIME does not (clock_gettime(2))."""

from __future__ import annotations

import sys
import time
from pathlib import Path

if sys.platform == "linux":

    def awake() -> float:
        """Seconds since the start of the machine, without sleep."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)

    def elapsed() -> float:
        """Seconds since the start of the machine, with sleep."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def boot_id() -> str:
        """The kernel's random identity of this run of the machine."""
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
