"""Asks a system's own tool, with an end to the waiting."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence

from gamedetectd.platforms.children.environment import child_environment

TIMEOUT = 5.0
"""Seconds a tool may take; each answers in milliseconds where there is somebody to ask."""

Answer = tuple[int, str]
Run = Callable[[Sequence[str]], Answer | None]
"""Runs a command: its exit code and output, or None where it is not there or does not answer."""


def run(command: Sequence[str]) -> Answer | None:
    """See ``Run``."""
    try:
        done = subprocess.run(
            command,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode, done.stdout.decode("utf-8", "replace")
