"""Windows, kernel32.dll: job objects.

https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_extended_limit_information
"""

from __future__ import annotations

import ctypes
import sys

JOB_OBJECT_EXTENDED_LIMIT_INFORMATION = 9
LIMIT_PROCESS_TIME = 0x2
LIMIT_PROCESS_MEMORY = 0x100
LIMIT_KILL_ON_JOB_CLOSE = 0x2000
ENDED = 1
"""The exit code of what is ended with its job."""


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION; times in 100 ns."""

    _fields_ = (
        ("per_process_user_time_limit", ctypes.c_longlong),
        ("per_job_user_time_limit", ctypes.c_longlong),
        ("limit_flags", ctypes.c_uint32),
        ("minimum_working_set_size", ctypes.c_size_t),
        ("maximum_working_set_size", ctypes.c_size_t),
        ("active_process_limit", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; memory in bytes."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_ulonglong * 6),
        ("process_memory_limit", ctypes.c_size_t),
        ("job_memory_limit", ctypes.c_size_t),
        ("peak_process_memory_used", ctypes.c_size_t),
        ("peak_job_memory_used", ctypes.c_size_t),
    )


def limits(memory: int | None, cpu: int | None) -> ExtendedLimits:
    """``memory`` in bytes and ``cpu`` in seconds of each process; all in the job end with the last handle to it."""
    found = ExtendedLimits()
    found.basic.limit_flags = LIMIT_KILL_ON_JOB_CLOSE
    if memory is not None:
        found.basic.limit_flags |= LIMIT_PROCESS_MEMORY
        found.process_memory_limit = memory
    if cpu is not None:
        found.basic.limit_flags |= LIMIT_PROCESS_TIME
        found.basic.per_process_user_time_limit = cpu * 10_000_000
    return found


if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import failed, function
    from gamedetectd.platforms.win32.kernel32 import close

    _DLL = "kernel32"

    def make_job(memory: int | None = None, cpu: int | None = None) -> int:
        """The handle of a new job with these limits, see ``limits``; raises OSError."""
        create = function(_DLL, "CreateJobObjectW", wintypes.HANDLE, ctypes.c_void_p, wintypes.LPCWSTR)
        job = create(None, None)
        if not job:
            raise failed()
        values = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        set_information = function(_DLL, "SetInformationJobObject", wintypes.BOOL, *values)
        wanted = limits(memory, cpu)
        size = ctypes.sizeof(wanted)
        if not set_information(job, JOB_OBJECT_EXTENDED_LIMIT_INFORMATION, ctypes.byref(wanted), size):
            error = failed()
            close(job)
            raise error
        return int(job)

    def put_into_job(job: int, process: int) -> None:
        """Have a process live in the job; both are handles. Raises OSError."""
        assign = function(_DLL, "AssignProcessToJobObject", wintypes.BOOL, wintypes.HANDLE, wintypes.HANDLE)
        if not assign(job, process):
            raise failed()

    def end_job(job: int) -> None:
        """End every process in the job; raises OSError."""
        terminate = function(_DLL, "TerminateJobObject", wintypes.BOOL, wintypes.HANDLE, wintypes.UINT)
        if not terminate(job, ENDED):
            raise failed()
