"""The Protocols the rooms meet by. Each family has one contract test over its table of members."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from gamedetectd.domain import FactKind, Facts, Instant, Observation, ProcessInfo, ProcessKey, SessionEvent

Emit = Callable[[Observation], None]


class Readable(Protocol):
    """Anything with a descriptor that ``select`` understands."""

    def fileno(self) -> int:
        """The descriptor."""
        ...


class Stop(Protocol):
    """How a worker waits. Time spent inside a wait is idle; time outside counts as busy, and too long as stuck."""

    def is_set(self) -> bool:
        """True once the worker should return."""
        ...

    def wait(self, timeout: float | None) -> bool:
        """Sleep up to ``timeout`` seconds (None: until stopped); True if the worker should return."""
        ...

    def select(self, readers: Sequence[Readable | int], timeout: float | None) -> list[Readable | int]:
        """Wait until a reader is ready, the time is over or stop is set; return the ready ones."""
        ...


class Clock(Protocol):
    """The three clocks of this machine."""

    def now(self) -> Instant:
        """This moment on all three clocks."""
        ...


class Sensor(Protocol):
    """Something that watches the machine and says what it sees."""

    @property
    def name(self) -> str:
        """A short name for threads, logs and health."""
        ...

    def unsupported_reason(self) -> str | None:
        """A sentence saying why this sensor cannot work here, or None."""
        ...

    def degraded_reason(self) -> str | None:
        """A sentence saying which fallback is in use and why, or None."""
        ...

    def run(self, emit: Emit, stop: Stop) -> None:
        """Watch until ``stop`` is set. An exception ends the run; the worker starts it again."""
        ...


class ProcessReader(Protocol):
    """Reads the process table of this system; a process that vanished is None, never an error."""

    def read(self, pid: int) -> ProcessInfo | None:
        """One process, or None."""
        ...

    def pids(self) -> Collection[int]:
        """Every process id there is."""
        ...

    def alive(self, key: ProcessKey) -> bool:
        """True while exactly this process runs (zombies do not)."""
        ...


class FactSource(Protocol):
    """Gathers one kind of fact about a program. Nothing found leaves the facts as they are."""

    @property
    def kind(self) -> FactKind:
        """The kind it gathers."""
        ...

    @property
    def time_limit(self) -> float:
        """Seconds after which the answer is no longer waited for."""
        ...

    def gather(self, facts: Facts) -> Facts:
        """The facts with this kind filled in (``gathered`` is the room's business)."""
        ...


class Sink(Protocol):
    """Receives every session event in order, at least once, each with a stable id."""

    @property
    def name(self) -> str:
        """The name of its cursor."""
        ...

    def accept(self, event: SessionEvent) -> None:
        """Deliver one event; an exception means it will be offered again."""
        ...

    def close(self) -> None:
        """Release what is held."""
        ...


Request = Mapping[str, object]
Reply = Mapping[str, object]
