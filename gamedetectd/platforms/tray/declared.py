"""How far each kind of icon was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

STATUS_NOTIFIER = "StatusNotifierItem"
X11_TRAY = "window in an X11 tray"
NOTIFICATION_AREA = "notification area"
MENU_BAR = "menu bar"

DECLARED = (
    Capability(
        Purpose.TRAY, LINUX, "StatusNotifierItem and dbusmenu on the session bus", Verified.REAL, STATUS_NOTIFIER
    ),
    Capability(Purpose.TRAY, LINUX, "XEmbed, where a tray takes windows alone", Verified.REAL, X11_TRAY),
    Capability(Purpose.TRAY, WINDOWS, "Shell_NotifyIcon", Verified.WINE, NOTIFICATION_AREA),
    Capability(Purpose.TRAY, MACOS, "NSStatusItem in the menu bar", Verified.UNVERIFIED, MENU_BAR),
)
