"""How far each way of knowing the machine's load was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

PRESSURE = "/proc/pressure"
LOAD = "the load of the machine instead"

DECLARED = (
    Capability(Purpose.LOAD, LINUX, "`/proc/pressure`", Verified.REAL, PRESSURE),
    Capability(Purpose.LOAD, LINUX, "`/proc/loadavg`", Verified.REAL, LOAD, "where the kernel keeps no pressure"),
    Capability(Purpose.LOAD, WINDOWS, "psutil", Verified.WINE, LOAD),
    Capability(Purpose.LOAD, MACOS, "psutil", Verified.UNVERIFIED, LOAD),
)
