"""Reads the log's lines back, from every file of it in order, and follows it while it is written and rotated."""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from gamedetectd.observability.fields import flatten
from gamedetectd.observability.rotation import explain, file_number, finished_files

LONGEST_LINE = 1_000_000
"""Bytes; anything longer is no line of ours."""
LEVELS = ("debug", "info", "warning", "error", "critical")
_HEAD = 200
"""Bytes at the beginning of a file by which it is recognised."""
_TRIES, _PAUSE = 50, 0.01
"""Seconds between two tries to open a file, on Windows."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``event`` as it was written, ``fields`` with dotted names (see ``observability.fields``)."""

    event: Mapping[str, Any]
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for. ``since``: a timestamp as lines have it, or empty; ``level``: the least serious;
    ``correlation``: the beginning of an id, or empty.
    """

    since: str = ""
    level: str = LEVELS[0]
    correlation: str = ""

    def admits(self, line: Line) -> bool:
        """True for a line that is asked for."""
        level = line.fields.get("log.level")
        if level in LEVELS and LEVELS.index(str(level)) < LEVELS.index(self.level):
            return False
        if not str(line.fields.get("trace.id", "")).startswith(self.correlation):
            return False
        return str(line.fields.get("@timestamp", "")) >= self.since


@dataclass(frozen=True, slots=True)
class _Place:
    """How far the newest file was read; ``number`` is that of the file finished last, which the newest follows."""

    number: int = 0
    head: bytes = b""
    offset: int = 0


def parse(data: bytes) -> Line | None:
    """One line, or None where it is no line of a log: broken, cut off, binary, too long."""
    if len(data) > LONGEST_LINE:
        return None
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):  # bytes that are no UTF-8 raise a ValueError too
        return None
    if not isinstance(event, dict) or not isinstance(event.get("message"), str):
        return None
    return Line(event, dict(flatten(event)))


class LogReader:
    """Reads the log whose newest file is ``path``.

    It keeps no file open between calls, so that on Windows the writer can rotate. Every method raises LogError where
    a file cannot be read; a file that is missing is simply empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._skipped = 0
        self._place = _Place()

    def take_skipped(self) -> int:
        """How many lines could not be understood since this was last asked."""
        skipped, self._skipped = self._skipped, 0
        return skipped

    def exists(self) -> bool:
        """True if there is a log already."""
        with _errors_explained(self.path):
            return self.path.is_file() or bool(finished_files(self.path))

    def tail(self, wanted: Wanted, most: int | None) -> list[Line]:
        """The lines asked for, oldest first; of more than ``most``, the last."""
        with _errors_explained(self.path):
            self._place = _Place()
            finished, newest = self._read_newest()
            chosen = self._chosen(newest, wanted, most)
            for file in reversed(finished):
                if most is not None and len(chosen) >= most:
                    break
                chosen = self._chosen(_read(file)[0], wanted, most) + chosen
        return chosen if most is None else chosen[max(0, len(chosen) - most) :]

    def more(self, wanted: Wanted) -> list[Line]:
        """The lines asked for that were written since the last call of ``tail`` or ``more``."""
        before = self._place
        with _errors_explained(self.path):
            finished, newest = self._read_newest()
            lines: list[bytes] = []
            newer = [file for file in finished if file_number(file) > before.number]
            for file in newer:  # a number is missing where Windows did not let the writer rename
                ours = file is newer[0] and _continues(file, before)
                lines += _read(file, before.offset if ours else 0)[0]
        return self._chosen([*lines, *newest], wanted, None)

    def _read_newest(self) -> tuple[list[Path], list[bytes]]:
        """The finished files and the new lines of the newest one, read with no rotation in between."""
        while True:
            finished = finished_files(self.path)
            number = max(self._place.number, _last_number(finished))
            same = number == self._place.number and _continues(self.path, self._place)
            lines, end, head = _read(self.path, self._place.offset if same else 0, growing=True)
            if _last_number(finished_files(self.path)) <= number:
                self._place = _Place(number, head, end)
                return finished, lines

    def _chosen(self, lines: Iterable[bytes], wanted: Wanted, most: int | None) -> list[Line]:
        return list(deque(filter(wanted.admits, self._understood(lines)), maxlen=most))

    def _understood(self, lines: Iterable[bytes]) -> Iterator[Line]:
        for data in lines:
            line = parse(data)
            if line is not None:
                yield line
            elif data.strip():
                self._skipped += 1


@contextmanager
def _errors_explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise explain(error, path) from error


def _last_number(finished: list[Path]) -> int:
    return file_number(finished[-1]) if finished else 0


def _opened(file: Path) -> BinaryIO:
    """A file, to be read. Windows gives it to nobody at the moment in which the writer renames it: then again."""
    if sys.platform == "win32":
        for _ in range(_TRIES):
            with suppress(PermissionError):
                return file.open("rb")
            time.sleep(_PAUSE)
    return file.open("rb")


def _continues(file: Path, place: _Place) -> bool:
    """True if ``place`` is a place in this very file."""
    try:
        with _opened(file) as handle:
            return handle.read(_HEAD).startswith(place.head) and file.stat().st_size >= place.offset
    except FileNotFoundError:
        return False


def _read(file: Path, offset: int = 0, *, growing: bool = False) -> tuple[list[bytes], int, bytes]:
    """The lines from ``offset`` on, where they end, and the file's head. The last line of a ``growing`` file counts
    when its newline is there.
    """
    lines: list[bytes] = []
    try:
        with _opened(file) as handle:
            head = handle.read(_HEAD)
            handle.seek(offset)
            while line := handle.readline(LONGEST_LINE + 1):
                rest = line
                while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):  # too long: pass over the rest of it
                    rest = handle.readline(LONGEST_LINE + 1)
                if growing and not rest.endswith(b"\n"):
                    break
                lines.append(line)
                offset = handle.tell()
    except FileNotFoundError:
        return [], 0, b""
    return lines, offset, head
