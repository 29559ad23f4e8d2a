r"""Rockstar Games Launcher: registry keys by title, and Windows' list of programs with the launcher's own names.

``HKLM\SOFTWARE\WOW6432Node\Rockstar Games\<title>``: ``InstallFolder``. What Steam or Epic installed has
``InstallFolderSteam`` or ``InstallFolderEpic`` instead and is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from typing import ClassVar

from gamedetectd.domain import InstalledGame, Shelf
from gamedetectd.library import registry_keys as keys
from gamedetectd.library.not_games import is_no_game
from gamedetectd.library.places import Presence, folded, own_directory, shown
from gamedetectd.library.surroundings import Surroundings

_TITLES = keys.software("Rockstar Games")
_PUBLISHER = r"(rockstar games|take-?two)"
_NAME = re.compile(r"[-/]uninstall=([\w.-]+)", re.IGNORECASE)
_NO_GAMES = frozenset(["launcher", "socialclub", "social club", "sc", "mtl"])


class RockstarReader:
    """Reads the registry only. A game's id is the launcher's short name (``gta5``), else its title in small letters."""

    name: ClassVar[str] = "rockstar"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._presence = Presence()

    def roots(self) -> Sequence[str]:
        return ()

    def fingerprint(self) -> Hashable:
        stamps = keys.stamps(self._surroundings.registry, *_TITLES, *keys.software(keys.UNINSTALL))
        return stamps, self._presence.changed()

    def load(self) -> Shelf:
        if self._surroundings.registry is None:
            return Shelf(nothing="Rockstar's launcher keeps its games in the Windows registry, and there is none here.")
        self._presence.forget()
        games: dict[str, InstalledGame] = {}
        for game in self._games():
            games.setdefault(folded(game.install_dir), game)
        found = tuple(games.values())
        return Shelf(found, nothing="" if found else "Rockstar's launcher has registered no installed game.")

    def _games(self) -> Iterator[InstalledGame]:
        registry = self._surroundings.registry
        for program in keys.programs_of(registry, _PUBLISHER):
            short = _NAME.search(program.command)
            if short:
                yield from self._game(short[1].lower(), program.name, program.directory)
        for title, values in keys.below(registry, *_TITLES):
            yield from self._game(re.sub(r"\W+", "-", title.lower()), title, keys.text(values, "InstallFolder"))

    def _game(self, ident: str, title: str, place: str) -> Iterator[InstalledGame]:
        directory = own_directory(self._surroundings, place)
        if not directory or self._presence.is_gone(directory) or is_no_game(title):
            return
        if ident not in _NO_GAMES and "/steamapps/" not in folded(directory):
            yield InstalledGame(self.name, ident, shown(title), directory)
