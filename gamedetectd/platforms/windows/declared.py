"""How far each way of knowing windows was tried; see ``platforms/capability.py``. ``mechanisms.py`` chooses."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

SWAY = Capability(
    Purpose.FOREGROUND,
    LINUX,
    "sway and what speaks its IPC (scroll, …): i3's protocol on `SWAYSOCK`",
    Verified.REAL,
    "sway IPC",
    "sway 1.7",
)
HYPRLAND = Capability(
    Purpose.FOREGROUND,
    LINUX,
    "Hyprland 0.34 to 0.45: its two sockets",
    Verified.RECORDED,
    "Hyprland IPC",
    "its documented answers and events; maximised is no full screen",
)
KWIN = Capability(
    Purpose.FOREGROUND,
    LINUX,
    "KDE Plasma 5, 6: a script inside KWin, taken out at the end",
    Verified.REAL,
    "KWin script",
    "KWin 5.27; the names of KWin 6 unverified",
)
GNOME = Capability(
    Purpose.FOREGROUND,
    LINUX,
    "GNOME 43, 44: [our extension](../packaging/gnome/README.md)",
    Verified.REAL,
    "GNOME extension",
    "GNOME 43",
)
GNOME_MODULE = Capability(
    Purpose.FOREGROUND,
    LINUX,
    "GNOME 45 to 48: the same as a module",
    Verified.UNVERIFIED,
    remark="its syntax is checked",
)
X11 = Capability(Purpose.FOREGROUND, LINUX, "X11 events", Verified.REAL, "X11")
XWAYLAND = Capability(
    Purpose.FOREGROUND,
    LINUX,
    "GNOME without the extension, other compositors (labwc, river, niri, COSMIC, …): X11 through Xwayland",
    Verified.REAL,
    remark="X11 programs alone",
)
WIN_EVENTS = Capability(Purpose.FOREGROUND, WINDOWS, "SetWinEventHook", Verified.UNVERIFIED, "WinEvents")
WIN_LOOKING = Capability(
    Purpose.FOREGROUND,
    WINDOWS,
    "GetForegroundWindow every second where no event comes",
    Verified.WINE,
    "the foreground window, again and again",
)
WORKSPACE = Capability(
    Purpose.FOREGROUND,
    MACOS,
    "NSWorkspaceDidActivateApplication, and CGWindowList every 5 s for title, place and full screen",
    Verified.TABLES,
    "NSWorkspace",
)
MAC_LOOKING = Capability(
    Purpose.FOREGROUND,
    MACOS,
    "CGWindowList every second where no notice comes",
    Verified.TABLES,
    "the list of windows, again and again",
)

DECLARED = (
    X11,
    SWAY,
    HYPRLAND,
    KWIN,
    GNOME,
    GNOME_MODULE,
    XWAYLAND,
    WIN_EVENTS,
    WIN_LOOKING,
    WORKSPACE,
    MAC_LOOKING,
    Capability(
        Purpose.FOREGROUND,
        LINUX,
        "the portal's application states (GetAppState of GNOME and KDE)",
        Verified.RECORDED,
        remark="a hint for people, no evidence: no process is told; answers as documented, on a real bus",
    ),
    Capability(
        Purpose.FULL_SCREEN,
        LINUX,
        "EWMH, or a window over the whole monitor; each compositor's own word",
        Verified.REAL,
    ),
    Capability(
        Purpose.FULL_SCREEN,
        WINDOWS,
        "by shape; exclusive mode by SHQueryUserNotificationState (QUERY_USER_NOTIFICATION_STATE)",
        Verified.TABLES,
    ),
    Capability(
        Purpose.FULL_SCREEN, MACOS, "by shape, the strip beside the camera taken into account", Verified.TABLES
    ),
    Capability(Purpose.MONITORS, LINUX, "RandR; each compositor's own word", Verified.REAL),
    Capability(
        Purpose.MONITORS, WINDOWS, "per-monitor DPI awareness of the reading thread", Verified.UNVERIFIED
    ),
    Capability(
        Purpose.MONITORS, MACOS, "CGGetActiveDisplayList, CGDisplayBounds", Verified.TABLES, remark="points, not px"
    ),
    Capability(
        Purpose.FRAMES, WINDOWS, "the process inside ApplicationFrameHost's window", Verified.UNVERIFIED
    ),
    Capability(Purpose.TITLES, LINUX, "as a part of the window", Verified.REAL),
    Capability(Purpose.TITLES, WINDOWS, "as a part of the window", Verified.WINE),
    Capability(
        Purpose.TITLES,
        MACOS,
        "kCGWindowName",
        Verified.TABLES,
        remark="once the person allows Screen Recording",
    ),
)  # fmt: skip
