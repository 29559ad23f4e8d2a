"""How far the control channel was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

DECLARED = (
    Capability(Purpose.CONTROL, LINUX, "a Unix socket, SO_PEERCRED", Verified.REAL),
    Capability(Purpose.CONTROL, WINDOWS, "a named pipe", Verified.WINE),
    Capability(Purpose.CONTROL, MACOS, "a Unix socket", Verified.UNVERIFIED),
)
