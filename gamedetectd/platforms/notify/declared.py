"""How far each way of showing notifications was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

BUBBLES = "bubbles of the icon"

DECLARED = (
    Capability(
        Purpose.NOTIFICATIONS,
        LINUX,
        "org.freedesktop.Notifications, with buttons",
        Verified.REAL,
        "org.freedesktop.Notifications",
    ),
    Capability(Purpose.NOTIFICATIONS, WINDOWS, "Shell_NotifyIcon's bubbles", Verified.WINE, BUBBLES, "no buttons"),
    Capability(Purpose.NOTIFICATIONS, MACOS, "`osascript`", Verified.UNVERIFIED, BUBBLES, "in Script Editor's name"),
)
