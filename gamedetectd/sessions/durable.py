"""What it takes for a file to survive a power cut, and to be nobody else's."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from gamedetectd.platforms.regular_files import open_regular

PRIVATE = 0o600
"""Files: only the person reads and writes them."""
PRIVATE_DIRECTORY = 0o700
_BINARY: int = getattr(os, "O_BINARY", 0)
_CLOEXEC: int = getattr(os, "O_CLOEXEC", 0)

_REMEDIES = {
    errno.ENOSPC: "Free some space on the disk; it is tried again.",
    errno.EDQUOT: "Free some space in your quota; it is tried again.",
    errno.EFBIG: "Raise the limit on file sizes; it is tried again.",
    errno.EROFS: "Make the disk writable again, or set another directory.",
    errno.EACCES: "Make the directory and the file yours and writable again, or set another directory.",
    errno.EPERM: "Make the directory and the file yours and writable again, or set another directory.",
    errno.ENXIO: "Move what has the file's name out of the way.",
    errno.EISDIR: "Move the directory that has the file's name out of the way.",
    errno.ENOTDIR: "Move the file that has the directory's name out of the way.",
}


def remedy(error: OSError) -> str:
    """What a person can do about it, as a sentence."""
    return _REMEDIES.get(error.errno or 0, "Check the disk it is on; it is tried again.")


def open_private(path: Path, flags: int) -> int:
    """A descriptor of a file that only the person may read; made, with its directories, where missing.

    ``flags`` as for ``os.open``. Raises OSError.
    """
    path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    new = not path.exists()
    descriptor = open_regular(path, flags | os.O_CREAT)
    try:
        if sys.platform != "win32" and os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, PRIVATE)
        if new:
            sync_directory(path.parent)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def write_all(descriptor: int, data: bytes) -> None:
    """Write everything, however often the system takes only a part. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_directory(directory: Path) -> None:
    """Make what was created, renamed or deleted in a directory durable. Windows does so by itself. Raises OSError."""
    if sys.platform != "win32":
        descriptor = os.open(directory, os.O_RDONLY | _CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_durably(new: Path, old: Path) -> None:
    """Put the finished file ``new`` in the place of ``old``: after a power cut there is one or the other, whole.

    Raises OSError.
    """
    descriptor = os.open(new, os.O_RDWR | _BINARY | _CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(old)
    sync_directory(old.parent)
