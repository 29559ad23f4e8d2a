"""One catalogue on disk: an SQLite file that is never changed once it is written, read a page at a time.

``keys`` leads from a file name or a directory's name to the numbers of the games that share it and to how many there
are; ``games`` holds the rows. A look-up is two searches in trees of a few levels, whatever the number of titles.
"""

from __future__ import annotations

import sqlite3
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from gamedetectd.catalogue.rows import file_name, tail, unpack
from gamedetectd.domain import KnownGame
from gamedetectd.errors import CatalogueError

APPLICATION_ID = 0x47444341
"""Marks the file as ours (``GDCA``), see https://www.sqlite.org/pragma.html#pragma_application_id."""
FORMAT = 1
TABLES = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE games (number INTEGER PRIMARY KEY, row BLOB NOT NULL)",
    "CREATE TABLE keys (key TEXT PRIMARY KEY, sharing INTEGER NOT NULL, games BLOB NOT NULL) WITHOUT ROWID",
)
NAME, DIRECTORY = "n", "d"
"""What a key begins with."""
OTHERS = 16
"""Rows of one file name that are kept where nothing but the name tells them apart; there may be hundreds."""
MOST_TOLD = 48
"""Rows of one file name that are kept where arguments tell them apart."""
_CACHE_KIB = 1_024
_MOST_NAMES, _MOST_DIRECTORIES = 8, 16
_KEYS = "SELECT sharing, games FROM keys WHERE key = ?"
_ROWS = "SELECT number, row FROM games WHERE number IN (%s)"
_SOME = "SELECT number, row FROM games WHERE number > ? ORDER BY number LIMIT 500"
_MOST_ROWS = 64


class About(msgspec.Struct, frozen=True):
    """What an index says of itself. ``made_at`` is wall time; ``origin`` an address or a file, ``etag`` its version."""

    source: str
    origin: str
    made_at: float
    titles: int
    programs: int
    skipped: int = 0
    etag: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """Where one key leads: how many games share it, and the numbers of those that are kept for it."""

    sharing: int
    numbers: tuple[int, ...]


class Index:
    """An opened index; for any thread, one at a time. Fulfils ``interfaces.Catalogue``."""

    def __init__(self, file: Path) -> None:
        """Raises CatalogueError where ``file`` is no index of ours that can be read."""
        self.file = file
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1",
                uri=True,
                check_same_thread=False,
                cached_statements=_MOST_ROWS,
                isolation_level=None,
            )
        except sqlite3.Error as error:
            raise _damaged(file, error) from error
        try:
            self.about = self._examine()
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            self.close()
            raise _damaged(file, error) from error
        except CatalogueError:
            self.close()
            raise

    def _examine(self) -> About:
        """Everything about the file that can be checked without reading all of it."""
        ask = self._database.execute
        for setting in ("trusted_schema = 0", "cell_size_check = 1", f"cache_size = -{_CACHE_KIB}", "temp_store = 2"):
            ask(f"PRAGMA {setting}")
        if ask("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise CatalogueError(f"{self.file} is no catalogue of gamedetectd's.", _IMPORT_AGAIN)
        version = ask("PRAGMA user_version").fetchone()[0]
        if version != FORMAT:
            raise CatalogueError(
                f"{self.file} has the format {version}; this gamedetectd reads {FORMAT}.", _IMPORT_AGAIN
            )
        if {row[0] for row in ask("SELECT sql FROM sqlite_master")} != set(TABLES):
            raise CatalogueError(f"{self.file} does not hold the tables of a catalogue.", _IMPORT_AGAIN)
        values = dict(ask("SELECT name, value FROM about"))
        return msgspec.convert(values, About, strict=False)

    def look_up(self, names: Sequence[str], directories: Sequence[str]) -> tuple[KnownGame, ...]:
        """Those in one of the directories first. Raises CatalogueError where the file turns out to be damaged."""
        try:
            with self._lock:
                named = self._found(NAME, names[:_MOST_NAMES])
                placed = self._found(DIRECTORY, directories[:_MOST_DIRECTORIES])
                return self._rows(named, placed)
        except (sqlite3.Error, msgspec.MsgspecError, struct.error, TypeError, IndexError) as error:
            raise _damaged(self.file, error) from error

    def _found(self, prefix: str, texts: Sequence[str]) -> dict[str, _Found]:
        """What each text leads to, those that lead nowhere left out."""
        found = {}
        for text in texts:
            row = self._database.execute(_KEYS, (prefix + text,)).fetchone()
            if row is not None:
                found[text] = _Found(row[0], struct.unpack(f"<{len(row[1]) // 4}I", row[1]))
        return found

    def _rows(self, named: Mapping[str, _Found], placed: Mapping[str, _Found]) -> tuple[KnownGame, ...]:
        sharing: dict[int, int] = {}
        for found in (*placed.values(), *named.values()):
            sharing |= dict.fromkeys(found.numbers, found.sharing)
        if not sharing:
            return ()
        numbers = list(sharing)[:_MOST_ROWS]
        rows = dict(self._database.execute(_ROWS % ",".join("?" * len(numbers)), numbers))
        if len(rows) < len(numbers):
            raise sqlite3.DatabaseError("a row is missing")
        source = self.about.source
        tails = {count: tail(source, count) for count in set(sharing.values())}
        games = [unpack(rows[number], tails[sharing[number]]) for number in numbers]
        return tuple([_shared(game, named) for game in games] if placed and named else games)

    def titles(self) -> Iterator[str]:
        """The title of every row; others may look up between two of them. Raises CatalogueError for a damaged file."""
        latest = -1
        end = tail(self.about.source, 1)
        while True:
            try:
                with self._lock:
                    rows = self._database.execute(_SOME, (latest,)).fetchall()
                titles = [unpack(row, end).title for _, row in rows]
            except (sqlite3.Error, msgspec.MsgspecError, TypeError, IndexError) as error:
                raise _damaged(self.file, error) from error
            if not rows:
                return
            yield from titles
            latest = rows[-1][0]

    def check(self) -> None:
        """Read the whole file. Raises CatalogueError where any of it is damaged."""
        try:
            with self._lock:
                told = self._database.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.Error as error:
            raise _damaged(self.file, error) from error
        if told != "ok":
            raise _damaged(self.file, sqlite3.DatabaseError(told))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _shared(game: KnownGame, named: Mapping[str, _Found]) -> KnownGame:
    """With the number of those that share the file name, also where the row was found by its directory."""
    counts = [named[name].sharing for launch in game.launches if (name := file_name(launch.path)) in named]
    most = max(counts, default=game.sharing)
    return game if most == game.sharing else replace(game, sharing=most)


_IMPORT_AGAIN = "Import it again: gamedetectd catalogue update, or gamedetectd catalogue import FILE"


def _damaged(file: Path, error: Exception) -> CatalogueError:
    return CatalogueError(f"{file} cannot be read: {error}.", _IMPORT_AGAIN)
