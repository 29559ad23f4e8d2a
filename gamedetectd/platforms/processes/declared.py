"""How far each way of knowing programs was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

EVENTS = "events of the kernel"
LOOKING = "the process table, again and again"

DECLARED = (
    Capability(Purpose.BEGIN, LINUX, "the kernel's process connector (cn_proc)", Verified.REAL, EVENTS),
    Capability(
        Purpose.BEGIN,
        LINUX,
        "`/proc` every second, new process ids read",
        Verified.REAL,
        LOOKING,
        "where the kernel announces nothing to this account",
    ),
    Capability(Purpose.BEGIN, WINDOWS, "Toolhelp32 snapshots every second, compared", Verified.WINE, LOOKING),
    Capability(Purpose.BEGIN, MACOS, "psutil every second, compared", Verified.UNVERIFIED, LOOKING),
    Capability(Purpose.END, LINUX, "the process connector, pidfd", Verified.REAL),
    Capability(Purpose.END, WINDOWS, "RegisterWaitForSingleObject, else the snapshot", Verified.WINE),
    Capability(Purpose.END, MACOS, "kqueue (EVFILT_PROC, NOTE_EXIT), else the comparison", Verified.TABLES),
    Capability(Purpose.READ, LINUX, "`/proc`", Verified.REAL),
    Capability(
        Purpose.READ,
        WINDOWS,
        "QueryFullProcessImageNameW and times with PROCESS_QUERY_LIMITED_INFORMATION",
        Verified.WINE,
    ),
    Capability(Purpose.READ, MACOS, "psutil; the start by sysctl (kern.proc.pid)", Verified.TABLES),
    Capability(Purpose.CLOSED, WINDOWS, "NtQuerySystemInformation (SystemProcessIdInformation)", Verified.TABLES),
    Capability(Purpose.COMMAND_LINE, LINUX, "`/proc`", Verified.REAL),
    Capability(Purpose.COMMAND_LINE, WINDOWS, "ProcessCommandLineInformation (Windows 8.1)", Verified.UNVERIFIED),
    Capability(Purpose.COMMAND_LINE, WINDOWS, "psutil reads the process's memory", Verified.WINE),
    Capability(
        Purpose.COMMAND_LINE,
        MACOS,
        "psutil (KERN_PROCARGS2)",
        Verified.UNVERIFIED,
        remark="of one's own processes alone",
    ),
    Capability(Purpose.VARIABLES, LINUX, "`/proc`", Verified.REAL),
    Capability(Purpose.VARIABLES, WINDOWS, "psutil reads the process's memory", Verified.WINE),
    Capability(Purpose.VARIABLES, MACOS, "psutil", Verified.UNVERIFIED, remark="of hardened programs next to nothing"),
)
