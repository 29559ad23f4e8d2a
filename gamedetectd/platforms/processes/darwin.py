"""macOS: processes as psutil reads them, told apart by when the kernel says that they began.

psutil reads paths and, of the person's own processes, command lines and working directories. Of variables macOS tells
next to nothing: those of programs that are signed and hardened, as every program from a store is, it keeps to itself.
"""

from __future__ import annotations

from gamedetectd.domain import ProcessKey
from gamedetectd.interfaces import Clock
from gamedetectd.platforms.mac import kern_proc
from gamedetectd.platforms.processes.portable import Opened, PortableProcesses

TICKS_PER_SECOND = 1_000_000
"""``start_ticks`` is wall time at the start in µs, which stays what it was when the clock is set."""


class MacProcesses(PortableProcesses):
    """A ``ProcessTable``. A start that the kernel does not tell is psutil's, to the microsecond it makes of it."""

    def __init__(self, boot_id: str, clock: Clock, record: kern_proc.Read = kern_proc.record) -> None:
        super().__init__(boot_id, clock)
        self._record = record

    def _started(self, process: Opened) -> float:
        ticks = kern_proc.began(self._record(process.pid))
        return super()._started(process) if ticks is None else ticks / TICKS_PER_SECOND

    def _key(self, pid: int, started: float) -> ProcessKey:
        return ProcessKey(self._boot_id, pid, round(started * TICKS_PER_SECOND))

    def _same(self, key: ProcessKey, started: float) -> bool:
        return self._key(key.pid, started) == key
