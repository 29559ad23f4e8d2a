"""Careful reading of files that other people own: never a pipe or device, never more than a limit, never a wait."""

from __future__ import annotations

import os
import stat

from gamedetectd.domain import Facts, ProcessInfo

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: str) -> int:
    """A descriptor for reading a regular file.

    Raises OSError, also for anything but a regular file: a pipe would wait, a device may act.
    """
    descriptor = os.open(path, _OPEN_FLAGS)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(f"{path!r} is not a regular file")


def read_regular(path: str, limit: int) -> bytes:
    """At most ``limit`` bytes from the beginning of a regular file. Raises OSError."""
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(limit)


def printable(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters: control characters and runs of blanks become one blank."""
    cleaned = "".join(c if c.isprintable() else " " for c in text[: 4 * limit])
    return " ".join(cleaned.split())[:limit]


def subject(facts: Facts) -> ProcessInfo | None:
    """The process the facts are about: the one that owns the window, else the last."""
    if facts.window is not None and facts.window.pid:
        for process in facts.processes:
            if process.pid == facts.window.pid:
                return process
    return facts.processes[-1] if facts.processes else None
