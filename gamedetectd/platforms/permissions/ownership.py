"""Refuses files that another account could change, and says how to mend them.

A file can be changed by whoever may write it, and replaced by whoever may write a directory above it. So the file
and the directories above it, up to the home directory or the root, must belong to this account or to root and must not
be writable by anybody else. A sticky directory such as ``/tmp`` counts as safe: others can add to it, not replace.
A group that has the account's own name and no other member (the "user private group" of most Linux distributions,
which work with a umask of 002) is not somebody else.
"""

from __future__ import annotations

import os
import shlex
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from gamedetectd.errors import PermissionsError


def refuse_if_writable_by_others(path: Path, status: os.stat_result | None = None) -> None:
    """Raise PermissionsError, with the command that mends it, if another account could change what ``path`` says.

    ``status`` is what ``os.fstat`` said of the opened file, if it is open already. Raises OSError where ``path`` or a
    directory above it cannot be examined. Does nothing on Windows (see the package's docstring).
    """
    if sys.platform == "win32":
        return
    _refuse(path, status or path.stat())
    given = path.absolute()
    real = Path(os.path.realpath(path))
    for step in (given, *_directories_above(given)):
        _refuse_foreign_link(step)
    for directory in dict.fromkeys((*_directories_above(given), *_directories_above(real))):
        _refuse(directory, directory.stat())


def refuse_program_of_others(path: Path) -> None:
    """Raise PermissionsError if another account could change a program before we run it.

    Directories may be written by a group of the system's: Debian's /usr/local/bin belongs to one. Raises OSError.
    """
    if sys.platform == "win32":
        return
    real = Path(os.path.realpath(path))
    _refuse(real, real.stat())
    for directory in dict.fromkeys((*path.absolute().parents, *real.parents)):
        status = directory.stat()
        if not belongs_to_us_or_root(status):
            raise not_ours(directory, status)
        if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
            raise open_to_others(directory)


def belongs_to_us_or_root(status: os.stat_result) -> bool:
    """True if the owner is this account or root."""
    return sys.platform == "win32" or status.st_uid in (0, _our_uid())


def writable_by_others(status: os.stat_result) -> bool:
    """True if the mode lets another account write; a sticky directory does not count, nor does a private group."""
    if sys.platform == "win32" or (stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX):
        return False
    if status.st_mode & stat.S_IWOTH:
        return True
    return bool(status.st_mode & stat.S_IWGRP) and not _is_private_group(status)


def account_name(uid: int) -> str:
    """The name of an account, or its number where it has none."""
    if sys.platform == "win32":
        return str(uid)
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def our_account() -> str:
    """The name of the account we run as."""
    return account_name(_our_uid())


def not_ours(path: Path, status: os.stat_result) -> PermissionsError:
    """The error for something that belongs to another account."""
    ours = our_account()
    return PermissionsError(
        f"{path} belongs to {account_name(status.st_uid)}, who could change what gamedetectd does for {ours}.",
        f"If you trust what is in it, run: sudo chown {shlex.quote(ours)} {shlex.quote(str(path))}",
    )


def open_to_others(path: Path) -> PermissionsError:
    """The error for something that others may write."""
    return PermissionsError(
        f"{path} can be changed by other accounts on this computer.",
        f"Look at what is in it, then run: chmod go-w {shlex.quote(str(path))}",
    )


def _our_uid() -> int:
    if sys.platform == "win32":
        return 0
    return os.geteuid()


def _refuse(path: Path, status: os.stat_result) -> None:
    if not belongs_to_us_or_root(status):
        raise not_ours(path, status)
    if writable_by_others(status):
        raise open_to_others(path)


def _refuse_foreign_link(path: Path) -> None:
    """Whoever owns a symbolic link decides where it leads; its mode says nothing."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode) and not belongs_to_us_or_root(status):
        raise not_ours(path, status)


def _directories_above(path: Path) -> Iterator[Path]:
    """From the directory of ``path`` up to this account's home directory, or to the root if it lies elsewhere."""
    try:
        home = Path.home()
    except RuntimeError:  # an account without a home
        home = Path(path.anchor)
    for directory in path.parents:
        yield directory
        if directory == home:
            return


def _is_private_group(status: os.stat_result) -> bool:
    if sys.platform == "win32":
        return True
    import grp

    try:
        group = grp.getgrgid(status.st_gid)
    except KeyError:
        return False
    owner = account_name(status.st_uid)
    return group.gr_name == owner and set(group.gr_mem) <= {owner}
