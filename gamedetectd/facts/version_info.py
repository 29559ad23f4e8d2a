"""What a Windows program says of itself (product, company), also when it runs under Wine or Proton."""

from __future__ import annotations

import dataclasses
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import FactKind, Facts
from gamedetectd.facts import pe_child
from gamedetectd.observability.correlation import child_environment
from gamedetectd.platforms.children import held
from gamedetectd.platforms.regular_files import read_regular

PROGRAMS_LIMIT = 2
"""Files of one program that are looked at."""
KEPT_ANSWERS = 64
CHILD_SECONDS = 4.0
LIMITS = held.Limits(CHILD_SECONDS, memory=512_000_000, output=16_384, cpu=3, mapped=pe_child.FILE_LIMIT)
_HEADER = 4_096

Info = Mapping[str, str]


class VersionInfoSource:
    """Asks a short-lived child process to read the version resource; answers are kept while the file stays the same.

    ``effective_paths`` as in ``FilesSource``.
    """

    kind: ClassVar[FactKind] = FactKind.VERSION_INFO
    time_limit: ClassVar[float] = 2 * CHILD_SECONDS + 1.0

    def __init__(
        self, effective_paths: Callable[[Facts], Sequence[str]], read: Callable[[str], Info] | None = None
    ) -> None:
        self._effective_paths = effective_paths
        self._read = read or read_in_child
        self._kept: OrderedDict[tuple[str, int, int], Info] = OrderedDict()

    def gather(self, facts: Facts) -> Facts:
        found: dict[str, Info] = {}
        paths = [path for path in self._effective_paths(facts) if path.lower().endswith(".exe")]
        for path in paths[:PROGRAMS_LIMIT]:
            try:
                info = self._of(path)
            except (FileNotFoundError, NotADirectoryError):
                continue
            if info:
                found[path] = info
        return dataclasses.replace(facts, version_info=found) if found else facts

    def _of(self, path: str) -> Info:
        status = Path(path).stat()
        key = (path, status.st_mtime_ns, status.st_size)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        info = self._read(path) if is_windows_program(path) else {}
        self._kept[key] = info
        while len(self._kept) > KEPT_ANSWERS:
            self._kept.popitem(last=False)
        return info


def is_windows_program(path: str) -> bool:
    """True if the file begins as a Windows program does; cheap, so that no child is started for anything else."""
    head = read_regular(path, _HEADER)
    offset = int.from_bytes(head[0x3C:0x40], "little")
    return head[:2] == b"MZ" and (head[offset : offset + 4] == b"PE\0\0" or offset > len(head) - 4)


def read_in_child(path: str, limits: held.Limits = LIMITS) -> Info:
    """``pe_child.read_version_info`` in a process of its own.

    Raises OSError, also when the child crashes or takes too long.
    """
    try:
        answer = json.loads(held.run(pe_child.__name__, [path], limits, environment=child_environment({})))
    except (held.ChildError, ValueError) as error:
        raise OSError(f"the version information of {path!r} could not be read: {error}") from error
    return {str(key): str(value) for key, value in answer.items()}
