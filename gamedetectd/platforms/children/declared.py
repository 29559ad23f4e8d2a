"""How far the limits of child processes were tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

DECLARED = (
    Capability(Purpose.CHILDREN, LINUX, "setrlimit, a process group, PR_SET_PDEATHSIG", Verified.REAL),
    Capability(
        Purpose.CHILDREN, WINDOWS, "a job object", Verified.WINE, remark="Wine limits neither memory nor processor time"
    ),
    Capability(
        Purpose.CHILDREN,
        MACOS,
        "setrlimit for the processor, memory looked at five times a second",
        Verified.UNVERIFIED,
    ),
)
