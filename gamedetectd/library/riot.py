"""Riot Client: a small YAML file for each product and patch line, in ``Riot Games/Metadata`` of all users' data.

``<product>.<line>/<product>.<line>.product_settings.yaml``: ``product_install_full_path``, ``product_install_root``,
``shortcut_name``; the same on macOS below ``/Users/Shared``.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library.files import attempt, mapping, read_yaml, stamp, text_of
from gamedetectd.library.places import Presence, existing, listed, own_directory, shown
from gamedetectd.library.surroundings import Surroundings

_TITLES = {
    "league_of_legends": "League of Legends",
    "valorant": "VALORANT",
    "bacon": "Legends of Runeterra",
    "lion": "2XKO",
    "wildrift": "League of Legends: Wild Rift",
    "teamfight_tactics": "Teamfight Tactics",
}
_NO_GAMES = frozenset(["riot_client", "vanguard", "riot client", "riot_vanguard"])
_SETTINGS = ".product_settings.yaml"
_SETTINGS_LIMIT = 1_000_000


class RiotReader:
    """A game's id is its product and patch line, ``league_of_legends.live``; the live one is the product's own."""

    name: ClassVar[str] = "riot"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._presence = Presence()

    def _metadata(self) -> Sequence[Path]:
        if self._surroundings.system is System.MACOS:
            return [drive / "Users" / "Shared" / "Riot Games" / "Metadata" for drive in self._surroundings.drives]
        return [self._surroundings.program_data / "Riot Games" / "Metadata"]

    def _settings(self) -> Iterator[Path]:
        for metadata in self._metadata():
            for name in listed(metadata):
                yield from (metadata / name / file for file in listed(metadata / name, _SETTINGS))

    def roots(self) -> Sequence[str]:
        return existing(*self._metadata())

    def fingerprint(self) -> Hashable:
        return tuple(map(stamp, (*self._metadata(), *self._settings()))), self._presence.changed()

    def load(self) -> Shelf:
        self._presence.forget()
        problems: list[LibraryProblem] = []
        games: dict[str, InstalledGame] = {}
        for file in self._settings():
            product = shown(file.name[: -len(_SETTINGS)])
            settings = mapping(attempt(problems, lambda path: read_yaml(path, _SETTINGS_LIMIT), file))
            place, shortcut = text_of(settings, "product_install_full_path"), text_of(settings, "shortcut_name")
            game = self._game(product, place, shortcut)
            if game is not None:
                games.setdefault(game.id, game)
        nothing = "" if games else "The Riot Client has left no settings of an installed game here."
        return Shelf(tuple(games.values()), tuple(problems), nothing)

    def _game(self, product: str, place: str, shortcut: str) -> InstalledGame | None:
        name, _, line = product.lower().partition(".")
        if name in _NO_GAMES:
            return None
        directory = own_directory(self._surroundings, place)
        if not directory or self._presence.is_gone(directory):
            return None
        said = re.sub(r"\.lnk$", "", shortcut, flags=re.IGNORECASE).strip()
        title = _TITLES.get(name) or shown(said or name.replace("_", " ").title())
        also = () if line in ("live", "") else (f"{self.name}:{name}.live",)
        return InstalledGame(self.name, product.lower(), title, directory, also=also)
