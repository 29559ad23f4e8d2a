"""Heroic: games of Epic, GOG, Amazon and ZOOM, and those people added themselves, each kind in files of its own.

What is installed stands in one file for each store, most titles in another. The row's store is the one the game comes
from; ``heroic:<app name>`` is what Heroic calls it in its games' environment.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library import gog_info, native
from gamedetectd.library.amazon import nile_games
from gamedetectd.library.files import (
    UnreadableError,
    attempt,
    is_true,
    mapping,
    mappings,
    modified,
    parse_json,
    read_bytes,
    read_json,
    stamps,
    text_of,
    there,
)
from gamedetectd.library.legendary import epic_games, read_installed
from gamedetectd.library.not_games import is_no_game, starts_others
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

_EPIC = Path("legendaryConfig", "legendary", "installed.json")
_NILE = Path("nile_config", "nile")
_CACHE = Path("store_cache")
_ADDED = Path("sideload_apps", "library.json")
_STORES: tuple[tuple[str, Path, tuple[Path, ...]], ...] = (
    ("epic", _EPIC, (_CACHE / "legendary_library.json", Path("lib-cache", "library.json"))),
    ("gog", Path("gog_store", "installed.json"), (_CACHE / "gog_library.json", Path("gog_store", "library.json"))),
    ("amazon", _NILE / "installed.json", (_CACHE / "nile_library.json",)),
    ("zoom", Path("zoom_store", "installed.json"), (_CACHE / "zoom_library.json", Path("zoom_store", "library.json"))),
)
"""Where a game comes from, what says that it is installed, and what knows its title, newest first."""
_FILES: tuple[Path, ...] = (
    *(path for _, file, libraries in _STORES for path in (file, *libraries)),
    _NILE / "library.json",
    _ADDED,
)
"""Everything that is read at every load."""


class HeroicReader:
    """Reads Heroic's files, and those of its Flatpak."""

    name: ClassVar[str] = "heroic"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._homes = _homes(surroundings)

    def roots(self) -> Sequence[str]:
        files = [(place, place / file) for home in self._homes for place in home for file in _FILES]
        directories = [directory for place, file in files for directory in (place, file.parent)]
        return [str(directory) for directory in dict.fromkeys(directories) if there(directory)]

    def fingerprint(self) -> Hashable:
        return stamps(*(place / file for home in self._homes for place in home for file in _FILES))

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games: dict[tuple[str, str], InstalledGame] = {}
        for home in self._homes:
            for game in _Heroic(home, self._surroundings, problems).games():
                games.setdefault((game.store, game.id), game)
        return shelf("Heroic", bool(self.roots()), games.values(), problems)


