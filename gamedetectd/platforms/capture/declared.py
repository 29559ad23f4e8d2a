"""How far each way of showing one window was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

PICTURE = "the picture of the window in front"

DECLARED = (
    Capability(
        Purpose.CAPTURE,
        LINUX,
        "X11: the window's own surface (XComposite), else the screen while nothing lies over it",
        Verified.REAL,
        PICTURE,
        "on Wayland X11 programs, through Xwayland",
    ),
    Capability(
        Purpose.CAPTURE,
        LINUX,
        "sway, Hyprland: the window in front out of the screen, by grim (wlr-screencopy)",
        Verified.REAL,
        PICTURE,
        "sway 1.7",
    ),
    Capability(
        Purpose.CAPTURE,
        LINUX,
        "GNOME, KDE: the window in front out of the portal's screen cast, by PipeWire and GStreamer",
        Verified.REAL,
        PICTURE,
        "once the person allowed it (`vision allow`); GNOME 43; of KDE 5.27 all but a monitor's pixels",
    ),
    Capability(
        Purpose.CAPTURE,
        WINDOWS,
        "PrintWindow with PW_RENDERFULLCONTENT, else the screen while nothing lies over it (mss)",
        Verified.WINE,
        PICTURE,
        "not of Direct3D",
    ),
    Capability(
        Purpose.CAPTURE,
        MACOS,
        "CGWindowListCreateImage",
        Verified.UNVERIFIED,
        PICTURE,
        "once the person allows Screen Recording",
    ),
)
