"""Where the program lies: a folder that holds games, or one that belongs to the system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.places import is_system_place, store_package
from gamedetectd.detection.tables.builtin import builtin_game
from gamedetectd.detection.tables.makers import GAME_MAKER
from gamedetectd.detection.tables.software import is_software
from gamedetectd.detection.titles import slug
from gamedetectd.domain import Game

_MAKER = Pattern(r"[\\/]program files(?: \(x86\))?[\\/](?P<name>[^\\/]+)[\\/][^\\/]+[\\/]", re.IGNORECASE)
"""Windows programs lie below their maker's directory."""
_BUILD_TREE = Pattern(
    r"[\\/](cmake-build[^\\/]*|builddir|build|bin[\\/](debug|release)(?=[\\/])|target[\\/](debug|release)|out[\\/]build|x64[\\/](debug|release)|"
    r"node_modules|site-packages|\.venv|venv|\.cargo)[\\/]",
    re.IGNORECASE,
)
_EXPORTED = Pattern(r"\.(x86_64|x86|x64)$")


def testify(case: Case) -> Iterator[Sign]:
    """A sign for a games folder; one against for a system directory, games that systems ship excepted."""
    path, family = case.program.path, case.family
    if family is None or not path:
        return
    spellings = [spelt for spelt in (path, case.program.alias) if spelt]
    if title := builtin_game(case.program.key, path, family.system):
        game = Game(f"name:{slug(title)}", title, "the system's own list of games")
        yield Sign("place.builtin", f"{case.program.base} is {title}, a game that comes with the system.", game)
        return
    if any(is_system_place(spelt, family.system) for spelt in spellings):
        yield Sign("place.system", f"{path} lies in a directory of the operating system or of a driver.")
        return
    if folder := case.games_folder:
        if software := is_software("", "", folder.title.replace("_", " ")):
            yield Sign("place.software", f"{path} lies in the directory of {software}, which is no game.")
        yield Sign(folder.signal, f"{path} lies in {folder.called}.")
    maker = store_package(path)[0] or (found["name"] if (found := _MAKER.search(path)) else "")
    if GAME_MAKER.search(maker):
        yield Sign("place.maker", f"{path} lies among the programs of {maker}, which makes games.")
    if _BUILD_TREE.search(path):
        yield Sign("place.development", f"{path} lies where developers build their own programs.")
    if _EXPORTED.search(path):
        yield Sign("place.export", f"{case.program.base} is named as game engines name what they export for Linux.")
