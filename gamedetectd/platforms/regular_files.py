"""Opens files that other programs own: never a pipe, which would make us wait, and never a device, which may act."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_NEVER_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_OWN = 0o600
"""The mode of a file that ``flags`` make: for the person alone."""


def open_regular(path: Path | str, flags: int = os.O_RDONLY) -> int:
    """A descriptor of a file with an end. ``flags`` as for ``os.open``.

    Raises OSError, also for anything but a regular file, with ``EISDIR`` or ``ENXIO``; ValueError for a zero in
    the path.
    """
    descriptor = os.open(path, flags | _NEVER_WAITING, _OWN)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.ENXIO, "Something that is not a file is in its place", str(path))


def read_regular(path: Path | str, limit: int) -> bytes:
    """At most ``limit`` bytes from the beginning of a regular file. Raises as ``open_regular`` does."""
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(limit)
