"""What every Unix tells in the same way and Windows does not: the load, and how many files a process may open."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":

    def load() -> tuple[float, float, float] | None:
        """None; psutil's imitation starts a thread of its own for it."""
        return None

    def open_files_limit() -> int | None:
        """None: the limit there is, 16 million handles, is never met."""
        return None

    def page_size() -> int:
        """Bytes of the unit of memory in ``/proc``, which is not there."""
        return 4_096

    def ticks_per_second() -> int:
        """The unit of CPU time in ``/proc``, which is not there."""
        return 100

else:
    import resource

    def load() -> tuple[float, float, float] | None:
        """Tasks that run or want to, on average over 1, 5 and 15 minutes; None where it cannot be had."""
        try:
            return os.getloadavg()
        except OSError:
            return None

    def open_files_limit() -> int | None:
        """The soft limit of this process; None for no limit."""
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return None if limit == resource.RLIM_INFINITY else limit

    def page_size() -> int:
        """Bytes of the unit of memory in ``/proc``."""
        return resource.getpagesize()

    def ticks_per_second() -> int:
        """The unit of CPU time in ``/proc``."""
        return os.sysconf("SC_CLK_TCK")
