"""The child's side: ties itself to its parent, takes on its limits, and becomes the module that is wanted.

``python -P -m gamedetectd.platforms.children.entry PARENT MEMORY MAPPED CPU MODULE [ARGUMENT…]``, and in a frozen
program ``gamedetectd --held-child`` with the same. Linux has the kernel end us with our parent and refuse memory; macOS
knows neither, so a thread waits for the parent's end and looks at our memory; on Windows the job object does it all.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys

OPTION = "--held-child"
OUT_OF_MEMORY = 71
"""Exit code of a child that was refused memory, or took too much."""
LOOK_SECONDS = 0.2
"""How often memory is looked at where the system limits none."""


def become(arguments: list[str]) -> None:
    """The child's whole life."""
    parent, memory, mapped, cpu = map(int, arguments[:4])
    if sys.platform == "linux":
        _hold_linux(parent, memory, mapped)
    elif sys.platform == "darwin":
        _hold_macos(parent, memory)
    if sys.platform != "win32":
        import resource

        _limit(resource.RLIMIT_CPU, cpu, cpu + 1)
        _limit(resource.RLIMIT_CORE, 0, 0)  # what it holds may be a secret
    module, *rest = arguments[4:]
    sys.argv = [module, *rest]
    try:
        importlib.import_module(module).main()
        sys.stdout.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


if sys.platform != "win32":

    def _limit(kind: int, soft: int, hard: int) -> None:
        """Take on a limit, or keep a lower one that we were started with."""
        import resource

        highest = resource.getrlimit(kind)[1]
        if highest != resource.RLIM_INFINITY:
            soft, hard = min(soft, highest), min(hard, highest)
        resource.setrlimit(kind, (soft, hard))


if sys.platform == "linux":

    def _hold_linux(parent: int, memory: int, mapped: int) -> None:
        import resource
        from pathlib import Path

        from gamedetectd.platforms.children import libc

        libc.die_with_parent(signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the kernel knew
            os._exit(1)
        libc.gain_nothing()
        pages = Path("/proc/self/statm").read_text().split()
        size, data = (int(pages[column]) * resource.getpagesize() for column in (0, 5))
        for kind, most in ((resource.RLIMIT_AS, size + memory + mapped), (resource.RLIMIT_DATA, data + memory)):
            _limit(kind, most, most)


if sys.platform == "darwin":

    def _hold_macos(parent: int, memory: int) -> None:
        import resource
        import select
        import threading

        began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes there
        queue = select.kqueue()
        wanted = select.kevent(parent, select.KQ_FILTER_PROC, select.KQ_EV_ADD, select.KQ_NOTE_EXIT)
        try:
            queue.control([wanted], 0)
        except ProcessLookupError:
            os._exit(1)
        if os.getppid() != parent:
            os._exit(1)

        def watch() -> None:
            while not queue.control(None, 1, LOOK_SECONDS):
                if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began > memory:
                    os._exit(OUT_OF_MEMORY)
            os._exit(1)

        threading.Thread(target=watch, name="held", daemon=True).start()


if __name__ == "__main__":
    become(sys.argv[1:])
