"""Reading of one process under /proc, with a check that it is still the same one."""

from __future__ import annotations

import os

from gamedetectd.domain import ProcessKey

PROC = "/proc"

CHUNK = 1 << 16


def start_ticks(root: str, pid: int) -> int | None:
    """The raw start time of a process in clock ticks (field 22 of ``stat``), or None if it is gone."""
    try:
        stat = read_up_to(f"{root}/{pid}/stat", 4096)
    except OSError:
        return None
    # The command name may contain blanks and parentheses: fields are counted from its last closing one.
    fields = stat[stat.rfind(b")") + 1 :].split()
    return int(fields[19]) if len(fields) > 19 and fields[19].isdigit() else None


def still_runs(root: str, key: ProcessKey) -> bool:
    """True while the pid belongs to exactly this process."""
    return start_ticks(root, key.pid) == key.start_ticks


def read_up_to(path: str, limit: int) -> bytes:
    """At most ``limit`` bytes of a /proc file, which has no size of its own. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        chunks = []
        while limit > 0 and (chunk := os.read(descriptor, min(limit, CHUNK))):
            chunks.append(chunk)
            limit -= len(chunk)
        return b"".join(chunks)
    finally:
        os.close(descriptor)
