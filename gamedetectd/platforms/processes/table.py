"""What the process sensor needs beyond ``interfaces.ProcessReader``: two looks that are cheaper than a read."""

from __future__ import annotations

from typing import Protocol

from gamedetectd.interfaces import ProcessReader


class ProcessTable(ProcessReader, Protocol):
    """A process table that can be watched cheaply. Entries that vanish are None, never an error."""

    def exe_path(self, pid: int) -> str | None:
        """The program's path as ``read`` gives it, at a fraction of its cost; None where it cannot be read."""
        ...

    def turnover(self) -> object | None:
        """A value that differs whenever a process began or ended since the last call; None where there is none."""
        ...
