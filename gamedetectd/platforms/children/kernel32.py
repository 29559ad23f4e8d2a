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

    def make_job(memory: int | None = None, cpu: int | None = None) -> int:
        """The handle of a new job with these limits, see ``limits``; raises OSError."""
        create = _dll().CreateJobObjectW
        create.argtypes = [ctypes.c_void_p, wintypes.LPCWSTR]
        create.restype = wintypes.HANDLE
        job = create(None, None)
        if not job:
            raise ctypes.WinError(ctypes.get_last_error())
        set_information = _dll().SetInformationJobObject
        set_information.argtypes = [wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD]
        set_information.restype = wintypes.BOOL
        wanted = limits(memory, cpu)
        size = ctypes.sizeof(wanted)
        if not set_information(job, JOB_OBJECT_EXTENDED_LIMIT_INFORMATION, ctypes.byref(wanted), size):
            error = ctypes.WinError(ctypes.get_last_error())
            close(job)
            raise error
        return int(job)

    def put_into_job(job: int, process: int) -> None:
        """Have a process live in the job; both are handles. Raises OSError."""
        assign = _dll().AssignProcessToJobObject
        assign.argtypes = [wintypes.HANDLE, wintypes.HANDLE]
        assign.restype = wintypes.BOOL
        if not assign(job, process):
            raise ctypes.WinError(ctypes.get_last_error())

    def end_job(job: int) -> None:
        """End every process in the job; raises OSError."""
        terminate = _dll().TerminateJobObject
        terminate.argtypes = [wintypes.HANDLE, wintypes.UINT]
        terminate.restype = wintypes.BOOL
        if not terminate(job, ENDED):
            raise ctypes.WinError(ctypes.get_last_error())

    def close(handle: int) -> None:
        """Give a handle back; raises OSError."""
        close_handle = _dll().CloseHandle
        close_handle.argtypes = [wintypes.HANDLE]
        close_handle.restype = wintypes.BOOL
        if not close_handle(handle):
            raise ctypes.WinError(ctypes.get_last_error())

    def _dll() -> ctypes.WinDLL:
        return ctypes.WinDLL("kernel32", use_last_error=True)
