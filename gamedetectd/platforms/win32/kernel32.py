"""Windows, kernel32.dll: clocks and their zone, processes as far as every account may know of them, and our own."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import NamedTuple

QUERY_LIMITED = 0x1000
SYNCHRONIZE = 0x100000
STILL_ACTIVE = 259
SNAPSHOT_PROCESSES = 0x2
INFINITE = 0xFFFFFFFF
ONLY_ONCE_IN_WAIT_THREAD = 0x8 | 0x4
"""WT_EXECUTEONLYONCE and WT_EXECUTEINWAITTHREAD."""
LONGEST_PATH = 32768
"""Characters, the last a NUL."""
ERROR_ACCESS_DENIED, ERROR_ALREADY_EXISTS = 5, 183
SEM_NOGPFAULTERRORBOX = 0x0002


class ProcessEntry(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("usage", ctypes.c_uint32),
        ("pid", ctypes.c_uint32),
        ("heap", ctypes.c_size_t),
        ("module", ctypes.c_uint32),
        ("threads", ctypes.c_uint32),
        ("parent", ctypes.c_uint32),
        ("priority", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
        ("name", ctypes.c_wchar * 260),
    )


class DynamicTimeZone(ctypes.Structure):
    """DYNAMIC_TIME_ZONE_INFORMATION."""

    _fields_ = (
        ("bias", ctypes.c_int32),
        ("standard_name", ctypes.c_wchar * 32),
        ("standard_date", ctypes.c_uint16 * 8),
        ("standard_bias", ctypes.c_int32),
        ("daylight_name", ctypes.c_wchar * 32),
        ("daylight_date", ctypes.c_uint16 * 8),
        ("daylight_bias", ctypes.c_int32),
        ("key_name", ctypes.c_wchar * 128),
        ("no_daylight_saving", ctypes.c_ubyte),
    )


class Listed(NamedTuple):
    """A process as a snapshot knows it: ``name`` is its file's."""

    pid: int
    parent: int
    name: str


