"""macOS: CLOCK_UPTIME_RAW is mach_absolute_time (stops in sleep), CLOCK_MONOTONIC_RAW mach_continuous_time."""

from __future__ import annotations

import ctypes
import os
import sys
import time

UUID_BYTES = 37
"""A UUID as text with its closing NUL."""

if sys.platform == "darwin":

    def awake() -> float:
        """Seconds since the start of the machine, without sleep."""
        return time.clock_gettime(time.CLOCK_UPTIME_RAW)

    def elapsed() -> float:
        """Seconds since the start of the machine, with sleep."""
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)

    def boot_id() -> str:
        """``kern.bootsessionuuid``; raises OSError where the kernel does not have it."""
        libc = ctypes.CDLL(None, use_errno=True)
        sysctlbyname = libc.sysctlbyname
        sysctlbyname.argtypes = [
            ctypes.c_char_p,
            ctypes.c_void_p,
            ctypes.POINTER(ctypes.c_size_t),
            ctypes.c_void_p,
            ctypes.c_size_t,
        ]
        sysctlbyname.restype = ctypes.c_int
        text = ctypes.create_string_buffer(UUID_BYTES)
        size = ctypes.c_size_t(UUID_BYTES)
        if sysctlbyname(b"kern.bootsessionuuid", text, ctypes.byref(size), None, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), "kern.bootsessionuuid")
        return text.value.decode("ascii")
