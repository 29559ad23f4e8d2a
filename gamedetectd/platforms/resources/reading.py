"""One look at what this process and this machine use, as every system is able to tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Resources:
    """This process and this machine at one moment. None: this system does not tell.

    Seconds of CPU count from the start of the process, or of the machine, over all cores. Pressure is the share of the
    last minute, 0 to 1, in which something had to wait for that resource (Linux 4.20 and later, where it is switched
    on): ``some`` waited, or for ``memory_stall`` everything did.
    """

    at: float
    """On the monotonic clock."""
    cpu_seconds: float
    rss_bytes: int
    open_files: int
    """File descriptors; on Windows handles of every kind."""
    open_files_limit: int | None
    """The soft limit of this process."""
    threads: int
    system_cpus: int
    system_cpu_busy_seconds: float | None
    system_cpu_seconds: float | None
    """Busy and idle together: the difference of two looks at both is the share."""
    system_load: tuple[float, float, float] | None
    """Tasks that run or want to, on average over 1, 5 and 15 minutes."""
    system_memory_bytes: int
    system_memory_available_bytes: int
    cpu_pressure: float | None
    memory_pressure: float | None
    memory_stall: float | None
    io_pressure: float | None


class Meter(Protocol):
    """Reads ``Resources``; from one thread at a time."""

    def read(self) -> Resources:
        """As of now. Raises OSError where the system refuses."""
        ...
