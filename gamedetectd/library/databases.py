"""Reads tables of stores' SQLite databases while the stores write them, without leaving a trace beside them.

Raises ``UnreadableError`` and nothing else.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from gamedetectd.domain import Shelf
from gamedetectd.library.files import UnreadableError, not_opened, stamps
from gamedetectd.platforms.regular_files import read_regular

LOCK_WAIT = 1.0
"""Seconds to wait for a store that writes."""
TIME_LIMIT = 5.0
"""Seconds after which reading one database is given up."""
ROWS_LIMIT = 200_000
VALUE_LIMIT = 4_000_000
"""Bytes of the largest value."""
TOTAL_LIMIT = 64_000_000
"""Bytes of all values together: a column added with a long default makes every row as long, at no cost on disk."""
_STEPS = 20_000

WRITING = "The store is writing it."

Row = Mapping[str, object]


class Patience:
    """Lets a reader repeat what it said last while the store writes its database, and makes it be asked again."""

    def __init__(self) -> None:
        self.asked_again = 0
        """Part of the reader's fingerprint."""
        self._last: Shelf | None = None

    def settle(self, shelf: Shelf) -> Shelf:
        """The shelf, or the one before it where a database could not be read just now."""
        if any(problem.cause == WRITING for problem in shelf.problems):
            self.asked_again += 1
            return self._last or shelf
        self._last = shelf
        return shelf


def read_tables(path: Path, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Row]]:
    """The rows of the wanted tables, as ``{table: [{column: value}]}``; text that is no UTF-8 is mended.

    Columns are found in any spelling (``gameId``, ``game_id``); missing ones are None, missing tables are missing here.
    """
    mode = _mode(path)
    try:
        return _read(path, wanted, mode)
    except UnreadableError as error:
        error.place = error.place or str(path)
        raise
    except sqlite3.OperationalError as error:
        raise _unreadable(error, path) from None
    except (sqlite3.Error, OverflowError) as error:
        raise UnreadableError(
            f"The database is damaged: {error}.", "Let the store repair or rebuild it.", str(path)
        ) from None


def database_stamps(*paths: Path) -> Hashable:
    """The stamps of databases and of their write-ahead logs."""
    return stamps(*paths, *(path.with_name(path.name + "-wal") for path in paths))


def _mode(path: Path) -> str:
    """How to open it. A database with a write-ahead log that nobody has open is read as it lies: SQLite would put
    files beside it (https://www.sqlite.org/wal.html#read_only_databases). Refuses what is no database file at all.
    """
    try:
        header = read_regular(path, 20)
        logged = path.with_name(path.name + "-wal").exists()
    except (OSError, ValueError) as error:
        raise not_opened(error, path) from None
    if not header:
        raise UnreadableError("It is empty.", place=str(path))
    return "mode=ro&immutable=1" if header[18:19] == b"\x02" and not logged else "mode=ro"


def _read(path: Path, wanted: Mapping[str, Sequence[str]], mode: str) -> dict[str, list[Row]]:
    place = quote(path.absolute().as_posix(), safe="/")
    uri = f"file://{'' if place.startswith('/') else '/'}{place}?{mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=LOCK_WAIT, isolation_level=None)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_LIMIT)
        until = time.monotonic() + TIME_LIMIT
        connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("BEGIN")
        budget = _Budget(until)
        return {
            table: [budget.spend(row) for row in _rows(connection, table, columns)]
            for table, columns in _present(connection, wanted)
        }


class _Budget:
    """What one database may take of memory and time."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._left = TOTAL_LIMIT

    def spend(self, row: Row) -> Row:
        """The row, if there is still room for it. Raises UnreadableError."""
        self._left -= sum(len(value) for value in row.values() if isinstance(value, str | bytes))
        if self._left < 0:
            raise UnreadableError(f"It holds more than {TOTAL_LIMIT // 1_000_000} MB, which no store's does.")
        if time.monotonic() > self._until:
            raise UnreadableError(f"Reading it took more than {TIME_LIMIT:.0f} s.")
        return row


def _present(
    connection: sqlite3.Connection, wanted: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Sequence[str]]]:
    """Those of the wanted that are tables: a view could run for ever."""
    tables = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    return ((table, columns) for table, columns in wanted.items() if table in tables)


def _rows(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> Iterator[Row]:
    there = {_key(str(row[1])): str(row[1]) for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")}
    chosen = ", ".join(_quoted(there[_key(column)]) if _key(column) in there else "NULL" for column in columns)
    rows = connection.execute(f"SELECT {chosen} FROM {_quoted(table)} LIMIT {ROWS_LIMIT}")  # noqa: S608 - quoted
    return (dict(zip(columns, row, strict=True)) for row in rows)


def _key(column: str) -> str:
    return column.replace("_", "").lower()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unreadable(error: sqlite3.OperationalError, path: Path) -> UnreadableError:
    message = str(error)
    if "locked" in message or "busy" in message:
        return UnreadableError(WRITING, "Nothing to do: it is read again soon.", str(path))
    if "interrupted" in message:
        return UnreadableError(f"Reading it took more than {TIME_LIMIT:.0f} s.", place=str(path))
    return UnreadableError(
        f"The database cannot be opened: {message}.", "Start the store's own program once, which mends it.", str(path)
    )
