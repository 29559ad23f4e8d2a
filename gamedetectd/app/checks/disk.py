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

NEARLY_FULL = "disk-nearly-full"
NO_INODES = "disk-inodes-nearly-used-up"
NO_ROOM = (NEARLY_FULL, NO_INODES)
"""Causes of whatever cannot be written."""

ROOM_NEEDED = 50_000_000
"""Bytes that should be free where we write."""
INODES_NEEDED = 1_000
"""Files and directories that should be possible where we write."""


class Disk(Check):
    """The disks of data, log and state."""

    name = "disk"
    conditions = (
        Condition(
            NEARLY_FULL,
            N_("The disk is nearly full"),
            Severity.WARNING,
            N_("Free some space; play time can no longer be kept when it is full."),
            time_to_clear=60.0,
        ),
        Condition(
            NO_INODES,
            N_("The disk can hold hardly any more files"),
            Severity.WARNING,
            N_("Delete files that are no longer needed, thousands of small ones first (df -i counts them)."),
            time_to_clear=60.0,
        ),
    )

    def look(self) -> Iterator[Finding]:
        paths = self.daemon.paths
        return disk_findings((paths.data, paths.log, paths.state))


def disk_findings(directories: Iterable[Path]) -> Iterator[Finding]:
    """The first of the directories whose disk has too few bytes left, and the first with too few inodes."""
    told = set()
    for directory in directories:
        try:
            free, inodes = shutil.disk_usage(directory).free, free_inodes(directory)
        except OSError:
            continue  # whoever writes there says what is wrong with it
        if free < ROOM_NEEDED and NEARLY_FULL not in told:
            told.add(NEARLY_FULL)
            yield Finding(NEARLY_FULL, f"{free // 1_000_000} MB are left where {directory} lies.")
        if inodes is not None and inodes < INODES_NEEDED and NO_INODES not in told:
            told.add(NO_INODES)
            yield Finding(NO_INODES, f"{inodes} more files are possible where {directory} lies.")


def free_inodes(directory: Path) -> int | None:
    """How many more files we may make there; None where that is not limited apart (Windows, btrfs). Raises OSError."""
    if sys.platform == "win32":
        return None
    found = os.statvfs(directory)
    return found.f_favail if found.f_files else None