class _Heroic:
    """One reading of one Heroic, whose files lie in one directory or, since 2026, are spread over several."""

    def __init__(self, home: tuple[Path, ...], surroundings: Surroundings, problems: list[LibraryProblem]) -> None:
        self._home = home
        self._surroundings = surroundings
        self._problems = problems

    def _at(self, file: Path) -> Path:
        """Where the file lies; the newest, where moving left an old one behind."""
        found = [place / file for place in self._home if there(place / file)]
        return max(found, key=modified, default=self._home[0] / file)

    def games(self) -> Iterator[InstalledGame]:
        for store, file, libraries in _STORES:
            library = self._library(libraries)
            titles = {app: title for app, entry in library.items() if (title := text_of(entry, "title"))}
            listed = self._at(file)
            if not there(listed):
                yield from self._by_library(store, library)
            elif store == "epic":
                fields = attempt(self._problems, read_installed, listed) or {}
                yield from epic_games(self._surroundings, fields, titles, "heroic")
            elif store == "amazon":
                yield from nile_games(self._surroundings, listed.parent, self._problems, titles, "heroic")
            else:
                yield from self._by_list(store, listed, titles)
        yield from self._added()

    def _library(self, files: Sequence[Path]) -> dict[str, Mapping[str, object]]:
        """What the person owns, by app name; the first file that is there and can be read tells."""
        for path in map(self._at, files):
            if entries := attempt(self._problems, _read_library, path) if there(path) else None:
                return entries
        return {}

    def _by_library(self, store: str, library: Mapping[str, Mapping[str, object]]) -> Iterator[InstalledGame]:
        """Without a list of what is installed, the library's own entries say it."""
        for app, entry in library.items():
            install = mapping(entry.get("install"))
            if entry.get("is_installed", True) and not is_true(install.get("is_dlc")):
                place = text_of(install, "install_path")
                yield from self._row(store, app, text_of(entry, "title"), place, text_of(install, "executable"))

    def _by_list(self, store: str, file: Path, titles: Mapping[str, str]) -> Iterator[InstalledGame]:
        for entry in attempt(self._problems, _read_installed, file) or ():
            app = text_of(entry, "appName", "app_name")
            if not is_true(entry.get("is_dlc")):
                place = text_of(entry, "install_path")
                yield from self._row(store, app, titles.get(app, ""), place, text_of(entry, "executable"))

    def _row(self, store: str, app: str, title: str, place: str, program: str) -> Iterator[InstalledGame]:
        """A game of a store; GOG's own files know the programs, and the title where Heroic does not."""
        if not place:
            return
        place = native.in_prefix(place, self._prefix(app, place))
        told = self._gog(app, place) if store == "gog" else None
        programs = [*([program] if program else []), *(told.programs if told else ())]
        called = title or (told.title if told else "")
        row = installed(self._surroundings, store, app, called, place, programs, also=[f"heroic:{app}"])
        if row:
            yield row

    def _gog(self, app: str, place: str) -> gog_info.GogGame | None:
        """What the game's own files say; trouble with them is no news, since Heroic knows the game."""
        return next((game for game in gog_info.games_in(Path(place), []) if game.id == app), None)

    def _added(self) -> Iterator[InstalledGame]:
        """What the person added: nothing but a program, a title and perhaps a directory, or a page for a browser."""
        file = self._at(_ADDED)
        entries = attempt(self._problems, _read_library, file) if there(file) else None
        for app, entry in (entries or {}).items():
            install = mapping(entry.get("install"))
            program = text_of(install, "executable")
            program = native.in_prefix(program, self._prefix(app, program))
            place = text_of(entry, "folder_name") or text_of(install, "install_path")
            place = native.in_prefix(place, self._prefix(app, place)) or native.of_program(self._surroundings, program)
            if text_of(install, "platform").lower() == "browser" or starts_others(program):
                place = program = ""
            title = text_of(entry, "title")
            row = installed(self._surroundings, "heroic", app, title, place, [program])
            if row and not is_no_game(title):
                yield row

    def _prefix(self, app: str, path: str) -> str:
        """The Wine prefix of a game, looked up only for paths that Windows would understand."""
        if self._surroundings.system is System.WINDOWS or not native.is_windows(path) or "/" in app:
            return ""
        file = self._at(Path("GamesConfig", f"{app}.json"))
        settings = mapping(attempt(self._problems, read_json, file) if there(file) else None)
        return text_of(mapping(settings.get(app)), "winePrefix")


def parse_library(data: bytes) -> dict[str, Mapping[str, object]]:
    """The entries of a library file, ``{"library" or "games": [{app_name, title, …}]}``, by app name.

    Raises UnreadableError.
    """
    entries = parse_list(data, "library", "games")
    return {app: entry for entry in entries if (app := text_of(entry, "app_name"))}


def parse_list(data: bytes, *names: str) -> list[Mapping[str, object]]:
    """The entries of the lists with these names in one of Heroic's files. Raises UnreadableError."""
    value = parse_json(data)
    fields = mapping(value)
    if not isinstance(value, dict) or not all(isinstance(fields.get(name, []), list) for name in names):
        raise UnreadableError("It is not a list of games.", "Start Heroic and let it refresh its library.")
    return [entry for name in names for entry in mappings(fields.get(name))]


def _read_library(path: Path) -> dict[str, Mapping[str, object]]:
    return parse_library(read_bytes(path))


def _read_installed(path: Path) -> list[Mapping[str, object]]:
    return parse_list(read_bytes(path), "installed")


def _homes(surroundings: Surroundings) -> tuple[tuple[Path, ...], ...]:
    """For each Heroic there may be, the directories its files lie in, the usual one first."""
    if surroundings.system is System.WINDOWS:
        return ((surroundings.app_data / "heroic",),)
    if surroundings.system is System.MACOS:
        return ((surroundings.application_support / "heroic",),)
    cache = surroundings.variable("XDG_CACHE_HOME", surroundings.home / ".cache")
    sandbox = surroundings.flatpak("com.heroicgameslauncher.hgl")
    return (
        tuple(top / "heroic" for top in (surroundings.config_home, surroundings.data_home, cache)),
        tuple(sandbox / top / "heroic" for top in ("config", "data", "cache")),
    )
