"""What Windows tells its windows of the machine and the session, in our words. The numbers: winuser.h, wtsapi32.h."""

from __future__ import annotations

from dataclasses import dataclass

from gamedetectd.domain import PowerState

WM_ENDSESSION = 0x0016
WM_CLOSE = 0x0010
WM_TIMECHANGE = 0x001E
WM_POWERBROADCAST = 0x0218
WM_WTSSESSION_CHANGE = 0x02B1
SUSPEND, RESUME_SUSPEND, RESUME_AUTOMATIC = 0x4, 0x7, 0x12
"""PBT_APM…"""
CONSOLE_CONNECT, CONSOLE_DISCONNECT, REMOTE_CONNECT, REMOTE_DISCONNECT = 0x1, 0x2, 0x3, 0x4
SESSION_LOCK, SESSION_UNLOCK = 0x7, 0x8
"""WTS_…"""
ENDSESSION_CLOSEAPP = 0x1
ENDSESSION_LOGOFF = 0x80000000


@dataclass(slots=True)
class Presence:
    """Whether the person can see the screen: it is locked, or shows another person's session, or neither."""

    locked: bool = False
    away: bool = False

    def hear(self, change: int) -> PowerState | None:
        """Take in a WM_WTSSESSION_CHANGE; what has become of the screen, None where nothing has."""
        before = self.locked or self.away
        if change in (SESSION_LOCK, SESSION_UNLOCK):
            self.locked = change == SESSION_LOCK
        elif change in (CONSOLE_DISCONNECT, REMOTE_DISCONNECT):
            self.away = True
        elif change in (CONSOLE_CONNECT, REMOTE_CONNECT):
            self.away = False
        if (self.locked or self.away) == before:
            return None
        return PowerState.UNLOCKED if before else PowerState.LOCKED


def concerns_time(message: int, wparam: int) -> bool:
    """True for what may have changed the machine's clocks: it sleeps, it woke up, somebody set the calendar."""
    if message == WM_TIMECHANGE:
        return True
    return message == WM_POWERBROADCAST and wparam in (SUSPEND, RESUME_SUSPEND, RESUME_AUTOMATIC)


def who_ends(message: int, wparam: int, lparam: int) -> str | None:
    """Who wants us to end, for the audit trail; None where nobody does, as in a log-off that was called off."""
    if message == WM_CLOSE:
        return "a request to close (as taskkill sends)"
    if message != WM_ENDSESSION or not wparam:
        return None
    flags = lparam & 0xFFFFFFFF
    if flags & ENDSESSION_CLOSEAPP:
        return "an installer that needs our files"
    return "the log-off" if flags & ENDSESSION_LOGOFF else "the shutdown of Windows"
