"""Resources from ``/proc``.

Formats: https://man7.org/linux/man-pages/man5/proc.5.html and https://docs.kernel.org/accounting/psi.html.
"""

from __future__ import annotations

import os
import re
import time

from gamedetectd.platforms.resources.reading import Resources
from gamedetectd.platforms.resources.unix import load, open_files_limit, page_size, ticks_per_second

HEAD = 512
"""Bytes."""
PRESSURE = re.compile(rb"^(some|full) avg10=\S+ avg60=(\d+\.\d+)", re.MULTILINE)
MEMORY = re.compile(rb"^(MemTotal|MemFree|MemAvailable):\s+(\d+) kB", re.MULTILINE)


class LinuxMeter:
    """Fulfils ``Meter``. ``root`` is where the system's process files are."""

    def __init__(self, root: str = "/proc") -> None:
        self._root = root
        self._page = page_size()
        self._ticks = ticks_per_second()

    def read(self) -> Resources:
        """As of now. Raises OSError where ``/proc`` is not to be read."""
        own = self._file("self/stat").rpartition(b")")[2].split()
        memory = {name: int(kilobytes) * 1024 for name, kilobytes in MEMORY.findall(self._file("meminfo"))}
        busy, total = self._cpu()
        waits = self._pressure("memory")
        return Resources(
            at=time.monotonic(),
            cpu_seconds=time.process_time(),
            rss_bytes=int(own[21]) * self._page,
            open_files=len(os.listdir(f"{self._root}/self/fd")) - 1,  # noqa: PTH208 - but for that of the listing
            open_files_limit=open_files_limit(),
            threads=int(own[17]),
            system_cpus=os.cpu_count() or 1,
            system_cpu_busy_seconds=busy,
            system_cpu_seconds=total,
            system_load=load(),
            system_memory_bytes=memory.get(b"MemTotal", 0),
            system_memory_available_bytes=memory.get(b"MemAvailable", memory.get(b"MemFree", 0)),
            cpu_pressure=self._pressure("cpu").get(b"some"),
            memory_pressure=waits.get(b"some"),
            memory_stall=waits.get(b"full"),
            io_pressure=self._pressure("io").get(b"some"),
        )

    def _cpu(self) -> tuple[float, float]:
        """Seconds for which the cores were busy, and all: user, nice, system, idle, iowait, irq, softirq, steal."""
        fields = [int(field) / self._ticks for field in self._file("stat").split(b"\n", 1)[0].split()[1:9]]
        return sum(fields) - sum(fields[3:5]), sum(fields)

    def _pressure(self, what: str) -> dict[bytes, float]:
        """Shares of the last minute; empty where the kernel does not keep them."""
        try:
            return {kind: float(share) / 100 for kind, share in PRESSURE.findall(self._file(f"pressure/{what}"))}
        except OSError:
            return {}

    def _file(self, name: str) -> bytes:
        """The beginning, which holds what is wanted of each: a Path and a whole file would cost twice as much."""
        descriptor = os.open(f"{self._root}/{name}", os.O_RDONLY)
        try:
            return os.read(descriptor, HEAD)
        finally:
            os.close(descriptor)
