"""Looks at a history without changing anything: whether it is sound, what is in it, and which copies there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.sessions.access import check_ours, connect_read_only, history_errors
from gamedetectd.sessions.backups import backups, is_damage
from gamedetectd.sessions.schema import STEPS, is_empty, version


@dataclass(frozen=True, slots=True)
class Copy:
    """A file beside the history: a backup, or a damaged one set aside. ``made_at`` is wall time."""

    path: Path
    made_at: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found. ``version`` is 0 for a file without tables; ``damage`` is SQLite's word, "" where it is sound.

    Copies begin with the newest.
    """

    exists: bool
    version: int = 0
    sessions: int = 0
    damage: str = ""
    backups: tuple[Copy, ...] = ()
    set_aside: tuple[Copy, ...] = ()


def inspect(path: Path) -> Inspection:
    """Look through the history at ``path``, also while the daemon writes to it.

    Raises HistoryError where it cannot be read, is of a newer version, or another program's.
    """
    kept = _copies(backups(path))
    damaged = path.parent.glob(f"{path.stem}.damaged-*{path.suffix}")
    aside = _copies(sorted(damaged, key=lambda file: file.stem, reverse=True))
    with history_errors(path):
        if not path.exists():
            return Inspection(False, backups=kept, set_aside=aside)
        with closing(connect_read_only(path)) as connection:
            try:
                return Inspection(True, *_content(path, connection), kept, aside)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                return Inspection(True, damage=f"{error}.", backups=kept, set_aside=aside)


def _content(path: Path, connection: sqlite3.Connection) -> tuple[int, int, str]:
    """Version, number of sessions, and what is damaged."""
    check_ours(path, connection, len(STEPS))
    if is_empty(connection):
        return 0, 0, ""
    said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    (sessions,) = connection.execute("SELECT count(*) FROM sessions").fetchone()
    return version(connection), int(sessions), "" if said == "ok" else f"{said}."


def _copies(files: Iterable[Path]) -> tuple[Copy, ...]:
    found = []
    for file in files:
        try:
            status = file.stat()
        except FileNotFoundError:
            continue  # pruned while we looked
        found.append(Copy(file, status.st_mtime, status.st_size))
    return tuple(found)
