"""Reads a settings or rules file as text, or says in a sentence why it cannot be used."""

from __future__ import annotations

import codecs
import os
import stat
import tomllib
from pathlib import Path
from typing import Any

from gamedetectd.config.problems import Problem, printable, shown
from gamedetectd.config.toml_lines import KeyPath, key_lines
from gamedetectd.errors import PermissionsError
from gamedetectd.platforms.permissions import refuse_if_writable_by_others

SIZE_LIMIT = 1_000_000
"""Bytes beyond which a file is refused unread."""

_OPEN = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SAVE_AS_UTF8 = "Save it as UTF-8 in your editor."
_FOREIGN_BEGINNINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""UTF-32 first: its little-endian mark begins with UTF-16's."""


def read_text(path: Path) -> str | Problem:
    """What ``path`` says, empty where it does not exist, or why it cannot be used.

    A symbolic link is followed, as people who keep their settings in a repository expect; it must be as safe as a file.
    """
    data = _read_bytes(path)
    return data if isinstance(data, Problem) else _decode(path, data)


def parse(file: str, text: str) -> tuple[dict[str, Any], dict[KeyPath, int]] | Problem:
    """The tables of a TOML text and the line of each key, or what is wrong with its syntax."""
    try:
        return tomllib.loads(text), dict(key_lines(text))
    except RecursionError:
        return Problem(
            file, 0, "", "", "is nested too deeply", "Take brackets out until it is as flat as the template."
        )
    except ValueError as error:
        return _syntax_problem(file, text, str(error))


def _read_bytes(path: Path) -> bytes | Problem:
    def unusable(message: str, remedy: str) -> Problem:
        return Problem(printable(str(path)), 0, "", "", message, remedy)

    try:
        with open(os.open(path, _OPEN), "rb") as file:  # noqa: PTH123 - a descriptor that never waits
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                what = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
                return unusable(f"is {what}", "Move it away; a text file belongs there.")
            refuse_if_writable_by_others(path, status)
            data = file.read(SIZE_LIMIT + 1) if status.st_size <= SIZE_LIMIT else b""
            if status.st_size > SIZE_LIMIT or len(data) > SIZE_LIMIT:
                size = max(status.st_size, len(data)) / 1e6
                return unusable(f"is {size:.1f} MB long, and 1 MB is the most that is read", "Is it the right file?")
            return data
    except PermissionsError as error:
        return unusable(f"is not protected: {printable(error.cause.rstrip('.'))}", printable(error.remedy))
    except FileNotFoundError:
        if path.is_symlink():
            return unusable("is a link to a file that does not exist", "Make that file, or remove the link.")
        return b""
    except PermissionError:
        return unusable("may not be read by this account", "Look at its owner and mode, and at its directory's.")
    except OSError as error:
        return unusable(f"cannot be read: {error.strerror}", "Look at the file and its directory.")


def _decode(path: Path, data: bytes) -> str | Problem:
    def foreign(line: int, value: str, message: str, remedy: str = _SAVE_AS_UTF8) -> Problem:
        return Problem(printable(str(path)), line, "", value, message, remedy)

    for beginning, encoding in _FOREIGN_BEGINNINGS:
        if data.startswith(beginning):
            return foreign(1, "", f"is written in {encoding}")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return foreign(line, "", "is not text: it contains zero bytes", "Replace it; `gamedetectd config init` helps.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return foreign(line, f"byte 0x{data[error.start]:02x}", "is not UTF-8")


def _syntax_problem(file: str, text: str, reason: str) -> Problem:
    """The reason ends by ``(at line 3, column 5)`` or ``(at end of document)``, as ``tomllib`` writes it."""
    reason, _, place = reason.partition(" (at ")
    line = int(place.split()[1].rstrip(",")) if place.startswith("line ") else text.count("\n") + 1
    lines = text.split("\n")
    value = shown(lines[line - 1].strip())[1:-1] if place else ""
    remedy = f'Mend line {line}; texts stand in quotes, as in key = "text".' if place else "Mend it."
    return Problem(file, line if place else 0, "", value, f"is not TOML: {printable(reason)}", remedy)
