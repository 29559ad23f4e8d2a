"""Copies of the history, and what to do with a damaged one: never deleted, never silently begun anew.

A damaged file is renamed aside together with its write-ahead log, the newest sound backup takes its place, and every
session that can still be read from the damaged file is brought over.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.domain import Session
from gamedetectd.errors import HistoryDamagedError, HistoryError
from gamedetectd.sessions.access import BUSY_SECONDS, check_ours, connect_read_only, primary_code
from gamedetectd.sessions.durable import open_private, replace_durably, sync_directory
from gamedetectd.sessions.rows import SESSIONS, put_session, session_of
from gamedetectd.sessions.schema import version
from gamedetectd.sessions.storable import storable

BACKUPS_KEPT = 3
_COMPANIONS = ("-wal", "-shm", "-journal")
_BETWEEN = SESSIONS.replace("JOIN games", "LEFT JOIN games") + "WHERE s.rowid BETWEEN ? AND ?"
_BESIDE = {
    "origins": "INSERT OR IGNORE INTO origins SELECT id, ?2, ?3 FROM sessions WHERE id = ?1",
    "corrections": "INSERT OR IGNORE INTO corrections SELECT id, ?2 FROM sessions WHERE id = ?1",
    "imported": "INSERT OR IGNORE INTO imported VALUES (?, ?, ?, ?, ?, ?, ?)",
}
"""Tables of which every row that can still be read is brought over, and how."""
_SMALLEST_ROW = 128
"""Bytes that a session takes at the very least."""
_ROWS_AT_ONCE = 1024
_MOST_FAILURES = 50_000
"""Unreadable ranges after which the rest is given up: seconds of work."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged history: where it is kept now, and the backup that took its place, if there was one."""

    aside: Path
    restored: Path | None

    def report(self, path: Path, saved: int) -> HistoryError:
        """What happened, as a condition to show; ``saved`` is how many sessions were brought over."""
        place = "a new file was begun" if self.restored is None else f"the backup {self.restored.name} was restored"
        return HistoryError(
            f"{path} was damaged. It is kept as {self.aside.name}; {place}, and {saved} sessions that could still be "
            "read were brought over.",
            "Nothing needs to be done. If play time is missing, keep that file: an expert may get more out of it.",
        )


def find_damage(path: Path, newest: int) -> Damage | None:
    """Look through the file before anything is written to it; set a damaged one aside and restore a backup.

    An empty file is damaged if there are backups. Raises HistoryError where the file is another program's or of a
    version newer than ``newest``, OSError, sqlite3.Error.
    """
    if not path.exists() or (path.stat().st_size == 0 and not backups(path)):
        return None
    if path.stat().st_size > 0 and _sound(path, newest):
        return None
    return Damage(_set_aside(path), _restore(path, newest))


def is_damage(error: sqlite3.Error) -> bool:
    """True if the error says that the file's content is broken."""
    return primary_code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def backups(path: Path) -> list[Path]:
    """The backups of a history, newest first."""
    return sorted(path.parent.glob(f"{path.stem}.backup-*{path.suffix}"), key=lambda file: file.stem, reverse=True)


def back_up(path: Path, connection: sqlite3.Connection) -> Path:
    """Copy the history into a file beside it, check the copy, and keep the newest few.

    Raises HistoryError if the copy is damaged (the earlier ones are kept), OSError, sqlite3.Error.
    """
    for unfinished in path.parent.glob(f"{path.stem}.backup-*{path.suffix}.new"):
        unfinished.unlink(missing_ok=True)  # of a backup that the end of the process interrupted
    target = _dated(path, "backup")
    fresh = _fresh(target)
    try:
        _copy(connection, fresh)
        if not _sound(fresh, version(connection)):
            raise HistoryDamagedError(
                f"A backup of {path} came out damaged; the earlier backups were kept.",
                "Check the disk, then restart gamedetectd: it looks through the history and mends it.",
            )
        replace_durably(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)
    others = [backup for backup in backups(path) if backup != target]
    for old in others[BACKUPS_KEPT - 1 :]:  # never the new one, even if the calendar was set back
        old.unlink(missing_ok=True)
    return target


def put_back(path: Path, connection: sqlite3.Connection) -> None:
    """Write a history that somebody deleted anew from the connection that still has it, and close that.

    Raises OSError, sqlite3.Error.
    """
    fresh = _fresh(path)
    _copy(connection, fresh)
    connection.close()
    for companion in _COMPANIONS:
        path.with_name(path.name + companion).unlink(missing_ok=True)
    replace_durably(fresh, path)