if sys.platform == "win32":
    from ctypes import wintypes

    from gamedetectd.platforms.win32.binding import failed, function

    _DLL = "kernel32"
    Ended = ctypes.WINFUNCTYPE(None, ctypes.c_void_p, ctypes.c_ubyte)
    """WAITORTIMERCALLBACK: is given what was registered with the wait."""

    # --- clocks ---

    def awake() -> float:
        """Seconds since the start of the machine, without sleep and hibernation (100 ns units of the system)."""
        ticks = ctypes.c_ulonglong()
        query = function(_DLL, "QueryUnbiasedInterruptTime", wintypes.BOOL, ctypes.POINTER(ctypes.c_ulonglong))
        if not query(ctypes.byref(ticks)):
            raise failed()
        return ticks.value / 1e7

    def elapsed() -> float:
        """Seconds since the start of the machine, with sleep and hibernation (milliseconds of the system)."""
        return float(function(_DLL, "GetTickCount64", ctypes.c_ulonglong)()) / 1e3

    def ticks() -> int:
        """Milliseconds since the start of the machine, which begin again at 0 after 2**32 of them."""
        return int(function(_DLL, "GetTickCount", wintypes.DWORD)())

    def zone() -> str:
        """The name of the time zone; summer and winter time are the same one."""
        found = DynamicTimeZone()
        ask = function(_DLL, "GetDynamicTimeZoneInformation", wintypes.DWORD, ctypes.POINTER(DynamicTimeZone))
        ask(ctypes.byref(found))
        return str(found.key_name or found.standard_name or found.bias)

    # --- processes ---

    def processes() -> list[Listed]:
        """Every process there is; raises OSError."""
        take = function(_DLL, "CreateToolhelp32Snapshot", wintypes.HANDLE, wintypes.DWORD, wintypes.DWORD)
        step = (wintypes.BOOL, wintypes.HANDLE, ctypes.POINTER(ProcessEntry))
        first, following = function(_DLL, "Process32FirstW", *step), function(_DLL, "Process32NextW", *step)
        snapshot = take(SNAPSHOT_PROCESSES, 0)
        if snapshot == wintypes.HANDLE(-1).value:
            raise failed()
        entry, found = ProcessEntry(), []
        entry.size = ctypes.sizeof(entry)
        try:
            more = first(snapshot, ctypes.byref(entry))
            while more:
                found.append(Listed(entry.pid, entry.parent, entry.name))
                more = following(snapshot, ctypes.byref(entry))
        finally:
            close(snapshot)
        return found

    def open_process(pid: int, access: int = QUERY_LIMITED) -> int:
        """A handle, to be closed. Raises OSError: PermissionError where Windows refuses."""
        opened = function(_DLL, "OpenProcess", wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)(
            access, False, pid
        )
        if not opened:
            raise failed()
        return int(opened)

    def close(handle: int) -> None:
        """Give a handle back."""
        function(_DLL, "CloseHandle", wintypes.BOOL, wintypes.HANDLE)(handle)

    def image_path(process: int) -> str:
        """The program of a process, by its handle; raises OSError."""
        buffer, size = ctypes.create_unicode_buffer(LONGEST_PATH), wintypes.DWORD(LONGEST_PATH)
        query = function(
            _DLL,
            "QueryFullProcessImageNameW",
            wintypes.BOOL,
            wintypes.HANDLE,
            wintypes.DWORD,
            wintypes.LPWSTR,
            ctypes.POINTER(wintypes.DWORD),
        )
        if not query(process, 0, buffer, ctypes.byref(size)):
            raise failed()
        return buffer.value

    def started(process: int) -> int:
        """When a process began: 100 ns units since 1601; raises OSError."""
        pointer = ctypes.POINTER(ctypes.c_ulonglong)
        query = function(_DLL, "GetProcessTimes", wintypes.BOOL, wintypes.HANDLE, pointer, pointer, pointer, pointer)
        times = [ctypes.c_ulonglong() for _ in range(4)]
        if not query(process, *map(ctypes.byref, times)):
            raise failed()
        return times[0].value

    def running(process: int) -> bool:
        """False once a process has ended, of which a handle may be open somewhere; raises OSError.

        One that ended with the code 259 counts as running until the last handle is closed.
        """
        code = wintypes.DWORD()
        query = function(_DLL, "GetExitCodeProcess", wintypes.BOOL, wintypes.HANDLE, ctypes.POINTER(wintypes.DWORD))
        if not query(process, ctypes.byref(code)):
            raise failed()
        return code.value == STILL_ACTIVE

    def tell_of_end(process: int, told: Callable[..., None], about: int) -> int:
        """Have ``told`` (an ``Ended``) called with ``about`` in a thread of Windows' once the process has ended.

        Any number of processes may be waited for so. Returns what ``tell_no_more`` takes; raises OSError.
        """
        wait = wintypes.HANDLE()
        register = function(
            _DLL,
            "RegisterWaitForSingleObject",
            wintypes.BOOL,
            ctypes.POINTER(wintypes.HANDLE),
            wintypes.HANDLE,
            Ended,
            ctypes.c_void_p,
            wintypes.ULONG,
            wintypes.ULONG,
        )
        if not register(ctypes.byref(wait), process, told, about, INFINITE, ONLY_ONCE_IN_WAIT_THREAD):
            raise failed()
        return int(wait.value or 0)

    def tell_no_more(wait: int) -> None:
        """End such a wait; returns once no call of it runs any more. Not to be called from such a call."""
        unregister = function(_DLL, "UnregisterWaitEx", wintypes.BOOL, wintypes.HANDLE, wintypes.HANDLE)
        unregister(wait, wintypes.HANDLE(-1))

    def device_of(drive: str) -> str | None:
        r"""What the system calls a drive such as ``C:``: ``\Device\HarddiskVolume3``; None where there is none."""
        buffer = ctypes.create_unicode_buffer(1024)
        query = function(_DLL, "QueryDosDeviceW", wintypes.DWORD, wintypes.LPCWSTR, wintypes.LPWSTR, wintypes.DWORD)
        return buffer.value if query(drive, buffer, len(buffer)) else None

    # --- our own process ---

    def hold_name(name: str) -> int | None:
        """A handle, to be closed, on a mutex of this log-on; None where another process has it. Raises OSError."""
        arguments = (ctypes.c_void_p, wintypes.BOOL, wintypes.LPCWSTR)
        held = function(_DLL, "CreateMutexW", wintypes.HANDLE, *arguments)(None, False, f"Local\\{name}")
        there = ctypes.get_last_error() == ERROR_ALREADY_EXISTS
        if not held:
            raise failed()
        if there:
            close(held)
            return None
        return int(held)

    def make_no_crash_report() -> None:
        """Have Windows write down nothing of this process where it crashes."""
        mode = function(_DLL, "GetErrorMode", wintypes.UINT)()
        function(_DLL, "SetErrorMode", wintypes.UINT, wintypes.UINT)(mode | SEM_NOGPFAULTERRORBOX)

    def this_thread() -> int:
        """The number of the calling thread."""
        return int(function(_DLL, "GetCurrentThreadId", wintypes.DWORD)())

    def this_module() -> int:
        """The handle of the program, which owns window classes."""
        return int(function(_DLL, "GetModuleHandleW", wintypes.HMODULE, wintypes.LPCWSTR)(None) or 0)
