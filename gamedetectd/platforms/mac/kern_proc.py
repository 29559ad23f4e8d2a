"""When a process began as the kernel of macOS wrote it down, by ``sysctl`` (kern.proc.pid, sys/sysctl.h).

psutil reads the same place, and moves it by what the clock was set meanwhile: no number to tell processes apart by.
"""

from __future__ import annotations

import ctypes
import functools
import struct
from collections.abc import Callable

CTL_KERN, KERN_PROC, KERN_PROC_PID = 1, 14, 1
RECORD_BYTES = 648
"""struct kinfo_proc of a 64-bit process."""
_START = struct.Struct("<qi")
"""p_un.__p_starttime, the first thing in it: a timeval of seconds and microseconds, in wall time."""

Read = Callable[[int], bytes]


def began(record: bytes) -> int | None:
    """Microseconds since 1970 out of one ``kinfo_proc``; None where there is none, the process being gone."""
    if len(record) < _START.size:
        return None
    seconds, microseconds = _START.unpack_from(record)
    return None if seconds <= 0 else int(seconds) * 1_000_000 + int(microseconds)


def record(pid: int) -> bytes:
    """The kernel's record of a process; empty where there is none, or it is not told."""
    name = (ctypes.c_int * 4)(CTL_KERN, KERN_PROC, KERN_PROC_PID, pid)
    content = ctypes.create_string_buffer(RECORD_BYTES)
    size = ctypes.c_size_t(RECORD_BYTES)
    if _sysctl()(name, 4, content, ctypes.byref(size), None, 0) != 0:
        return b""
    return content.raw[: size.value]


@functools.cache
def _sysctl() -> Callable[..., int]:
    function = ctypes.CDLL(None, use_errno=True).sysctl
    function.argtypes = [
        ctypes.POINTER(ctypes.c_int),
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.POINTER(ctypes.c_size_t),
        ctypes.c_void_p,
        ctypes.c_size_t,
    ]
    function.restype = ctypes.c_int
    answer: Callable[..., int] = function
    return answer
