"""The process table of this system, read the way that costs least on it."""

from __future__ import annotations

import sys

from gamedetectd.interfaces import Clock
from gamedetectd.platforms.processes.table import ProcessTable

__all__ = ["ProcessTable", "process_table"]


def process_table(boot_id: str, clock: Clock) -> ProcessTable:
    """The process table of the system we run on. ``boot_id`` becomes part of every key it gives out."""
    if sys.platform == "linux":
        from gamedetectd.platforms.processes.linux import LinuxProcesses

        return LinuxProcesses(boot_id)
    if sys.platform == "win32":
        from gamedetectd.platforms.processes.windows import WindowsProcesses

        return WindowsProcesses(boot_id, clock)
    if sys.platform == "darwin":
        from gamedetectd.platforms.processes.darwin import MacProcesses

        return MacProcesses(boot_id, clock)
    from gamedetectd.platforms.processes.portable import PortableProcesses

    return PortableProcesses(boot_id, clock)
