r"""Rockstar Games Launcher: registry keys by title, and Windows' list of programs with the launcher's own names.

``HKLM\SOFTWARE\WOW6432Node\Rockstar Games\<title>``: ``InstallFolder``. What Steam or Epic installed has
``InstallFolderSteam`` or ``InstallFolderEpic`` instead and is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from gamedetectd.domain import InstalledGame
from gamedetectd.library import registry_keys as keys
from gamedetectd.library.not_games import is_no_game
from gamedetectd.library.places import folded, own_directory, shown
from gamedetectd.library.registry_reader import RegistryReader

_TITLES = keys.software("Rockstar Games")
_PUBLISHER = r"(rockstar games|take-?two)"
_NAME = re.compile(r"[-/]uninstall=([\w.-]+)", re.IGNORECASE)
_NO_GAMES = frozenset(["launcher", "socialclub", "social club", "sc", "mtl"])


class RockstarReader(RegistryReader):
    """A game's id is the launcher's short name (``gta5``), else its title in small letters."""

    name: ClassVar[str] = "rockstar"
    watched = (*_TITLES, *keys.software(keys.UNINSTALL))
    elsewhere = "Rockstar's launcher keeps its games in the Windows registry, and there is none here."
    empty = "Rockstar's launcher has registered no installed game."

    def same(self, game: InstalledGame) -> str:
        return folded(game.install_dir)

    def games(self) -> Iterator[InstalledGame]:
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
