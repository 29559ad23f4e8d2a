"""Finds what of ours other accounts could read or change: a few directories and what lies directly in them.

Settings and rules may be readable (people keep them in repositories), never writable; everything else is for this
account alone, 0600 in 0700. Looking costs one ``lstat`` a file.
"""

from __future__ import annotations

import os
import shlex
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions.ownership import (
    account_name,
    belongs_to_us_or_root,
    our_account,
    writable_by_others,
)

MOST_FILES = 300
"""Files of one directory that are looked at."""
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Exposed:
    """One file that is not protected: the cause as a sentence, and the command that mends it."""

    path: Path
    cause: str
    command: str


def exposed(paths: Paths) -> Iterator[Exposed]:
    """Everything of ours that is open to others. What is missing or cannot be looked at is left out; so is Windows."""
    if sys.platform == "win32":
        return
    for directory in paths.directories:
        yield from _judge(directory, readable=False)
    for file in (paths.settings_file, paths.rules_file, paths.actions_file):
        yield from _judge(file, readable=True)
    for directory in dict.fromkeys((paths.data, paths.state, paths.log, paths.cache, paths.runtime)):
        for file in _within(directory):
            yield from _judge(file, readable=False)
    yield from _judge(paths.socket_file, readable=False)


def _within(directory: Path) -> list[Path]:
    try:
        with os.scandir(directory) as entries:
            return [Path(entry.path) for entry, _ in zip(entries, range(MOST_FILES), strict=False)]
    except OSError:
        return []


def _judge(path: Path, *, readable: bool) -> Iterator[Exposed]:
    try:
        status = path.lstat()
    except OSError:
        return
    quoted = shlex.quote(str(path))
    if not belongs_to_us_or_root(status):
        cause = f"{path} belongs to {account_name(status.st_uid)}."
        yield Exposed(path, cause, f"sudo chown {shlex.quote(our_account())} {quoted}")
    elif stat.S_ISLNK(status.st_mode):
        return  # its mode says nothing
    elif writable_by_others(status) or (not readable and status.st_mode & _OTHERS):
        done = "changed" if writable_by_others(status) else "read"
        mode = "go-w" if readable else "700" if stat.S_ISDIR(status.st_mode) else "600"
        yield Exposed(path, f"{path} can be {done} by other accounts.", f"chmod {mode} {quoted}")
