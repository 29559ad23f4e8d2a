"""Keeps what is in our memory out of the files that systems write when a program crashes.

What a debugger or root reads of our memory is not kept from them: nothing a program does can.
"""

from __future__ import annotations

import functools
import sys


@functools.cache
def leave_no_core() -> None:
    """Have no core file, and on Windows no crash report, made of this process from now on."""
    if sys.platform == "win32":
        from gamedetectd.platforms.win32 import kernel32

        kernel32.make_no_crash_report()
    else:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
