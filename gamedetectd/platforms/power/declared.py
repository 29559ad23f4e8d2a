"""How far each way of hearing of sleep, locking and the end was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

_SENT = "the messages are sent by a test"

TIMER = Capability(
    Purpose.SLEEP,
    LINUX,
    "the clocks, woken by timerfd",
    Verified.REAL,
    "a timer that the kernel cancels when the clock jumps",
    "clocks were set; nothing slept",
)
MESSAGES = Capability(
    Purpose.SLEEP,
    WINDOWS,
    "the clocks, woken by WM_POWERBROADCAST and WM_TIMECHANGE",
    Verified.WINE,
    "messages to a hidden window",
    _SENT,
)
NOTICES = Capability(
    Purpose.SLEEP,
    MACOS,
    "the clocks, woken by NSWorkspaceWillSleep and DidWake",
    Verified.TABLES,
    "notices of NSWorkspace and of the login",
)

DECLARED = (
    Capability(Purpose.LOCKED, LINUX, "X11's screen saver", Verified.REAL, remark="compositors do not tell"),
    Capability(Purpose.LOCKED, WINDOWS, "WM_WTSSESSION_CHANGE to a hidden window", Verified.WINE, remark=_SENT),
    Capability(
        Purpose.LOCKED,
        MACOS,
        "com.apple.screenIsLocked and its counterpart; another person's session",
        Verified.TABLES,
    ),
    TIMER,
    MESSAGES,
    NOTICES,
    Capability(Purpose.LOG_OFF, LINUX, "SIGTERM", Verified.REAL),
    Capability(
        Purpose.LOG_OFF,
        WINDOWS,
        "WM_ENDSESSION, answered when everything is put away",
        Verified.WINE,
        remark=_SENT,
    ),
    Capability(Purpose.LOG_OFF, MACOS, "SIGTERM; with an icon NSApplicationWillTerminate", Verified.TABLES),
)
