"""What it takes for a file to survive a power cut, and to be nobody else's."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from gamedetectd.errors import PermissionsError
from gamedetectd.platforms.permissions import refuse_second_name
from gamedetectd.platforms.regular_files import open_regular

PRIVATE = 0o600
"""Files: only the person reads and writes them."""
PRIVATE_DIRECTORY = 0o700
NOT_THROUGH_LINKS: int = getattr(os, "O_NOFOLLOW", 0)
"""For what is never a symbolic link; a history may be one, for people who keep it on another disk."""
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
    errno.EMLINK: "Put a copy of it in its place: a file of its own.",
    errno.ELOOP: "Move the symbolic link away; a new file is made.",
    errno.ENOTDIR: "Move the file that has the directory's name out of the way.",
}


def remedy(error: OSError) -> str:
    """What a person can do about it, as a sentence."""
    return _REMEDIES.get(error.errno or 0, "Check the disk it is on; it is tried again.")


def open_private(path: Path, flags: int) -> int:
    """A descriptor of a file that only the person may read; made, with its directories, where missing.

    ``flags`` as for ``os.open``. Raises OSError, also (EMLINK) for a file that has a second name.
    """
    path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
    new = not path.exists()
    descriptor = open_regular(path, (flags & ~os.O_TRUNC) | os.O_CREAT)
    try:
        _refuse_second_name(path, os.fstat(descriptor))
        if flags & os.O_TRUNC:
            os.ftruncate(descriptor, 0)
        if sys.platform != "win32" and os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, PRIVATE)
        if new:
            sync_directory(path.parent)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def refuse_second_names(path: Path) -> None:
    """Refuse the files that SQLite keeps beside a database where they are somebody else's too. Raises OSError."""
    for suffix in ("-wal", "-shm", "-journal"):
        beside = path.with_name(path.name + suffix)
        with suppress(FileNotFoundError):
            _refuse_second_name(beside, beside.lstat())


def _refuse_second_name(path: Path, status: os.stat_result) -> None:
    try:
        refuse_second_name(path, status)
    except PermissionsError as error:
        raise OSError(errno.EMLINK, "It has a second name, a hard link, and would be changed there too") from error


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
