"""A catalogue in memory: the rows that come with the program, behind the same look-up as the indexes on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from gamedetectd.catalogue.index import MOST_TOLD, OTHERS
from gamedetectd.catalogue.rows import folded, names_of
from gamedetectd.domain import KnownGame

BUILTIN = "built-in"
"""What the rows that come with the program are called."""


class Memory:
    """Rows by file name and by directory, loaded when they are first asked for. Fulfils ``interfaces.Catalogue``.

    A title is looked up as a directory: it is all there is of a program that hides its path.
    """

    def __init__(self, load: Callable[[], Iterable[KnownGame]]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._rows: tuple[KnownGame, ...] | None = None
        self._names: dict[str, tuple[int, ...]] = {}
        self._directories: dict[str, tuple[int, ...]] = {}

    @property
    def rows(self) -> tuple[KnownGame, ...]:
        """Every row, in the table's order."""
        with self._lock:
            if self._rows is None:
                self._rows = self._loaded()
            return self._rows

    def look_up(self, names: Sequence[str], directories: Sequence[str]) -> tuple[KnownGame, ...]:
        rows = self.rows
        sharing: dict[int, int] = {}
        for name in directories:
            numbers = self._directories.get(name, ())
            sharing |= dict.fromkeys(numbers[:OTHERS], len(numbers))
        for name in names:
            numbers = self._names.get(name, ())
            told = (*numbers[:MOST_TOLD], *(number for number in sharing if number in numbers[MOST_TOLD:]))
            sharing |= dict.fromkeys(told, len(numbers))
        return tuple(_shared(rows[number], count) for number, count in sharing.items())

    def _loaded(self) -> tuple[KnownGame, ...]:
        rows = tuple(self._load())
        names: dict[str, list[int]] = {}
        directories: dict[str, list[int]] = {}
        for number, game in enumerate(rows):
            for name, _ in names_of(game):
                names.setdefault(name, []).append(number)
            for name in dict.fromkeys((*game.directories, folded(game.title))):
                directories.setdefault(name, []).append(number)
        self._names = {name: tuple(numbers) for name, numbers in names.items()}
        self._directories = {name: tuple(numbers) for name, numbers in directories.items()}
        return rows


def _shared(game: KnownGame, count: int) -> KnownGame:
    return game if game.sharing == count else replace(game, sharing=count)


def builtin() -> Memory:
    """The table that comes with the program."""
    return Memory(_builtin_rows)


def _builtin_rows() -> Iterable[KnownGame]:
    from gamedetectd.catalogue.builtin import load_builtin

    return load_builtin()
