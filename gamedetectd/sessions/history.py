"""The play-time history: one SQLite file with every session, every event and every sink's place in them.

A commit is durable when it returns. Whatever goes wrong while opening or writing leaves what was kept before as it
was; the caller keeps the events it could not commit and offers them again, which doubles nothing.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Self

from gamedetectd.domain import Session, SessionEvent
from gamedetectd.errors import HistoryError
from gamedetectd.sessions.access import BUSY_SECONDS, connect_read_only, history_errors
from gamedetectd.sessions.backups import Damage, back_up, backups, find_damage, is_damage, put_back, salvage
from gamedetectd.sessions.durable import open_private, refuse_second_names
from gamedetectd.sessions.importing import CountedTime, TakenIn, take_in
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sessions.rows import put_event
from gamedetectd.sessions.schema import STEPS, Step, is_empty, migrate, version

DAY = 86_400.0
EVENTS_KEPT = 10_000
"""Newest events that are kept although every sink has received them."""
_NONE: Mapping[str, int] = MappingProxyType({})
_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -1024",
    "PRAGMA journal_size_limit = 4194304",
)


class History(HistoryReader):
    """The history with its only writer. Any thread may call; one call at a time is served.

    ``mended`` says what was done about a damaged file, as a condition to show, or is None.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, steps: tuple[Step, ...]) -> None:
        super().__init__(path, connection)
        self.mended: HistoryError | None = None
        self._steps = steps
        self._identity = _identity(path)

    @classmethod
    def open(cls, path: Path, steps: tuple[Step, ...] = STEPS) -> Self:
        """Open, or make, the history; check it, and bring an older one up to date after a backup.

        A damaged file is set aside and the newest backup restored (see ``mended``). Raises HistoryError where the file
        is of a newer version, not ours, or cannot be used; it is left as it is then.
        """
        with history_errors(path):
            damage = find_damage(path, len(steps))
            history = cls(path, _connect(path), steps)
            try:
                history._prepare(damage)
            except (sqlite3.Error, OSError, HistoryError):
                history.close()
                raise
            return history

    def commit(self, events: Sequence[SessionEvent], delivered: Mapping[str, int] = _NONE) -> tuple[SessionEvent, ...]:
        """Write the events, with their sessions, and move the sinks' cursors: all of it durably, or nothing.

        Returns the events with their numbers, and their games by the ids they have here. One whose id was committed
        before keeps its number and changes nothing. A cursor never moves back, nor beyond the last event. Raises
        HistoryError; offer the same events again then.
        """
        with self._lock, self._errors():
            self._check_place()
            try:
                return self._commit(events, delivered)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
            self._reopen(self._find_damage())
            return self._commit(events, delivered)

    def _commit(self, events: Sequence[SessionEvent], delivered: Mapping[str, int]) -> tuple[SessionEvent, ...]:
        with self._transaction():
            numbered = tuple(put_event(self._connection, event) for event in events)
            last = self.last_number()
            for sink, number in delivered.items():
                self._connection.execute(
                    "UPDATE cursors SET number = ?1 WHERE sink = ?2 AND number < ?1", (min(number, last), sink)
                )
        return numbered

    def take_in(self, source: str, sessions: Sequence[Session], times: Sequence[CountedTime]) -> TakenIn:
        """Write what another program recorded, all of it durably or nothing; no sink hears of it.

        Raises HistoryError.
        """
        with self._lock, self._errors():
            self._check_place()
            with self._transaction():
                return take_in(self._connection, source, sessions, times, time.time())

    def register(self, sink: str, from_now: bool, in_place_of: Sequence[str] = ()) -> None:
        """Give a sink a cursor if it has none: at the last event (``from_now``), or before the first one kept.

        Where there are cursors of the sinks it comes in place of, it goes on from the one that is furthest behind.
        """
        with self._lock, self._errors(), self._transaction():
            marks = ", ".join("?" * len(in_place_of))
            [[behind]] = self._connection.execute(
                f"SELECT min(number) FROM cursors WHERE sink IN ({marks})",  # noqa: S608
                tuple(in_place_of),
            )
            start = behind if behind is not None else self.last_number() if from_now else 0
            self._connection.execute("INSERT INTO cursors VALUES (?, ?) ON CONFLICT (sink) DO NOTHING", (sink, start))

    def retain(self, sinks: Sequence[str]) -> None:
        """Forget the cursors of all other sinks, so that they no longer hold back the pruning of events."""
        with self._lock, self._errors(), self._transaction():
            marks = ", ".join("?" * len(sinks))
            self._connection.execute(f"DELETE FROM cursors WHERE sink NOT IN ({marks})", tuple(sinks))  # noqa: S608

    def forget(self, sinks: Sequence[str]) -> None:
        """Forget the cursors of these sinks."""
        with self._lock, self._errors(), self._transaction():
            self._connection.executemany("DELETE FROM cursors WHERE sink = ?", [(sink,) for sink in sinks])

    def sinks(self) -> tuple[str, ...]:
        """The names of all sinks that have a cursor, sorted."""
        with self._lock, self._errors():
            return tuple(str(name) for (name,) in self._connection.execute("SELECT sink FROM cursors ORDER BY sink"))

    def backup(self, every: float = DAY) -> Path | None:
        """Back the history up beside it unless the newest backup is younger than ``every`` seconds; prune events.

        Returns the new backup; commits go on meanwhile. Raises HistoryError, HistoryDamagedError where the copy shows
        that the history is damaged.
        """
        with self._errors():
            newest = next(iter(backups(self.path)), None)
            if newest is not None and 0.0 <= time.time() - newest.stat().st_mtime < every:
                return None
            with self._lock:
                self._check_place()
                self._prune()
            with closing(connect_read_only(self.path)) as source:
                return back_up(self.path, source)

    def _prune(self) -> None:
        """Delete events that every sink has received, but for the newest. Their sessions stay."""
        with self._transaction():
            self._connection.execute(
                "DELETE FROM events WHERE number <= min(?, (SELECT coalesce(min(number), ?) FROM cursors))",
                (self.last_number() - EVENTS_KEPT, self.last_number()),
            )

    def _prepare(self, damage: Damage | None) -> None:
        """Settings, tables, and the sessions of a damaged file."""
        connection = self._connection
        for setting in _SETTINGS:
            connection.execute(setting)
        if version(connection) < len(self._steps):
            if not is_empty(connection):
                back_up(self.path, connection)
            migrate(connection, self._steps)
        if damage is not None:
            self.mended = damage.report(self.path, salvage(damage.aside, connection))

    def _check_place(self) -> None:
        """Notice that the file is no longer where people look for it, before a commit goes where nobody finds it."""
        there = _identity(self.path)
        if there is None:
            put_back(self.path, self._connection)
            self._reopen(None)
        elif there != self._identity:
            raise HistoryError(
                f"{self.path} was replaced while gamedetectd was running.",
                "Restart gamedetectd; the sessions that are open are kept in its journal.",
            )

    def _find_damage(self) -> Damage | None:
        self._connection.close()  # Windows renames no open file
        try:
            return find_damage(self.path, len(self._steps))
        finally:
            self._connection = _connect(self.path)

    def _reopen(self, damage: Damage | None) -> None:
        self._connection.close()
        self._connection = _connect(self.path)
        self._identity = _identity(self.path)
        self._prepare(damage)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _connect(path: Path) -> sqlite3.Connection:
    os.close(open_private(path, os.O_RDWR))
    refuse_second_names(path)
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file has this name; None if none has."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return None
    return there.st_dev, there.st_ino
