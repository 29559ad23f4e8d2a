"""A catalogue in memory: the rows that come with the program, behind the same look-up as the indexes on disk."""

from __future__ import annotations

import sys
import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from gamedetectd.catalogue.index import MOST_TOLD, OTHERS
from gamedetectd.catalogue.rows import folded, names_of, pack, tail, unpack
from gamedetectd.domain import KnownGame

BUILTIN = "built-in"
"""What the rows that come with the program are called."""


class Memory:
    """Rows by file name and by directory, loaded when they are first asked for. Fulfils ``interfaces.Catalogue``.

    They are kept packed, as an index on disk keeps them, and in a few large pieces: thousands of rows, of which one
    program needs a few. A title is looked up as a directory: it is all there is of a program that hides its path.
    """

    def __init__(self, load: Callable[[], Iterable[KnownGame]]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._rows: _Rows | None = None

    @property
    def rows(self) -> tuple[KnownGame, ...]:
        """Every row, in the table's order."""
        rows = self._all()
        return tuple(rows.unpacked(number, 1) for number in range(len(rows)))

    def titles(self) -> Iterator[str]:
        """The title of every row, in the table's order."""
        rows = self._all()
        return (rows.unpacked(number, 1).title for number in range(len(rows)))

    def __len__(self) -> int:
        return len(self._all())

    def look_up(self, names: Sequence[str], directories: Sequence[str]) -> tuple[KnownGame, ...]:
        rows = self._all()
        sharing: dict[int, int] = {}
        for name in directories:
            numbers = rows.directories.find(name)
            sharing |= dict.fromkeys(numbers[:OTHERS], len(numbers))
        for name in names:
            numbers = rows.names.find(name)
            told = (*numbers[:MOST_TOLD], *(number for number in sharing if number in numbers[MOST_TOLD:]))
            sharing |= dict.fromkeys(told, len(numbers))
        return tuple(rows.unpacked(number, count) for number, count in sharing.items())

    def _all(self) -> _Rows:
        with self._lock:
            if self._rows is None:
                self._rows = _Rows(self._load())
            return self._rows


class _Rows:
    """All rows, one behind the other, and what leads to them."""

    def __init__(self, games: Iterable[KnownGame]) -> None:
        packed = bytearray()
        self._ends = array("L")
        self._sources: list[str] = []
        names, directories = _Pairs(), _Pairs()
        for number, game in enumerate(games):
            packed += pack(game)
            self._ends.append(len(packed))
            self._sources.append(sys.intern(game.source))
            for name, _ in names_of(game):
                names.add(name, number)
            for name in dict.fromkeys((*game.directories, folded(game.title))):
                directories.add(name, number)
        self._packed = bytes(packed)
        self.names, self.directories = names.sorted(), directories.sorted()

    def __len__(self) -> int:
        return len(self._ends)

    def unpacked(self, number: int, sharing: int) -> KnownGame:
        """One row, and how many share what it was found by."""
        begin = self._ends[number - 1] if number else 0
        return unpack(self._packed[begin : self._ends[number]], tail(self._sources[number], sharing))


class _Pairs:
    """Which rows a text leads to: 16 bytes a pair.

    A text is known by its 64-bit hash. Should two ever have the same, which nobody will live to see, detection is shown
    a row too many and finds that it does not fit.
    """

    def __init__(self) -> None:
        self._hashes = array("q")
        self._numbers = array("L")

    def add(self, text: str, number: int) -> None:
        """``text`` leads to the row ``number``, which is not smaller than the one before."""
        self._hashes.append(hash(text))
        self._numbers.append(number)

    def sorted(self) -> _Pairs:
        """The same in the order in which ``find`` looks; the rows of one text stay in theirs."""
        pairs = _Pairs()
        for place in sorted(range(len(self._hashes)), key=self._hashes.__getitem__):
            pairs._hashes.append(self._hashes[place])
            pairs._numbers.append(self._numbers[place])
        return pairs

    def find(self, text: str) -> tuple[int, ...]:
        """The numbers of its rows, the smallest first."""
        wanted = hash(text)
        return tuple(self._numbers[bisect_left(self._hashes, wanted) : bisect_right(self._hashes, wanted)])


def builtin() -> Memory:
    """The table that comes with the program."""
    return Memory(_builtin_rows)


def _builtin_rows() -> Iterable[KnownGame]:
    from gamedetectd.catalogue.builtin import each_builtin

    return each_builtin()
