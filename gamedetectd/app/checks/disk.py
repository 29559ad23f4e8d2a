"""Room on the disks we write to: bytes, and where the file system counts them, files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

FULL = "disk-full"
NEARLY_FULL = "disk-nearly-full"
NO_INODES = "disk-inodes-nearly-used-up"
NO_ROOM = (FULL, NEARLY_FULL, NO_INODES)
"""Causes of whatever cannot be written; of an error only ``FULL``, which is one itself."""

ROOM_NEEDED = 50_000_000
"""Bytes that should be free where we write."""
BYTES_AT_LEAST = 2_000_000
"""Bytes below which nothing can be kept any more."""
INODES_NEEDED = 1_000
"""Files and directories that should be possible where we write."""
INODES_AT_LEAST = 8
"""Files that keeping play time makes, the history's companions among them."""


class Disk(Check):
    """The disks of data, log and state."""

    name = "disk"
    conditions = (
        Condition(
            FULL,
            N_("The disk is full"),
            Severity.ERROR,
            N_("Free some space: until then play time is in memory alone; it is written once there is room."),
            time_to_clear=60.0,
        ),
        Condition(
            NEARLY_FULL,
            N_("The disk is nearly full"),
            Severity.WARNING,
            N_("Free some space; play time can no longer be kept when it is full."),
            (FULL,),
            time_to_clear=60.0,
        ),
        Condition(
            NO_INODES,
            N_("The disk can hold hardly any more files"),
            Severity.WARNING,
            N_("Delete files that are no longer needed, thousands of small ones first (df -i counts them)."),
            (FULL,),
            time_to_clear=60.0,
        ),
    )

    def look(self) -> Iterator[Finding]:
        paths = self.daemon.paths
        return disk_findings((paths.data, paths.log, paths.state))


def disk_findings(directories: Iterable[Path]) -> Iterator[Finding]:
    """What is scarce on the disks of these directories, each condition for the first of them only."""
    told: dict[str, Finding] = {}
    for directory in directories:
        try:
            free, inodes = shutil.disk_usage(directory).free, free_inodes(directory)
        except OSError:
            continue  # whoever writes there says what is wrong with it
        for finding in _scarce(directory, free, inodes):
            told.setdefault(finding.code, finding)
    yield from told.values()


def _scarce(directory: Path, free: int, inodes: int | None) -> Iterator[Finding]:
    room = f"{free // 1_000_000} MB are left where {directory} lies."
    if free < BYTES_AT_LEAST:
        yield Finding(FULL, room)
    if free < ROOM_NEEDED:
        yield Finding(NEARLY_FULL, room)
    if inodes is not None and inodes < INODES_NEEDED:
        files = f"{inodes} more files are possible where {directory} lies."
        if inodes < INODES_AT_LEAST:
            yield Finding(FULL, files)
        yield Finding(NO_INODES, files)


def free_inodes(directory: Path) -> int | None:
    """How many more files we may make there; None where that is not limited apart (Windows, btrfs). Raises OSError."""
    if sys.platform == "win32":
        return None
    found = os.statvfs(directory)
    return found.f_favail if found.f_files else None
