"""Windows, ntdll.dll: when the machine started, kept apart from every later change of the clock.

``BootTime`` alone moves when the clock is set, and ``BootTimeBias`` by as much (SYSTEM_TIMEOFDAY_INFORMATION,
https://www.geoffchappell.com/studies/windows/km/ntoskrnl/api/ex/sysinfo/timeofday.htm), so the difference stays.
"""

from __future__ import annotations

import ctypes
import sys

SYSTEM_TIME_OF_DAY_INFORMATION = 3


class TimeOfDay(ctypes.Structure):
    """SYSTEM_TIMEOFDAY_INFORMATION; times are 100 ns since 1601, biases 100 ns."""

    _fields_ = (
        ("boot_time", ctypes.c_longlong),
        ("current_time", ctypes.c_longlong),
        ("time_zone_bias", ctypes.c_longlong),
        ("time_zone_id", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("boot_time_bias", ctypes.c_ulonglong),
        ("sleep_time_bias", ctypes.c_ulonglong),
    )


if sys.platform == "win32":

    def boot_id() -> str:
        """The moment of the machine's start as 16 hexadecimal digits; raises OSError where it is refused."""
        query = ctypes.WinDLL("ntdll").NtQuerySystemInformation
        query.argtypes = [ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p]
        query.restype = ctypes.c_long
        found = TimeOfDay()
        status = query(SYSTEM_TIME_OF_DAY_INFORMATION, ctypes.byref(found), ctypes.sizeof(found), None)
        if status != 0:
            raise OSError(f"NtQuerySystemInformation answered {status & 0xFFFFFFFF:#010x}")
        return f"{(found.boot_time - found.boot_time_bias) & 0xFFFFFFFFFFFFFFFF:016x}"
