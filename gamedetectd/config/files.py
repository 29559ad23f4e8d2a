"""Reads a settings or rules file as text, or says in a sentence why it cannot be used."""

from __future__ import annotations

import codecs
import os
import stat
import sys
import tomllib
from pathlib import Path
from typing import Any

from gamedetectd.config.problems import Problem, printable, short
from gamedetectd.config.toml_lines import KeyPath, key_lines
from gamedetectd.errors import PermissionsError
from gamedetectd.platforms.permissions import refuse_if_writable_by_others

SIZE_LIMIT = 1_000_000
"""Bytes beyond which a file is refused unread."""

_OPEN = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SAVE_AS_UTF8 = "Save it as UTF-8 in your editor."
_MOVE_AWAY = "Move it away; a text file belongs there."
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
        return _read_protected(path)
    except _UnusableError as error:
        return unusable(*error.args)
    except PermissionsError as error:
        return unusable(f"is not protected: {printable(error.cause.rstrip('.'))}", printable(error.remedy))
    except FileNotFoundError:
        if path.is_symlink():
            return unusable("is a link to a file that does not exist", "Make that file, or remove the link.")
        return b""
    except PermissionError:
        if sys.platform == "win32":  # it refuses to open a directory in these words
            if path.is_dir():
                return unusable("is a directory", _MOVE_AWAY)
        return unusable("may not be read by this account", "Look at its owner and mode, and at its directory's.")
    except OSError as error:
        return unusable(f"cannot be read: {error.strerror}", "Look at the file and its directory.")


class _UnusableError(Exception):
    """A file is of the wrong kind; its arguments are the message and the remedy."""


def _read_protected(path: Path) -> bytes:
    descriptor = os.open(path, _OPEN)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            what = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise _UnusableError(f"is {what}", _MOVE_AWAY)
        if status.st_size > SIZE_LIMIT:
            size = f"{status.st_size / 1e6:.1f} MB"
            raise _UnusableError(f"is {size} long, and 1 MB is the most that is read", "Is it the right file?")
        refuse_if_writable_by_others(path, status)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(SIZE_LIMIT)
    finally:
        os.close(descriptor)


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
    """The reason ends by ``(at line 3, column 5)`` or ``(at end of document)``, as ``tomllib`` writes it, or not."""
    reason, _, place = reason.partition(" (at ")
    message = f"is not TOML: {printable(reason)}"
    if not place:  # Python itself refuses a number or a date
        return Problem(file, 0, "", "", message, "Look for a number that is too long, or a day there never was.")
    number = int(place.split()[1].rstrip(",")) if place.startswith("line ") else text.count("\n") + 1
    line = text.split("\n")[number - 1].strip()
    return Problem(file, number, "", short(line), message, f'Mend line {number}; texts stand in quotes, as in "text".')
