"""How far each way of knowing input was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

X11 = Capability(Purpose.INPUT, LINUX, "X11: XSync's idle counter", Verified.REAL, "X11")
WAYLAND = Capability(
    Purpose.INPUT,
    LINUX,
    "Wayland: ext_idle_notifier_v1, org_kde_kwin_idle",
    Verified.REAL,
    "Wayland idle notifications",
)
MUTTER = Capability(Purpose.INPUT, LINUX, "GNOME: Mutter's idle monitor", Verified.REAL, "Mutter's idle monitor")
LAST_INPUT = Capability(Purpose.INPUT, WINDOWS, "GetLastInputInfo", Verified.WINE, "GetLastInputInfo")
EVENT_SOURCE = Capability(
    Purpose.INPUT, MACOS, "CGEventSourceSecondsSinceLastEventType", Verified.TABLES, "CGEventSource"
)
PADS = "gamepads"

DECLARED = (
    X11,
    WAYLAND,
    MUTTER,
    LAST_INPUT,
    EVENT_SOURCE,
    Capability(Purpose.PADS, LINUX, "evdev, js", Verified.TABLES, PADS, "pipes with the kernel's bytes"),
    Capability(
        Purpose.PADS,
        WINDOWS,
        "XInput (1.4, 1.3, 9.1.0)",
        Verified.TABLES,
        PADS,
        "none of DirectInput",
    ),
    Capability(Purpose.PADS, MACOS, "not watched", Verified.NOT_DONE),
)
