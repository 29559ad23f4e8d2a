"""The Protocols the rooms meet by. Each family has one contract test over its table of members."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Protocol

from gamedetectd.domain import (
    FactKind,
    Facts,
    Instant,
    KnownGame,
    Observation,
    ProcessInfo,
    ProcessKey,
    SessionEvent,
    Shelf,
)

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

    def source(self) -> str:
        """What it learns from, in a few words; where it does not run yet, what it would try first."""
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


class Registry(Protocol):
    """A Windows registry, or an exported part of one. Paths begin with a hive, ``HKLM`` or ``HKCU``, in any case."""

    def keys(self, path: str) -> Sequence[str]:
        """The names of the keys below; empty where there is no such key."""
        ...

    def values(self, path: str) -> Mapping[str, str | int | bytes]:
        """The values of a key by their names, the default one under ""; empty where there is no such key.

        Lists of texts come with one a line.
        """
        ...

    def stamp(self, path: str) -> Hashable:
        """Cheap to get, and the same as long as the key's values and the names of the keys below it are."""
        ...


class WritableRegistry(Registry, Protocol):
    """The person's registry, to be changed as well; every call raises OSError where the system refuses."""

    def write(self, path: str, name: str, value: str | bytes) -> None:
        """Set a value, a text or bytes, and make the key where it is missing."""
        ...

    def delete(self, path: str, name: str) -> None:
        """Remove a value, which may be gone already."""
        ...


class StoreReader(Protocol):
    """Knows what one store has installed on this machine. Nothing it finds on disk makes it raise."""

    @property
    def name(self) -> str:
        """The store's short name, for tables and logs."""
        ...

    def roots(self) -> Sequence[str]:
        """The files and directories there are whose change may mean another game; empty where the store is not here."""
        ...

    def fingerprint(self) -> Hashable:
        """Cheap to make, and the same as long as ``load`` would say the same."""
        ...

    def load(self) -> Shelf:
        """Every installed game, what could not be read, and why there is nothing where there is nothing."""
        ...


class Catalogue(Protocol):
    """Knows games of the world."""

    def look_up(self, names: Sequence[str], directories: Sequence[str]) -> tuple[KnownGame, ...]:
        """The games with a program of one of these file names, or installed into a directory of one of these names.

        Both are in lower case. At most a few dozen rows come back; ``sharing`` says how many share a file name.
        """
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


class Secrets(Protocol):
    """Keeps secrets by name, out of every file, log and command line.

    A name is ``[a-z0-9][a-z0-9._-]{0,63}``; those that begin with ``gamedetectd.`` are our own and hidden from people.
    Every call may take seconds (a keyring may ask another process): never call it on the engine's thread. Every value
    that is read or set is registered with the redactor. All raise a ``SecretError`` that says why and what to do.
    """

    def get(self, name: str) -> str:
        """The value. Raises SecretMissingError where there is none of that name."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep a value, in place of an earlier one."""
        ...

    def delete(self, name: str) -> None:
        """Forget it. Raises SecretMissingError where there is none of that name."""
        ...

    def names(self) -> Sequence[str]:
        """The names of what is kept, sorted, without our own."""
        ...


class AuditTrail(Protocol):
    """Keeps what matters for security, in order and chained, so that a change or a gap is found later."""

    def record(self, action: str, message: str, *, success: bool = True, **details: str) -> None:
        """Note one thing that happened. ``action`` is one of ``security.audit.ACTIONS``. Never blocks, never raises."""
        ...


Request = Mapping[str, object]
Reply = Mapping[str, object]
