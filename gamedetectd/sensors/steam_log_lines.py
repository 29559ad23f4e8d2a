"""The lines of Steam's ``logs/gameprocess_log.txt`` that tell which process is which game's.

``[2026-05-18 00:58:11] AppID 620 adding PID 1552 as a tracked process "command"``, for the processes it starts in turn
without the command; ``… no longer tracking PID 1552, exit code 0``; ``Remove 620 from running list``. Older clients
write ``Game`` for ``AppID``. What people added by hand has a 64-bit number, but is removed by a signed 32-bit one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

LONGEST_LINE = 64_000
"""Bytes of a line that are kept while its end is missing."""
LONGEST_COMMAND = 64
"""Lines over which a command may stretch; then it is taken for one whose end was never written."""
_SHORTCUT = 0x02000000
"""The lower half of the 64-bit number of a program that was added by hand."""

_LINE = re.compile(
    rb"""\[(?P<when>\d{4}-\d\d-\d\d\ \d\d:\d\d:\d\d)\]\ (?:
      (?:AppID|Game)\ (?P<added>\d{1,20})\ adding\ PID\ (?P<pid>\d{1,10})\ as\ a\ tracked\ process(?P<command>\ ".*)?
    | (?:AppID|Game)\ (?P<dropped>\d{1,20})\ no\ longer\ tracking\ PID\ (?P<gone>\d{1,10})(?:,\ exit\ code\ -?\d+)?
    | Remove\ (?P<removed>-?\d{1,20})\ from\ running\ list
    )\s*""",
    re.VERBOSE | re.DOTALL,
)


class Said(Enum):
    """What a line says: a process belongs to a game now, or no longer, or the game as a whole has ended."""

    ADDED = "added"
    DROPPED = "dropped"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One line that tells something. ``when`` is local time to the second; ``pid`` is 0 where the game has ended."""

    said: Said
    when: tuple[int, int, int, int, int, int]
    number: int
    pid: int = 0

    def moments(self) -> tuple[float, ...]:
        """The possible wall times of ``when``: two of them in the hour that a change of clocks repeats; none if there
        is no such day.
        """
        try:
            moment = time.mktime((*self.when, -1, -1, -1))
            around = (moment, moment - 3600, moment + 3600)
            return tuple(one for one in around if time.localtime(one)[:6] == self.when)
        except (OverflowError, ValueError, OSError):
            return ()


class LogLines:
    """Turns the bytes of the log, in pieces as they come, into records."""

    def __init__(self) -> None:
        self._rest = b""
        self._in_command = 0
        """Lines of a command that has not ended yet; 0 outside of one. What they say is not Steam's word."""

    def feed(self, data: bytes) -> Iterator[LogRecord]:
        """The records of the lines that are complete now."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest if len(rest) <= LONGEST_LINE else rest[:1]
        for line in lines:
            record = self._line(line.rstrip(b"\r"))
            if record is not None:
                yield record

    def _line(self, line: bytes) -> LogRecord | None:
        if self._in_command:
            ends = line.endswith(b'"') or self._in_command >= LONGEST_COMMAND
            self._in_command = 0 if ends else self._in_command + 1
            return None
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        command = found["command"]
        if command is not None and (len(command) < 3 or not command.endswith(b'"')):
            self._in_command = 1
        return _record(found)


def _record(found: re.Match[bytes]) -> LogRecord:
    digits = found["when"]
    year, month, day, hour, minute, second = (int(part) for part in re.split(rb"[- :]", digits))
    when = (year, month, day, hour, minute, second)
    if found["added"] is not None:
        return LogRecord(Said.ADDED, when, game_number(int(found["added"])), int(found["pid"]))
    if found["dropped"] is not None:
        return LogRecord(Said.DROPPED, when, game_number(int(found["dropped"])), int(found["gone"]))
    return LogRecord(Said.REMOVED, when, game_number(int(found["removed"])))


def game_number(number: int) -> int:
    """The number Steam's environment variables carry: in 64 bits for what was added by hand."""
    short = number & 0xFFFFFFFF if -(1 << 31) <= number < 1 << 32 else 0
    return short << 32 | _SHORTCUT if short >= 1 << 31 else number


def read_lines(data: bytes) -> list[LogRecord]:
    """The records of a whole file."""
    return list(LogLines().feed(data))
