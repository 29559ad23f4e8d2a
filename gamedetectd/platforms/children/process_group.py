"""Linux and macOS: a child leads a process group of its own; the child itself sets its limits, see ``entry``.

A child of a threaded program must not run Python between fork and exec, so nothing is set from here.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from gamedetectd.platforms.children.held import Limits

if sys.platform != "win32":

    class HeldGroup:
        """The group of one child. A process that leaves it for a session of its own is not held."""

        @classmethod
        def start(
            cls,
            command: Sequence[str],
            environment: Mapping[str, str],
            _limits: Limits | None,
            *,
            heard: bool = True,
            **more: Any,
        ) -> tuple[subprocess.Popen[bytes], Self]:
            """``more`` is for ``Popen``, such as other streams. Raises OSError."""
            streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            if not heard:
                streams["stderr"] = subprocess.DEVNULL
            process = subprocess.Popen(command, env=environment, process_group=0, **{**streams, **more})
            return process, cls()

        def kill(self, process: subprocess.Popen[bytes]) -> None:
            """End all of the group. A group without members is gone, or its number another's only after all 32,768."""
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
                return

        def close(self) -> None:
            """Nothing is held open."""
