"""A daemon whose program was replaced while it ran goes on as the new one: an upgrade needs nobody to log out.

A frozen program reads its parts from its own file whenever it needs them, so that an old one must not stay for long.
The package's script sends SIGHUP when all files are there; with an unchanged program that means what it always does.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from gamedetectd.platforms.children.environment import child_environment

AGAIN = 10
"""The exit code by which a daemon asks whoever supervises it for a new start."""


class Replaced:
    """Make it when the program starts; ``wanted`` says whether to start again after the end."""

    def __init__(
        self,
        program: str = sys.executable,
        *,
        frozen: bool = bool(getattr(sys, "frozen", False)) and os.name == "posix",
    ) -> None:
        self.wanted = False
        self._program = Path(program)
        self._before = self._identity() if frozen else None

    def noticed(self) -> bool:
        """Whether another file is there in place of the program; remembered. For signal handlers too."""
        found = self._identity() if self._before is not None else None
        self.wanted = self.wanted or (found is not None and found != self._before)
        return self.wanted

    def start_again(self, *, supervised: bool) -> NoReturn:
        """Become the new program, under the same process id; or end for the supervisor to start it."""
        if supervised:
            sys.exit(AGAIN)
        if sys.platform != "win32":
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the new one listens: its default would end it
        os.execve(self._program, [str(self._program), *sys.argv[1:]], child_environment())  # noqa: S606 - ourselves

    def _identity(self) -> tuple[int, int, int] | None:
        try:
            found = self._program.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_mtime_ns
