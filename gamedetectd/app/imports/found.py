"""What a file of another program holds for the history, and what is said of one that cannot be understood."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.domain import Session
from gamedetectd.errors import ImportFileError
from gamedetectd.library.files import UnreadableError, read_bytes
from gamedetectd.sessions.importing import CountedTime

LONGEST_TIME = 100 * 365 * 86_400.0
"""Seconds: nothing was played longer than that."""
SMALLEST_ENTRY = 8
"""Bytes of JSON that each comma of a file stands for, at the very least."""
_FEW = 1_000
EXPORT_ANEW = "Export it anew from that program and try again; nothing was imported."

Progress = Callable[[int, int], None]
"""Told of what is done and of the whole."""


@dataclass(frozen=True, slots=True)
class Found:
    """``sessions`` that the program ``source`` saw and ``times`` that it only counted; ``passed_over`` says in
    sentences what of the file is neither.
    """

    source: str
    sessions: tuple[Session, ...] = ()
    times: tuple[CountedTime, ...] = ()
    passed_over: tuple[str, ...] = ()


def contents(path: Path, limit: int) -> bytes:
    """The whole file, of at most ``limit`` bytes. Raises ImportFileError."""
    try:
        return read_bytes(path, limit)
    except UnreadableError as error:
        raise wrong(path, error.cause, error.remedy) from error


def entries(path: Path, limit: int) -> bytes:
    """The bytes of a JSON file that holds entries such as a program writes. Raises ImportFileError.

    A file of next to nothing but commas would become a hundred times as large in memory: it is refused unread.
    """
    data = contents(path, limit)
    if data.count(b",") > len(data) // SMALLEST_ENTRY + _FEW:
        raise wrong(path, "It holds far more entries than a file of that size can hold.")
    return data


def wrong(path: Path, cause: str, remedy: str = EXPORT_ANEW) -> ImportFileError:
    """The error that a file cannot be understood; ``cause`` says where in it and why."""
    return ImportFileError(f"{path}: {cause}", remedy)


def seconds_of(value: object) -> float | None:
    """A play time as it may be, in seconds; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= LONGEST_TIME else None
