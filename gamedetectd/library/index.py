"""Finds installed games: by the place of a program, by an id that a store gave it, and by the title of a window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gamedetectd.domain import InstalledGame
from gamedetectd.library.places import folded, squeezed

_ROWS_PER_KEY = 16
"""Rows of one key that are told; more of them share a title or an id by accident."""


class Index:
    """The rows of all stores. Reading it needs no lock: it is made anew when anything changes."""

    def __init__(self, games: Iterable[InstalledGame] = ()) -> None:
        self.games = tuple(games)
        self._by_place: dict[str, list[InstalledGame]] = defaultdict(list)
        self._by_id: dict[str, list[InstalledGame]] = defaultdict(list)
        self._by_title: dict[str, list[InstalledGame]] = defaultdict(list)
        for game in self.games:
            for place in (game.install_dir, *game.executables):
                for spelt in _spellings(folded(place)):
                    self._by_place[spelt].append(game)
            for ident in (game.id, *(one.partition(":")[2] for one in game.also)):
                self._by_id[ident].append(game)
            self._by_title[squeezed(game.title)].append(game)

    def look_up(self, paths: Sequence[str], ids: Iterable[str] = (), title: str = "") -> tuple[InstalledGame, ...]:
        """The rows that hold one of the paths, bear one of the ids (without its store), or are called ``title``.

        Case does not matter: who weighs the rows looks closer.
        """
        found = [
            *(row for path in paths for place in _upwards(folded(path)) for row in self._of(self._by_place, place)),
            *(row for ident in ids for row in self._of(self._by_id, ident)),
            *self._of(self._by_title, squeezed(title)),
        ]
        return tuple(dict.fromkeys(found))

    @staticmethod
    def _of(table: Mapping[str, list[InstalledGame]], key: str) -> Sequence[InstalledGame]:
        return table.get(key, ())[:_ROWS_PER_KEY] if key else ()


def _spellings(path: str) -> Iterator[str]:
    """The path, and how programs in a Wine prefix see it: some tell nothing of where their prefix is."""
    if path:
        yield path
    _before, drive, rest = path.partition("/drive_c/")
    if drive:
        yield f"c:/{rest}"


def _upwards(path: str) -> Iterator[str]:
    """The path itself and every directory above it."""
    while path:
        yield path
        path = path.rpartition("/")[0]
