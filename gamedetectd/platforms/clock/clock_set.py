"""Says at once when somebody sets the clock or the machine wakes up, without looking at it again and again.

A Linux timer on the calendar can be cancelled by every jump of it (TFD_TIMER_CANCEL_ON_SET, timerfd_create(2)).
Python has ``os.timerfd_create`` from 3.13 only, hence ctypes.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import time
from collections.abc import Callable, Sequence

from gamedetectd.domain import PowerState

TFD_TIMER_ABSTIME = 1
TFD_TIMER_CANCEL_ON_SET = 2
FAR_AWAY = 2**33
"""Seconds since the epoch at which the timer would go off by itself: the year 2242."""


class _TimeSpec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _TimerSpec(ctypes.Structure):
    _fields_ = (("interval", _TimeSpec), ("value", _TimeSpec))


class ClockSetWatch:
    """Readable (``fileno``) once the wall clock jumped; call ``rearm`` then. Raises OSError where there is no timer."""

    _fd: int
    _settime: Callable[..., int]

    def __init__(self) -> None:
        if sys.platform != "linux":
            raise OSError(errno.ENOSYS, "Only Linux tells when its clock is set.")
        libc = ctypes.CDLL(None, use_errno=True)
        create = libc.timerfd_create
        create.argtypes = [ctypes.c_int, ctypes.c_int]
        create.restype = ctypes.c_int
        settime = libc.timerfd_settime
        settime.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.POINTER(_TimerSpec), ctypes.c_void_p]
        settime.restype = ctypes.c_int
        self._settime = settime
        self._fd = create(time.CLOCK_REALTIME, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise _last_error()
        try:
            self._arm()
        except OSError:
            self.close()
            raise

    def fileno(self) -> int:
        """The descriptor for ``select``."""
        return self._fd

    def rearm(self) -> None:
        """Take note of the jump and wait for the next one."""
        try:
            os.read(self._fd, 8)
        except OSError as error:
            if error.errno not in {errno.ECANCELED, errno.EAGAIN}:
                raise
        self._arm()

    def heard(self) -> Sequence[PowerState]:
        """Take note of a jump; a timer tells of nothing else."""
        self.rearm()
        return ()

    def trouble(self) -> str | None:
        """A timer always works."""
        return None

    def close(self) -> None:
        """Give the descriptor back; a second time changes nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _arm(self) -> None:
        spec = _TimerSpec(value=_TimeSpec(seconds=min(FAR_AWAY, sys.maxsize)))
        if self._settime(self._fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, ctypes.byref(spec), None) != 0:
            raise _last_error()


def _last_error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))


def watch_clock_set() -> ClockSetWatch | None:
    """A watch over the wall clock, or None where the system offers none."""
    try:
        return ClockSetWatch()
    except OSError:
        return None
