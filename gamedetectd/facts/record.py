"""Writes a recording: facts and observations as JSON lines, with the person taken out, for a bug report."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from gamedetectd.domain import Facts, Observation
from gamedetectd.facts.redact import RecordingRedactor

SIZE_LIMIT = 50_000_000
"""Bytes of one recording: a day of ordinary use has a few million."""


class Recorder:
    """A new file that only its owner may read; each line is handed to the system before ``write`` returns.

    ``dump_facts`` and ``dump_observation`` turn a value into the facts format. Usable from every thread.
    """

    def __init__(
        self,
        path: Path,
        redactor: RecordingRedactor,
        dump_facts: Callable[[Facts], Mapping[str, object]],
        dump_observation: Callable[[Observation], Mapping[str, object]],
        size_limit: int = SIZE_LIMIT,
    ) -> None:
        """Raises FileExistsError rather than overwrite anything, and other OSErrors."""
        self._redactor = redactor
        self._dump_facts = dump_facts
        self._dump_observation = dump_observation
        self._left = size_limit
        self._lock = threading.Lock()
        self.lines = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self._file = os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0)

    def write(self, value: Facts | Observation) -> bool:
        """Add one line; False, and nothing written, once the file would grow past its limit. Raises OSError."""
        with self._lock:
            return self._write(value)

    def _write(self, value: Facts | Observation) -> bool:
        if isinstance(value, Facts):
            record = self._dump_facts(self._redactor.facts(value))
        else:
            record = self._dump_observation(self._redactor.observation(value))
        line = json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n"
        if len(line) > self._left:
            self._left = 0
            return False
        self._append(line)
        self._left -= len(line)
        self.lines += 1
        return True

    def _append(self, line: bytes) -> None:
        """Write all of the line or nothing of it: half a line would spoil the recording."""
        start = self._file.tell()
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(start)
            self._file.seek(start)
            raise

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
