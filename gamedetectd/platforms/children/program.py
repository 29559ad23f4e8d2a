"""Runs one program of the person's: a group of its own, its input given, its output kept up to a limit, no shell."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from gamedetectd.platforms.children.held import DYING_SECONDS

if sys.platform == "win32":
    from gamedetectd.platforms.children.job import HeldGroup
else:
    from gamedetectd.platforms.children.process_group import HeldGroup

KEPT = 4_000
"""Bytes of its output that are kept, the first."""
MOST = 1_000_000
"""Bytes of output after which it is ended."""


class Program:
    """``with Program(command, environment, given, directory) as program:``; with the block it and its group are gone.

    ``given`` is what it finds on its standard input, however little of it it reads. Raises OSError where it cannot be
    started, ValueError where command or environment hold what no system takes.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], given: bytes, directory: str) -> None:
        self.flooded = False
        """True once it printed more than it may, and was ended for it."""
        self._kept = bytearray()
        self._seen = 0
        with tempfile.TemporaryFile() as stdin:  # a file: whoever inherits a pipe and never reads would hold us up
            stdin.write(given)
            stdin.seek(0)
            self._process, self._group = HeldGroup.start(
                command, environment, None, stdin=stdin, stderr=subprocess.STDOUT, cwd=directory
            )
        self._ear, self._bell = os.pipe()
        self._reader = threading.Thread(target=self._read, name="program-output", daemon=True)
        self._reader.start()

    def wait(self) -> int:
        """Its exit code as ``Popen`` calls it, once it ended; what it left running in its group is ended too."""
        code = self._process.wait()
        self._settle()
        return code

    def output(self) -> str:
        """The beginning of what it printed; whole only once it ended."""
        return self._kept.decode("utf-8", "backslashreplace")

    def end(self) -> None:
        """End it and its group at once; from any thread."""
        self._group.kill(self._process)

    def close(self) -> None:
        """End it, if it is still there, and give everything back."""
        self.end()
        with suppress(subprocess.TimeoutExpired):  # held by the kernel; reaped later
            self._process.wait(DYING_SECONDS)
        self._settle()
        self._group.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _settle(self) -> None:
        """Its group is gone: the reader takes what is left and ends, also where somebody beyond our reach holds on."""
        self.end()
        if self._bell >= 0:
            bell, self._bell = self._bell, -1
            os.close(bell)
        self._reader.join(DYING_SECONDS)

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101 - it was asked for
        with stream:
            while self._more(stream.fileno()) and (data := os.read(stream.fileno(), 65_536)):
                self._seen += len(data)
                self._kept += data[: KEPT - len(self._kept)]
                if self._seen > MOST:
                    self.flooded = True
                    self.end()
                    break
        os.close(self._ear)

    def _more(self, stream: int) -> bool:
        """Wait for output; False once it ended and none is left. Windows' job leaves nobody who could hold on."""
        if sys.platform == "win32":
            return True
        ready, _, _ = select.select([stream, self._ear], [], [])
        return stream in ready
