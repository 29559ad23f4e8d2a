"""A catalogue in memory: the rows that come with the program, behind the same look-up as the indexes on disk."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from gamedetectd.catalogue.index import MOST_TOLD, OTHERS
from gamedetectd.catalogue.rows import folded, names_of, pack, tail, unpack
from gamedetectd.domain import KnownGame

BUILTIN = "built-in"
"""What the rows that come with the program are called."""


class Memory:
    """Rows by file name and by directory, loaded when they are first asked for. Fulfils ``interfaces.Catalogue``.

    They are kept packed, as an index on disk keeps them: thousands of rows, of which one program needs a few. A title
    is looked up as a directory: it is all there is of a program that hides its path.
    """

    def __init__(self, load: Callable[[], Iterable[KnownGame]]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._packed: tuple[tuple[bytes, str], ...] | None = None
        """Each row and its source."""
        self._names: dict[str, int | tuple[int, ...]] = {}
        self._directories: dict[str, int | tuple[int, ...]] = {}

    @property
    def rows(self) -> tuple[KnownGame, ...]:
        """Every row, in the table's order."""
        return tuple(_unpacked(one, 1) for one in self._all())

    def __len__(self) -> int:
        return len(self._all())

    def look_up(self, names: Sequence[str], directories: Sequence[str]) -> tuple[KnownGame, ...]:
        rows = self._all()
        sharing: dict[int, int] = {}
        for name in directories:
            numbers = _numbers(self._directories, name)
            sharing |= dict.fromkeys(numbers[:OTHERS], len(numbers))
        for name in names:
            numbers = _numbers(self._names, name)
            told = (*numbers[:MOST_TOLD], *(number for number in sharing if number in numbers[MOST_TOLD:]))
            sharing |= dict.fromkeys(told, len(numbers))
        return tuple(_unpacked(rows[number], count) for number, count in sharing.items())

    def _all(self) -> tuple[tuple[bytes, str], ...]:
        with self._lock:
            if self._packed is None:
                self._packed = self._loaded()
            return self._packed

    def _loaded(self) -> tuple[tuple[bytes, str], ...]:
        packed: list[tuple[bytes, str]] = []
        for number, game in enumerate(self._load()):
            packed.append((pack(game), sys.intern(game.source)))
            for name, _ in names_of(game):
                _add(self._names, name, number)
            for name in dict.fromkeys((*game.directories, folded(game.title))):
                _add(self._directories, name, number)
        return tuple(packed)


def _add(table: dict[str, int | tuple[int, ...]], name: str, number: int) -> None:
    """Most names are one row's alone, so that a number will do."""
    table[name] = (*_numbers(table, name), number) if name in table else number


def _numbers(table: Mapping[str, int | tuple[int, ...]], name: str) -> tuple[int, ...]:
    found = table.get(name, ())
    return (found,) if isinstance(found, int) else found


def _unpacked(row: tuple[bytes, str], sharing: int) -> KnownGame:
    return unpack(row[0], tail(row[1], sharing))


def builtin() -> Memory:
    """The table that comes with the program."""
    return Memory(_builtin_rows)


def _builtin_rows() -> Iterable[KnownGame]:
    from gamedetectd.catalogue.builtin import each_builtin

    return each_builtin()
