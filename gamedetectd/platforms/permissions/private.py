"""Makes directories and files that only this account can read."""

from __future__ import annotations

import errno
import os
import secrets
import shlex
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

from gamedetectd.errors import PermissionsError
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions.ownership import (
    belongs_to_us_or_root,
    not_ours,
    open_to_others,
    refuse_if_writable_by_others,
    writable_by_others,
)

_NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0)
_PLAIN = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Not inherited by children; a named pipe in our place does not make us wait; no line ends translated on Windows."""
_HELD_ATTEMPTS, _HELD_PAUSE = 10, 0.05
"""How often, with how many seconds between, a file is replaced that another program has open on Windows."""


def create(paths: Paths) -> None:
    """Make every directory of ours, private (0700). Raises PermissionsError or OSError; see ``ensure_private_dir``."""
    for directory in paths.directories:
        ensure_private_dir(directory)


def ensure_private_dir(path: Path) -> None:
    """Make ``path`` and what is missing above it with mode 0700, or check that it is safe and tighten it to 0700.

    Raises PermissionsError where another account could change it, FileExistsError where it is no directory, OSError
    where it cannot be made. Nothing but the making happens on Windows.
    """
    missing = [above for above in (path, *path.parents) if not above.is_dir()]
    if missing and missing[-1].parent.is_dir():
        refuse_if_writable_by_others(missing[-1].parent)  # before anything of ours is put there
    for above in reversed(missing):
        with suppress(FileExistsError):  # somebody else made it meanwhile, or it is no directory: judged below
            above.mkdir(0o700)
    if not path.is_dir():
        raise FileExistsError(errno.EEXIST, "Something that is not a directory is in the way", str(path))
    if sys.platform == "win32":
        return
    status = path.stat()
    refuse_if_writable_by_others(path, status)
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) & 0o077:
        path.chmod(0o700)


def open_private(path: Path, flags: int) -> int:
    """Open ``path`` with the given ``os.O_*`` flags, never through a symbolic link, and return the descriptor.

    A file that ``os.O_CREAT`` makes gets mode 0600; one of ours that others may read is tightened to that. Raises
    PermissionsError where it is a link, no regular file, not ours, writable by others or, where it is to be written,
    has a second name; OSError where it cannot be opened.
    """
    try:
        descriptor = os.open(path, (flags & ~os.O_TRUNC) | _NOT_THROUGH_LINKS | _PLAIN, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _not_plain(path, "a symbolic link") from error
        raise
    try:
        _insist_on_private(path, descriptor)
        if flags & (os.O_WRONLY | os.O_RDWR):
            refuse_second_name(path, os.fstat(descriptor))
        if flags & os.O_TRUNC:
            os.ftruncate(descriptor, 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def refuse_second_name(path: Path, status: os.stat_result) -> None:
    """Raise PermissionsError where a file has another name too (a hard link): what is written would be there as well.

    Nothing is refused on Windows, where only who may change a file can give it a second name.
    """
    if sys.platform == "win32" or status.st_nlink < 2 or not stat.S_ISREG(status.st_mode):
        return
    quoted, copy = shlex.quote(str(path)), shlex.quote(f"{path}.copy")
    raise PermissionsError(
        f"{path} has a second name (a hard link), and what gamedetectd writes would end up there too.",
        f"Make it a file of its own: cp -p {quoted} {copy} && mv {copy} {quoted}",
    )


def write_private_atomic(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``, readable for this account alone: after a power cut it is the old or the new.

    Raises OSError (disk full, read-only) and then leaves the old file as it was and nothing beside it.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOT_THROUGH_LINKS | _PLAIN, 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if sys.platform != "win32":  # Windows cannot open directories; NTFS journals the rename itself
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _put_in_place(temporary: Path, path: Path) -> None:
    """Rename. Windows refuses while anybody, such as a virus scanner, has the old file open: that is waited for."""
    if sys.platform == "win32":
        for _attempt in range(_HELD_ATTEMPTS):
            try:
                temporary.replace(path)
                return
            except PermissionError:
                time.sleep(_HELD_PAUSE)
    temporary.replace(path)


def _insist_on_private(path: Path, descriptor: int) -> None:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise _not_plain(path, "not a regular file")
    if sys.platform == "win32":
        return
    if not belongs_to_us_or_root(status):
        raise not_ours(path, status)
    if writable_by_others(status):
        raise open_to_others(path)
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) & 0o077:
        os.fchmod(descriptor, 0o600)


def _not_plain(path: Path, what: str) -> PermissionsError:
    return PermissionsError(
        f"{path} is {what}, and what gamedetectd writes there could end up elsewhere.",
        "Move it away; gamedetectd makes a new file.",
    )
