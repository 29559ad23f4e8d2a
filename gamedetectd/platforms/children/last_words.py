"""What a child says on its standard error becomes lines of our log, bounded, under the correlation id in force.

A child has no log of its own: Python writes a traceback or a warning to its stderr, and without this the reason why it
died would be lost. The log redacts these lines and makes them harmless, like any other.
"""

from __future__ import annotations

import contextvars
import logging
import threading
from typing import IO

log = logging.getLogger(__name__)

MOST_LINES = 40
"""Lines of one child that are logged: a traceback of ours is shorter."""
LONGEST = 1_000
"""Bytes of one line that are logged; what is beyond counts as another line."""


class LastWords:
    """Reads ``stream`` to its end in a thread of its own, however much is written to it; ``child`` says whose it is."""

    def __init__(self, child: str, stream: IO[bytes]) -> None:
        self._child = child
        self._stream = stream
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._read,), name="child-stderr", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Give the end of what an ended child said its time; one that its own children hold open is left behind."""
        self._thread.join(seconds)

    def _read(self) -> None:
        told = more = 0
        with self._stream as lines:
            while line := lines.readline(LONGEST):
                if not line.strip():
                    continue
                if told < MOST_LINES:
                    told += 1
                    self._tell(line.decode("utf-8", "backslashreplace").rstrip())
                else:
                    more += 1
        if more:
            self._tell(f"… and {more} more lines")

    def _tell(self, text: str) -> None:
        if log.hasHandlers():  # a command has no log: Python would print the line at the person as it is
            log.warning("%s: %s", self._child, text)
