"""Linux: which process of this system is meant by a number from inside a sandbox that counts its processes anew."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

_NUMBERS = re.compile(rb"^NSpid:\s*([\d\t ]+)$", re.MULTILINE)


def outside(inner: int, pids: Collection[int], root: Path = Path("/proc")) -> list[int]:
    """Those of ``pids`` that have the number ``inner`` one level down, in a namespace of their own; several sandboxes
    may have one each. See ``NSpid`` in proc_pid_status(5). A process that vanishes or cannot be read is none.
    """
    return [pid for pid in sorted(pids) if _numbers(root / str(pid) / "status")[1:2] == [inner]]


def _numbers(status: Path) -> list[int]:
    """A process's numbers, as seen from here first."""
    try:
        found = _NUMBERS.search(status.read_bytes())
    except OSError:
        return []
    return [int(number) for number in found[1].split()] if found else []