def salvage(damaged: Path, connection: sqlite3.Connection) -> int:
    """Bring over every session that can still be read from a damaged file; how many those were.

    The connection must be in autocommit mode. Raises sqlite3.Error where the sound file cannot be written.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        saved = set()
        for session in _readable(damaged):
            put_session(connection, session, session.started_at)
            saved.add(session.id)
        _bring_what_stood_beside(damaged, connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return len(saved)


def _bring_what_stood_beside(damaged: Path, connection: sqlite3.Connection) -> None:
    """Where sessions came from, how corrected ones had ended, and what other programs counted; as far as it is read."""
    with closing(connect_read_only(damaged)) as source:
        for table, write in _BESIDE.items():
            with suppress(sqlite3.DatabaseError):
                rows = source.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 (constants)
                connection.executemany(write, rows)


def _readable(damaged: Path) -> Iterator[Session]:
    """Every session that can be reached around the broken places.

    A range of rows that cannot be read is halved until the single rows that are lost are left. No row was ever
    deleted, so the file's size bounds the row numbers.
    """
    failures = 0
    with closing(connect_read_only(damaged)) as source:
        query = _BETWEEN if _has_platforms(source) else _BETWEEN.replace("g.platform", "''")
        last = damaged.stat().st_size // _SMALLEST_ROW + 1
        ranges = [(first, first + _ROWS_AT_ONCE - 1) for first in range(1, last + 1, _ROWS_AT_ONCE)][::-1]
        while ranges and failures < _MOST_FAILURES:
            first, final = ranges.pop()
            try:
                rows = source.execute(query, (first, final)).fetchall()
            except sqlite3.Error:
                failures += 1
                middle = (first + final) // 2
                ranges += [(middle + 1, final), (first, middle)] if first < final else []
                continue
            yield from (session for row in rows if (session := _session(row)) is not None)


def _has_platforms(source: sqlite3.Connection) -> bool:
    """False for a file of the first version; also where the answer is lost, which costs no more than the platforms."""
    try:
        return any(row[1] == "platform" for row in source.execute("PRAGMA table_info(games)"))
    except sqlite3.DatabaseError:
        return False


def _session(row: tuple[object, ...]) -> Session | None:
    """The session of a row, its game named by id where the game's own row is lost; None for nonsense."""
    if row[2] is None:
        row = (*row[:2], row[1], "", "", "", *row[6:])
    try:
        session = storable(session_of(row))
    except (TypeError, ValueError):
        return None
    numbers = (session.started_at, session.started_elapsed, session.foreground_seconds, session.active_seconds)
    texts = (session.id, session.game.id, session.game.title)
    whole = all(isinstance(number, float) for number in numbers) and all(isinstance(text, str) for text in texts)
    return session if whole else None


def _sound(path: Path, newest: int) -> bool:
    """True if SQLite finds nothing wrong with the file. Raises as ``find_damage`` does."""
    if path.with_name(path.name + "-journal").exists():
        _roll_back(path)
    with closing(connect_read_only(path)) as connection:
        try:
            check_ours(path, connection, newest)
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                return False
            raise


def _roll_back(path: Path) -> None:
    """Let SQLite take back what a power cut interrupted before the file was in write-ahead mode."""
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection, suppress(sqlite3.DatabaseError):
        connection.execute("PRAGMA application_id")  # reading is enough; damage is found by whoever looks next


def _set_aside(path: Path) -> Path:
    """Rename a damaged history, with what belongs to it, and return its new name."""
    aside = _dated(path, "damaged")
    for companion in _COMPANIONS:  # first, so that no other file ever stands beside a foreign log
        part = path.with_name(path.name + companion)
        if part.exists():
            part.rename(aside.with_name(aside.name + companion))
    path.rename(aside)
    sync_directory(path.parent)
    return aside


def _restore(path: Path, newest: int) -> Path | None:
    """Put a copy of the newest sound backup in place and return the backup, or None if there is none."""
    for backup in backups(path):
        if _sound(backup, newest):
            fresh = _fresh(path)
            shutil.copyfile(backup, fresh)
            replace_durably(fresh, path)
            return backup
    return None


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a database into one file that needs no companions."""
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _fresh(path: Path) -> Path:
    """An empty private file, to be filled and then renamed to ``path``."""
    fresh = path.with_name(path.name + ".new")
    os.close(open_private(fresh, os.O_RDWR | os.O_TRUNC))
    return fresh


def _dated(path: Path, what: str) -> Path:
    """A free name such as ``history.backup-20260131-235959.db`` (UTC)."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    target = path.with_name(f"{path.stem}.{what}-{stamp}{path.suffix}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.stem}.{what}-{stamp}-{number}{path.suffix}")
    return target
