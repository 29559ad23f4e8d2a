"""Resources by psutil, for systems without a reader of their own: Windows and macOS. They do not tell of pressure."""

from __future__ import annotations

import os
import sys
import time

import psutil

from gamedetectd.platforms.resources.reading import Resources
from gamedetectd.platforms.resources.unix import load, open_files_limit


class PortableMeter:
    """Fulfils ``Meter``."""

    def __init__(self) -> None:
        self._process = psutil.Process()

    def read(self) -> Resources:
        """As of now. Raises OSError where the system refuses."""
        try:
            return self._read()
        except psutil.Error as error:
            raise OSError(str(error)) from error

    def _read(self) -> Resources:
        times = psutil.cpu_times()
        memory = psutil.virtual_memory()
        whole = sum(times[: 4 if sys.platform == "darwin" else 5])
        return Resources(
            at=time.monotonic(),
            cpu_seconds=time.process_time(),
            rss_bytes=self._process.memory_info().rss,
            open_files=_open_files(self._process),
            open_files_limit=open_files_limit(),
            threads=self._process.num_threads(),
            system_cpus=os.cpu_count() or 1,
            system_cpu_busy_seconds=whole - times.idle,
            system_cpu_seconds=whole,
            system_load=load(),
            system_memory_bytes=memory.total,
            system_memory_available_bytes=memory.available,
            cpu_pressure=None,
            memory_pressure=None,
            memory_stall=None,
            io_pressure=None,
        )


def _open_files(process: psutil.Process) -> int:
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()
