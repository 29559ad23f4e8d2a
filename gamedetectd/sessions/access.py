"""Getting at the history's file: whose it is, and what its troubles mean to a person."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gamedetectd.errors import HistoryError
from gamedetectd.sessions.durable import remedy
from gamedetectd.sessions.schema import APPLICATION_ID, is_empty, version

BUSY_SECONDS = 2.0
"""How long to wait for another program that holds the file."""

_OURS = "Make the file and its directory yours and writable again."
_HELD = "Close the program that has the history open."
_RESTART = "Restart gamedetectd: it keeps the file aside and restores a backup."
_TROUBLES = {
    sqlite3.SQLITE_FULL: ("the disk is full.", "Free some space; what happened meanwhile is kept and written then."),
    sqlite3.SQLITE_READONLY: ("it is read-only.", _OURS),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened.", _OURS),
    sqlite3.SQLITE_PERM: ("access is denied.", _OURS),
    sqlite3.SQLITE_BUSY: ("another program holds it.", _HELD),
    sqlite3.SQLITE_LOCKED: ("another program holds it.", _HELD),
    sqlite3.SQLITE_CORRUPT: ("it is damaged.", _RESTART),
    sqlite3.SQLITE_NOTADB: ("it is damaged.", _RESTART),
}


@contextmanager
def history_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's and the system's errors into HistoryError, as a person reads them."""
    try:
        yield
    except sqlite3.Error as error:
        cause, what_to_do = _TROUBLES.get(primary_code(error), (f"{error}.", "Check the disk it is on."))
        raise HistoryError(f"{path}: {cause}", what_to_do) from error
    except OSError as error:
        raise HistoryError(f"{path}: {error.strerror or error}.", remedy(error)) from error


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's code of the error without its details; 0 where it has none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def connect_read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing. Raises OSError (which knows better than SQLite why), sqlite3.Error."""
    _check_readable(path)
    options = "mode=ro"
    if not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists():
        options += "&immutable=1"  # SQLite cannot put its shared memory beside it, and nobody is writing
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def _check_readable(path: Path) -> None:
    """Raise the OSError that says why the file cannot be read.

    It is not opened for that: closing it would take away the locks that this process's other connections hold on it
    (https://www.sqlite.org/howtocorrupt.html, section 2.2), and with them the log that holds the newest events.
    """
    if stat.S_ISDIR(path.stat().st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not os.access(path, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def check_ours(path: Path, connection: sqlite3.Connection, newest: int) -> None:
    """Refuse a file of another program or of a version newer than ``newest``. Raises HistoryError, sqlite3.Error."""
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    if application_id != APPLICATION_ID and not is_empty(connection):
        raise HistoryError(
            f"{path} belongs to another program.",
            "Move it out of the way, or set another data directory; it was left as it is.",
        )
    if version(connection) > newest:
        raise HistoryError(
            f"{path} was written by a newer gamedetectd (version {version(connection)}; this one knows {newest}).",
            "Update gamedetectd, or set another data directory; the file was left as it is.",
        )
