"""What the process sensor has told so far, so that nothing is told twice and every end is told.

A pid is read only when it is new or may run another program than before. Programs not worth reading cost one look at
their path; nothing is kept of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from gamedetectd.domain import Instant, ProcessEnded, ProcessInfo, ProcessKey, ProcessStarted, Resync
from gamedetectd.platforms.processes import ProcessTable

YOUNG_SECONDS = 5.0
"""Seconds in which a process becomes what it wants to be (sh execs, Wine gives itself the program's name)."""
MOST_ANCESTORS = 32
PATHS_REMEMBERED = 1024

Delta = ProcessStarted | ProcessEnded


@dataclass(slots=True)
class _Entry:
    """A living process. ``told`` is False for one that is known only as an ancestor.

    ``since`` is when it became this program, as far as we know, on the elapsed clock.
    """

    info: ProcessInfo
    told: bool
    since: float

    def looks_like(self, other: ProcessInfo) -> bool:
        """True if the other reading shows the same program with the same arguments."""
        mine = self.info
        return (mine.key, mine.exe, mine.argv, mine.comm) == (other.key, other.exe, other.argv, other.comm)


class ProcessRoster:
    """The processes worth knowing and their ancestors. Its methods return what must be emitted, in order."""

    def __init__(self, table: ProcessTable, worth_reading: Callable[[str], bool]) -> None:
        self._table = table
        self._worth = lru_cache(maxsize=PATHS_REMEMBERED)(worth_reading)
        self._entries: dict[int, _Entry] = {}

    def key(self, pid: int) -> ProcessKey | None:
        """The key of a process whose end will be told, or None."""
        entry = self._entries.get(pid)
        return None if entry is None else entry.info.key

    def young(self, at: Instant) -> list[int]:
        """Known pids that may still be about to become another program."""
        return [pid for pid, entry in self._entries.items() if at.elapsed - entry.since < YOUNG_SECONDS]

    def examine(self, pid: int, at: Instant, *, fresh: bool = True, wanted: bool = False) -> list[Delta]:
        """Look at a pid. ``fresh``: it is new or has just execed; ``wanted``: it is worth reading in any case."""
        path = self._table.exe_path(pid)
        worth = wanted or path is None or self._worth(path)
        known = self._entries.get(pid)
        if known is None and not worth:
            return []
        info = self._table.read(pid)
        if info is None:
            if known is not None and self._table.alive(known.info.key):
                return []  # only its first thread has ended: nothing more can be read of it
            return self.ended(pid, at, at.elapsed)
        deltas: list[Delta] = []
        if known is not None and known.info.key != info.key:
            deltas += self.ended(pid, at, min(at.elapsed, info.started_elapsed))
            known = None
        if known is not None and known.told and known.looks_like(info):
            return deltas
        if not worth and (known is None or not known.told):
            if known is not None:
                known.info = info
            return deltas
        self._entries[pid] = _Entry(info, told=True, since=at.elapsed if fresh else info.started_elapsed)
        return [*deltas, ProcessStarted(at, info, tuple(self._ancestors(info)))]

    def recheck(self, pid: int, at: Instant) -> list[Delta]:
        """Look again at a pid nobody reported: has it ended, been reused, or become another program unnoticed?

        Only of a young process is a change of name or arguments news: old ones use them to display things.
        """
        known = self._entries.get(pid)
        if known is None or not known.told:
            return self.examine(pid, at, fresh=False)
        if not self._table.alive(known.info.key):
            return [*self.ended(pid, at, at.elapsed), *self.examine(pid, at)]
        if self._table.exe_path(pid) != known.info.exe:
            return self.examine(pid, at)
        return self.examine(pid, at, fresh=False) if at.elapsed - known.since < YOUNG_SECONDS else []

    def ended(self, pid: int, at: Instant, exit_elapsed: float) -> list[Delta]:
        """A pid is gone."""
        known = self._entries.pop(pid, None)
        return [] if known is None else [ProcessEnded(at, known.info.key, exit_elapsed)]

    def check(self, at: Instant, pids: frozenset[int]) -> list[Delta]:
        """Compare everything known with all the pids there are."""
        deltas = [delta for pid in self._entries.keys() - pids for delta in self.ended(pid, at, at.elapsed)]
        for pid in sorted(pids):
            deltas += self.recheck(pid, at)
        return deltas

    def resync(self, at: Instant, pids: frozenset[int]) -> Resync:
        """Everything that is true now, oldest first. What is worth reading is asked anew."""
        self._worth.cache_clear()
        self.check(at, pids)
        infos = (entry.info for entry in self._entries.values())
        return Resync(at, tuple(sorted(infos, key=lambda info: info.key.start_ticks)))

    def _ancestors(self, info: ProcessInfo) -> list[ProcessInfo]:
        """From the oldest down to the parent, without pid 1. A parent younger than its child is a reused pid."""
        chain: list[ProcessInfo] = []
        child = info
        while child.parent_pid > 1 and len(chain) < MOST_ANCESTORS:
            entry = self._entries.get(child.parent_pid)
            parent = self._table.read(child.parent_pid) if entry is None else entry.info
            if parent is None or parent.key.start_ticks > child.key.start_ticks:
                break
            if entry is None:
                self._entries[parent.pid] = _Entry(parent, told=False, since=parent.started_elapsed)
            chain.append(parent)
            child = parent
        return chain[::-1]
