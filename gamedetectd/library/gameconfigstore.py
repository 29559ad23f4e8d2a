r"""Windows' own list of games that were started here: ``HKCU\System\GameConfigStore\Children\<id>``.

``MatchedExeFullPath`` names a program; entries without it only repeat what Windows knows of games elsewhere. The list
is not documented and holds browsers and Java at times, so a row stands for that one program and never for a directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from gamedetectd.domain import InstalledGame
from gamedetectd.library import registry_keys as keys
from gamedetectd.library.not_games import is_no_game, runs_others
from gamedetectd.library.places import base_name, folded, native, parent, shown, title_of
from gamedetectd.library.registry_reader import RegistryReader

_CHILDREN = r"HKCU\System\GameConfigStore\Children"
_ELSEWHERE = re.compile(
    r"/steamapps/common/|/windows/|/common files/|/xboxgames/|/windowsapps/|/appdata/local/temp/", re.IGNORECASE
)
"""Places of which others know more, or that hold no games."""
_STARTER = re.compile(
    r"(launch|setup|install|crash|updat|benchmark|server|editor|config|helper|overlay)", re.IGNORECASE
)


class GameConfigStoreReader(RegistryReader):
    """A game's id is the name of its key."""

    name: ClassVar[str] = "windows"
    watched = (_CHILDREN,)
    elsewhere = "Windows keeps its list of started games in its registry, and there is none here."
    empty = "Windows lists no game that was started here."

    def same(self, game: InstalledGame) -> str:
        return folded(game.executables[0])

    def games(self) -> Iterator[InstalledGame]:
        for ident, values in keys.below(self._surroundings.registry, _CHILDREN):
            program = native(self._surroundings, keys.text(values, "MatchedExeFullPath"))
            if not program or _ELSEWHERE.search(folded(program)) or self._presence.is_gone(program):
                continue
            file_name = base_name(program)
            title = _title(program)
            if runs_others(file_name) or _STARTER.search(file_name) or not title or is_no_game(title):
                continue
            yield InstalledGame(self.name, shown(ident).lower(), title, "", (program,))


def _title(program: str) -> str:
    """The name of the directory it lies in; Unreal's programs lie three deep in one that is called like the project."""
    directory = parent(program)
    unreal = re.match(r"(.+)[\\/][^\\/]+[\\/]Binaries[\\/]Win(?:64|32|GDK)$", directory, re.IGNORECASE)
    return shown(title_of(unreal[1] if unreal else directory))
