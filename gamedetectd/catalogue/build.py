"""Writes an index: rows in, one file out, in bounded memory whatever the number of titles."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec

from gamedetectd.catalogue.index import APPLICATION_ID, DIRECTORY, FORMAT, MOST_TOLD, NAME, OTHERS, TABLES, About
from gamedetectd.catalogue.rows import names_of, pack
from gamedetectd.domain import KnownGame
from gamedetectd.errors import CatalogueError

_BATCH = 5_000
_PRAGMAS = (
    f"application_id = {APPLICATION_ID}",
    f"user_version = {FORMAT}",
    "journal_mode = OFF",
    "synchronous = OFF",
    "cache_size = -16000",
    "temp_store = FILE",
)
_HASTE = "It is written anew next time; see that the disk has room."


@dataclass(slots=True)
class _Counts:
    titles: int = 0
    programs: int = 0
    skipped: int = 0


def build(file: Path, games: Iterable[KnownGame | None], about: About) -> About:
    """Write ``file``, which must not be there yet; ``about`` is completed by what is counted here.

    A title without programs and directories cannot be found and is left out; None is one that nobody could read.
    Raises CatalogueError where the file cannot be written; it is not synced to the disk.
    """
    try:
        database = sqlite3.connect(file, isolation_level=None)
        try:
            return _build(database, games, about)
        finally:
            database.close()
    except sqlite3.Error as error:
        raise CatalogueError(f"{file} cannot be written: {error}.", _HASTE) from error


def _build(database: sqlite3.Connection, games: Iterable[KnownGame | None], about: About) -> About:
    for setting in _PRAGMAS:
        database.execute(f"PRAGMA {setting}")
    for table in TABLES:
        database.execute(table)
    database.execute("CREATE TEMP TABLE pairs (key TEXT, plain INTEGER, number INTEGER)")
    counts = _Counts()
    database.execute("BEGIN")
    for batch in _batches(games, counts):
        _store(database, batch, counts)
    database.executemany("INSERT INTO keys VALUES (?, ?, ?)", _keys(database))
    made = msgspec.structs.replace(about, titles=counts.titles, programs=counts.programs, skipped=counts.skipped)
    rows = [(name, str(value)) for name, value in msgspec.structs.asdict(made).items()]
    database.executemany("INSERT INTO about VALUES (?, ?)", rows)
    database.execute("COMMIT")
    return made


def _batches(games: Iterable[KnownGame | None], counts: _Counts) -> Iterator[list[KnownGame]]:
    batch = []
    for game in games:
        if game is None:
            counts.skipped += 1
        elif game.launches or game.directories:
            batch.append(game)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _store(database: sqlite3.Connection, batch: list[KnownGame], counts: _Counts) -> None:
    rows, pairs = [], []
    for number, game in enumerate(batch, counts.titles):
        rows.append((number, pack(game)))
        for name, telling in names_of(game):
            pairs.append((NAME + name, not telling, number))
            counts.programs += 1
        pairs.extend((DIRECTORY + name, True, number) for name in dict.fromkeys(game.directories))
    counts.titles += len(batch)
    database.executemany("INSERT INTO games VALUES (?, ?)", rows)
    database.executemany("INSERT INTO pairs VALUES (?, ?, ?)", pairs)


def _keys(database: sqlite3.Connection) -> Iterator[tuple[str, int, bytes]]:
    """Each key with how many share it and the first of them, those that arguments tell apart before the plain ones."""
    ordered = database.execute("SELECT key, plain, number FROM pairs ORDER BY key, plain, number")
    for key, group in groupby(ordered, itemgetter(0)):
        members = list(group)
        told = [number for _, plain, number in members if not plain][:MOST_TOLD]
        kept = told + [number for _, plain, number in members if plain][:OTHERS]
        yield key, len(members), struct.pack(f"<{len(kept)}I", *kept)
