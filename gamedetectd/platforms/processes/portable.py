"""Systems without a reader of their own: psutil knows most of what is needed, if not exactly.

psutil gives a process's start as wall time computed from the boot time, which can be off by up to a second and moves
when the clock is set; ``start_ticks`` is that time in 100 ns units, compared with two seconds of tolerance.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol, TypeVar

from gamedetectd.domain import ProcessInfo, ProcessKey
from gamedetectd.interfaces import Clock
from gamedetectd.platforms.processes.environment import LONGEST_VALUE, NAMES
from gamedetectd.platforms.processes.parse import LONGEST_ARGUMENTS

if TYPE_CHECKING:
    import psutil

Value = TypeVar("Value")


class Opened(Protocol):
    """A ``psutil.Process``."""

    @property
    def pid(self) -> int: ...

    def create_time(self) -> float: ...


TICKS_PER_SECOND = 10_000_000
TOLERANCE = 2 * TICKS_PER_SECOND
"""How far apart two readings of the same process's start may lie."""


class PortableProcesses:
    """A ``ProcessTable`` over psutil. Zombies are no processes; what the system refuses to tell is left out."""

    def __init__(self, boot_id: str, clock: Clock) -> None:
        self._boot_id = boot_id
        self._clock = clock
        self._keys: dict[int, ProcessKey] = {}

    def read(self, pid: int) -> ProcessInfo | None:
        process = _open(pid)
        if process is None:
            return None
        with process.oneshot():
            created = self._started(process)
            if _dead(process):
                return None
            now = self._clock.now()
            return ProcessInfo(
                key=self._key(pid, created),
                parent_pid=_told(process.ppid, 0),
                exe=_clean(_told(process.exe, "")) or None,
                argv=_bounded(_told(process.cmdline, [])),
                cwd=_clean(_told(process.cwd, "")) or None,
                user=_told(process.username, "") or None,
                environment=_selected(_told(process.environ, {})),
                started_elapsed=now.elapsed - max(0.0, now.wall - created),
                comm=_clean(_told(process.name, "")),
            )

    def pids(self) -> Collection[int]:
        import psutil

        pids = frozenset(psutil.pids())
        self._keys = {pid: key for pid, key in self._keys.items() if pid in pids}
        return pids

    def alive(self, key: ProcessKey) -> bool:
        process = _open(key.pid)
        if process is None or key.boot_id != self._boot_id or _dead(process):
            return False
        return self._same(key, self._started(process))

    def exe_path(self, pid: int) -> str | None:
        process = _open(pid)
        return None if process is None else _clean(_told(process.exe, "")) or None

    def turnover(self) -> object | None:
        return None

    def _started(self, process: Opened) -> float:
        """Wall time at which it began."""
        return _told(process.create_time, 0.0)

    def _same(self, key: ProcessKey, started: float) -> bool:
        """True where a process of this number that began then is the one of the key."""
        return abs(int(started * TICKS_PER_SECOND) - key.start_ticks) <= TOLERANCE

    def _key(self, pid: int, started: float) -> ProcessKey:
        """The key given out before where it is the same process by all we can tell, so that keys stay equal."""
        start_ticks = int(started * TICKS_PER_SECOND)
        known = self._keys.get(pid)
        if known is None or abs(known.start_ticks - start_ticks) > TOLERANCE:
            known = self._keys[pid] = ProcessKey(self._boot_id, pid, start_ticks)
        return known


def _open(pid: int) -> psutil.Process | None:
    import psutil

    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _dead(process: psutil.Process) -> bool:
    import psutil

    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _told(question: Callable[[], Value], otherwise: Value) -> Value:
    """The answer, or ``otherwise`` where the system refuses or the process is gone."""
    import psutil

    with contextlib.suppress(psutil.Error, OSError):
        return question()
    return otherwise


def _clean(raw: str) -> str:
    r"""Text that JSON takes: what could not be decoded shows as ``\uNNNN``."""
    return raw.encode("utf-8", "backslashreplace").decode("utf-8")


def _bounded(arguments: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    left = LONGEST_ARGUMENTS
    for argument in arguments:
        if left <= 0:
            break
        kept.append(_clean(argument[:left]))
        left -= len(argument) + 1
    return tuple(kept)


def _selected(environment: dict[str, str]) -> dict[str, str]:
    return {name: _clean(environment[name][:LONGEST_VALUE]) for name in NAMES if name in environment}
