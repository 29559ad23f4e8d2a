"""Windows, ntdll.dll: when the machine started, and of processes what kernel32 does not tell.

``BootTime`` alone moves when the clock is set, and ``BootTimeBias`` by as much (SYSTEM_TIMEOFDAY_INFORMATION,
https://www.geoffchappell.com/studies/windows/km/ntoskrnl/api/ex/sysinfo/timeofday.htm), so the difference stays.
The information classes of processes: https://ntdoc.m417z.com/processinfoclass and /system_information_class.
"""

from __future__ import annotations

import ctypes
import sys

SYSTEM_TIME_OF_DAY_INFORMATION = 3
SYSTEM_PROCESS_ID_INFORMATION = 88
PROCESS_BASIC_INFORMATION = 0
PROCESS_COMMAND_LINE_INFORMATION = 60
INFO_LENGTH_MISMATCH = 0xC0000004
LONGEST_COMMAND = 1 << 17
"""Bytes: a command line has up to 32,767 characters."""


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


class BasicInformation(ctypes.Structure):
    """PROCESS_BASIC_INFORMATION."""

    _fields_ = (
        ("exit_status", ctypes.c_void_p),
        ("peb", ctypes.c_void_p),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_void_p),
        ("pid", ctypes.c_size_t),
        ("parent", ctypes.c_size_t),
    )


class UnicodeString(ctypes.Structure):
    """UNICODE_STRING; lengths in bytes."""

    _fields_ = (("length", ctypes.c_uint16), ("room", ctypes.c_uint16), ("text", ctypes.c_void_p))


class ProcessIdInformation(ctypes.Structure):
    """SYSTEM_PROCESS_ID_INFORMATION: asks for the image of a pid."""

    _fields_ = (("pid", ctypes.c_size_t), ("image", UnicodeString))


if sys.platform == "win32":
    from gamedetectd.platforms.win32.binding import function

    _DLL = "ntdll"

    def boot_id() -> str:
        """The moment of the machine's start as 16 hexadecimal digits; raises OSError where it is refused."""
        found = TimeOfDay()
        _ask_system(SYSTEM_TIME_OF_DAY_INFORMATION, found)
        return f"{(found.boot_time - found.boot_time_bias) & 0xFFFFFFFFFFFFFFFF:016x}"

    def parent(process: int) -> int:
        """The pid of the process that started this one, which may be gone and its number another's; raises OSError."""
        found = BasicInformation()
        _ask_process(process, PROCESS_BASIC_INFORMATION, found)
        return int(found.parent)

    def command_line(process: int) -> str:
        """How a process was started, by a handle with limited rights; Windows 8.1 and later. Raises OSError."""
        buffer = ctypes.create_string_buffer(LONGEST_COMMAND)
        _ask_process(process, PROCESS_COMMAND_LINE_INFORMATION, buffer)
        return _text(UnicodeString.from_buffer(buffer))

    def image_device_path(pid: int) -> str:
        r"""The program of a process that may not be opened, from ``\Device`` on; raises OSError."""
        room = ctypes.create_string_buffer(0x4000)
        asked = ProcessIdInformation(pid, UnicodeString(0, len(room), ctypes.addressof(room)))
        _ask_system(SYSTEM_PROCESS_ID_INFORMATION, asked)
        return _text(asked.image)

    def _text(string: UnicodeString) -> str:
        return ctypes.wstring_at(string.text, string.length // 2) if string.text else ""

    def _ask_system(what: int, answer: ctypes.Structure) -> None:
        query = function(
            _DLL,
            "NtQuerySystemInformation",
            ctypes.c_long,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_ulong,
            ctypes.c_void_p,
        )
        _check(query(what, ctypes.byref(answer), ctypes.sizeof(answer), None))

    def _ask_process(process: int, what: int, answer: ctypes.Structure | ctypes.Array[ctypes.c_char]) -> None:
        query = function(
            _DLL,
            "NtQueryInformationProcess",
            ctypes.c_long,
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_ulong,
            ctypes.c_void_p,
        )
        _check(query(process, what, ctypes.byref(answer), ctypes.sizeof(answer), None))

    def _check(status: int) -> None:
        if status < 0:
            raise OSError(f"Windows refused with NTSTATUS {status & 0xFFFFFFFF:#010x}")
