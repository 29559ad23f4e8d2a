r"""Understands what Linux writes into /proc/PID (proc_pid_stat(5), proc_pid_cmdline(5), proc_pid_environ(5)).

Pure functions over bytes: any byte string gives a value or None, never an error. Text is UTF-8; bytes that are not
become ``\xNN``, because file names, arguments and variables may be anything while JSON, logs and terminals take
only valid text. (A path with such bytes can be shown but not opened.)
"""

from __future__ import annotations

from dataclasses import dataclass

from gamedetectd.platforms.processes.environment import WANTED

LONGEST_ARGUMENTS = 65536
"""Bytes of a command line that are kept: a Java class path fits, a megabyte of arguments does not hurt."""
KERNEL_THREAD = 0x00200000
"""PF_KTHREAD of include/linux/sched.h in the flags of ``stat``."""
DELETED = " (deleted)"


@dataclass(frozen=True, slots=True)
class Stat:
    """The fields of ``stat`` that matter here. ``start_ticks`` counts from the machine's start, sleep included."""

    comm: str
    state: str
    parent_pid: int
    kernel_thread: bool
    threads: int
    start_ticks: int

    @property
    def dead(self) -> bool:
        """True for a process that only waits to be reaped; a dead first thread among living ones is not."""
        return self.state in "ZXx" and self.threads <= 1


def text(raw: bytes) -> str:
    r"""Bytes from the system as valid text; invalid ones show as ``\xNN``."""
    return raw.decode("utf-8", "backslashreplace")


def parse_stat(raw: bytes) -> Stat | None:
    """The content of ``stat``, or None where it is not one. A name may hold blanks, brackets and newlines."""
    head, bracket, tail = raw.rpartition(b")")
    _, opening, comm = head.partition(b"(")
    fields = tail.split()
    if not bracket or not opening or len(fields) < 20:
        return None
    try:
        return Stat(
            comm=text(comm),
            state=fields[0].decode("ascii"),
            parent_pid=int(fields[1]),
            kernel_thread=bool(int(fields[6]) & KERNEL_THREAD),
            threads=int(fields[17]),
            start_ticks=int(fields[19]),
        )
    except ValueError:
        return None


def parse_arguments(raw: bytes) -> tuple[str, ...]:
    """The content of ``cmdline`` as arguments, cut at 64 kB.

    Wine and programs that rename themselves overwrite their arguments and pad the rest with NULs or blanks: the padding
    goes, and with it empty arguments at the end.
    """
    kept = raw[:LONGEST_ARGUMENTS].rstrip(b"\0 ")
    return tuple(text(argument) for argument in kept.split(b"\0")) if kept else ()


def parse_environment(raw: bytes) -> dict[str, str]:
    """The wanted variables out of the content of ``environ``; the first of two counts, as for ``getenv``."""
    found: dict[str, str] = {}
    for match in WANTED.finditer(raw):
        found.setdefault(match[1].decode("ascii"), text(match[2]))
    return found


def parse_user_id(raw: bytes) -> int | None:
    """The effective user id out of the content of ``status``, or None."""
    for line in raw.split(b"\n"):
        if line.startswith(b"Uid:"):
            fields = line.split()
            return int(fields[2]) if len(fields) > 2 and fields[2].isdigit() else None
    return None
