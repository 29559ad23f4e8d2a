"""Follows one log file through appended lines, rotation and truncation, by path: nothing is held open in between."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from gamedetectd.platforms.regular_files import open_regular
from gamedetectd.sensors.steam_log_lines import LogLines, LogRecord

FIRST_LOOK = 262_144
"""Bytes at the end of the log that are read at first: hundreds of starts of games."""
CHUNK = 1_048_576
KNOWN_TAIL = 64
"""Bytes before the place reached that must still be the same; else the file was written anew."""


class LogFile:
    """``read`` returns what was added since the last call. Steam moves a full log to ``….previous.txt``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: str | None = None
        """A sentence saying why the log cannot be read now, or None."""
        self._lines = LogLines()
        self._identity: tuple[int, int] | None = None
        self._missed = False
        """It was not there at the last look: what is there now is another file, even where it looks the same."""
        self._place = 0
        self._tail = b""

    def read(self) -> list[LogRecord]:
        """The new records, in order; the first call tells of the end of the file as it is."""
        self.problem = None
        try:
            return list(self._read())
        except FileNotFoundError:
            self._missed = True
            return []
        except OSError as error:
            self.problem = f"Steam's log {self.path} cannot be read: {error.strerror or error}."
            return []

    def _read(self) -> Iterator[LogRecord]:
        state = self.path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise OSError("it is not a file")
        identity = (state.st_dev, state.st_ino)
        if self._identity is None:
            self._begin(identity, max(0, state.st_size - FIRST_LOOK))
        elif identity != self._identity or self._missed:
            yield from self._rest_of_previous()
            self._begin(identity, 0)
        self._missed = False
        yield from self._forward()

    def _begin(self, identity: tuple[int, int], place: int) -> None:
        """Start in a file that was not read yet; within it, behind the line that ``place`` lies in."""
        self._identity, self._place, self._tail, self._lines = identity, place, b"", LogLines()
        if place:
            head = self._bytes(self.path, place, CHUNK)
            line, end, _ = head.partition(b"\n")
            self._place += len(line + end)
            self._tail = (line + end)[-KNOWN_TAIL:]

    def _rest_of_previous(self) -> Iterator[LogRecord]:
        """What came into the old file after the last look and before it was moved away."""
        previous = self.path.with_name(f"{self.path.stem}.previous{self.path.suffix}")
        try:
            state = previous.stat()
            if (state.st_dev, state.st_ino) == self._identity:
                yield from self._lines.feed(self._bytes(previous, self._place, CHUNK))
        except OSError:
            return  # it is gone, and so are its processes

    def _forward(self) -> Iterator[LogRecord]:
        known = len(self._tail)
        data = self._bytes(self.path, self._place - known, known + CHUNK)
        if data[:known] != self._tail:
            self._place, self._tail, self._lines, known = 0, b"", LogLines(), 0
            data = self._bytes(self.path, 0, CHUNK)
        while len(data) > known:
            yield from self._lines.feed(data[known:])
            self._place += len(data) - known
            self._tail, known = data[-KNOWN_TAIL:], 0
            data = self._bytes(self.path, self._place, CHUNK)

    @staticmethod
    def _bytes(path: Path, place: int, count: int) -> bytes:
        with os.fdopen(open_regular(path), "rb") as file:
            file.seek(place)
            return file.read(count)
