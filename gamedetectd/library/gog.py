r"""GOG: what Galaxy and the plain installers left in the registry, in their directories, and in Galaxy's database.

Windows: ``HKLM\SOFTWARE\WOW6432Node\GOG.com\Games\<id>``; the directories of games known by their info files, also
without a registry. macOS: the bundles in ``Applications`` and Galaxy's list. Linux: ``~/GOG Games``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library import gog_info, places
from gamedetectd.library.databases import Patience, database_stamps, read_tables
from gamedetectd.library.files import attempt, directory_stamps, read_names, text_of, there
from gamedetectd.library.registry_keys import below, text
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

_KEYS = (r"HKLM\SOFTWARE\WOW6432Node\GOG.com\Games", r"HKLM\SOFTWARE\GOG.com\Games")
_TABLES = {"InstalledBaseProducts": ("productId", "installationPath"), "LimitedDetails": ("productId", "title")}


class GogReader:
    """Reads what GOG's own programs installed; the first place that knows a game is believed."""

    name: ClassVar[str] = "gog"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._collections = _collections(surroundings)
        self._applications = _applications(surroundings)
        self._galaxy = _galaxy(surroundings)
        self._patience = Patience()

    def roots(self) -> Sequence[str]:
        places = (*self._collections, *self._applications, *self._galaxy)
        return [str(place) for place in places if there(place)]

    def fingerprint(self) -> Hashable:
        registry = self._surroundings.registry
        keys = [(name, text(values, "path")) for name, values in below(registry, *_KEYS)]
        places = map(directory_stamps, (*self._collections, *self._applications))
        return (self._patience.asked_again, *keys, *places, database_stamps(*self._galaxy))

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games: dict[str, InstalledGame] = {}
        for ways in (self._of_registry, self._of_galaxy, self._of_collections, self._of_applications):
            for game in ways(problems):
                games.setdefault(game.id, game)
        return self._patience.settle(shelf("GOG", bool(self.roots()), games.values(), problems))

    def _of_registry(self, problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        """An add-on has a key of its own that says on which game it depends."""
        for key, values in below(self._surroundings.registry, *_KEYS):
            ident, directory = text(values, "gameID") or key, places.native(self._surroundings, text(values, "path"))
            if text(values, "dependsOn") or not directory:
                continue
            told = {game.id: game for game in gog_info.games_in(Path(directory), problems)}.get(ident)
            programs = (*(told.programs if told else ()), text(values, "exe"), text(values, "exeFile"))
            row = installed(self._surroundings, "gog", ident, text(values, "gameName"), directory, programs[:4])
            if row:
                yield row

    def _of_collections(self, problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        for collection in self._collections:
            for name in attempt(problems, read_names, collection) or () if there(collection) else ():
                yield from self._in_directory(collection / name, problems)

    def _of_applications(self, problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        for folder in self._applications:
            for name in attempt(problems, lambda path: read_names(path, ".app"), folder) or () if there(folder) else ():
                yield from self._in_directory(folder / name, problems)

    def _of_galaxy(self, problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        for database in filter(there, self._galaxy):
            tables = attempt(problems, lambda path: read_tables(path, _TABLES), database) or {}
            titles = {text_of(row, "productId"): text_of(row, "title") for row in tables.get("LimitedDetails", ())}
            for product in tables.get("InstalledBaseProducts", ()):
                ident, directory = text_of(product, "productId"), text_of(product, "installationPath")
                found = {game.id: game for game in self._in_directory(Path(directory), problems)} if directory else {}
                row = found.get(ident)
                if row is None and not found and titles.get(ident):
                    row = installed(self._surroundings, "gog", ident, titles[ident], directory)
                if row:
                    yield row

    def _in_directory(self, directory: Path, problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        look = gog_info.games_in if directory.suffix.lower() != ".app" else gog_info.games_in_bundle
        for game in look(directory, problems):
            row = installed(self._surroundings, "gog", game.id, game.title, str(directory), game.programs)
            if row:
                yield row


def _collections(surroundings: Surroundings) -> tuple[Path, ...]:
    """Directories that hold a directory for each game."""
    found = [surroundings.home / "GOG Games"]
    if surroundings.system is System.WINDOWS:
        for drive in surroundings.drives:
            found += [drive / "GOG Games", drive / "Program Files (x86)" / "GOG Galaxy" / "Games"]
    return tuple(dict.fromkeys(found))


def _applications(surroundings: Surroundings) -> tuple[Path, ...]:
    if surroundings.system is not System.MACOS:
        return ()
    return tuple(top / "Applications" for top in (*surroundings.drives, surroundings.home))


def _galaxy(surroundings: Surroundings) -> tuple[Path, ...]:
    """Galaxy's database. On Windows the registry knows as much."""
    if surroundings.system is not System.MACOS:
        return ()
    inner = Path("Users", "Shared", "GOG.com", "Galaxy", "Storage", "galaxy-2.0.db")
    return tuple(drive / inner for drive in surroundings.drives)
