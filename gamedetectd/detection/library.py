"""The library: does the program lie in the directory of something a store installed here, and is that a game?"""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.tables.software import is_software
from gamedetectd.domain import Game, InstalledGame


def testify(case: Case) -> Iterator[Sign]:
    """One sign at most: the innermost row that holds the program."""
    row = case.row
    if row is None:
        return
    if software := is_software(row.store, row.id, row.title):
        yield Sign(
            "library.software", f"It lies in {row.install_dir}, where {row.store} installed {software}: no game."
        )
        return
    place = paths.base_name(case.program.path)
    reason = f"{place} lies in {row.install_dir}, where {row.store} installed {row.title}."
    yield Sign("library.installed", reason, game_of(row))


def game_of(row: InstalledGame) -> Game:
    """The game a library row names."""
    return Game(f"{row.store}:{row.id}", row.title, "the library", row.install_dir)
