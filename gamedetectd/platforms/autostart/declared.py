"""How far each way of starting at login was tried; see ``platforms/capability.py``. ``MECHANISMS`` chooses."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

XDG = Capability(Purpose.AUTOSTART, LINUX, "a desktop entry in `~/.config/autostart`", Verified.REAL, "xdg")
SYSTEMD = Capability(
    Purpose.AUTOSTART,
    LINUX,
    "a systemd user unit",
    Verified.TABLES,
    "systemd",
    "the real systemctl and systemd-analyze read it; no systemd ran it",
)
RUN_KEY = Capability(
    Purpose.AUTOSTART, WINDOWS, "the Run key of the registry", Verified.WINE, "run-key", "started by wineboot"
)
LAUNCH_AGENT = Capability(Purpose.AUTOSTART, MACOS, "a LaunchAgent", Verified.TABLES, "launchd")

DECLARED = (XDG, SYSTEMD, RUN_KEY, LAUNCH_AGENT)
