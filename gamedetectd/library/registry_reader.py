"""What readers of stores have in common that keep their games in Windows' registry and nowhere else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from typing import ClassVar

from gamedetectd.domain import InstalledGame, Shelf
from gamedetectd.library import registry_keys as keys
from gamedetectd.library.places import Presence
from gamedetectd.library.surroundings import Surroundings


class RegistryReader(ABC):
    """Fulfils ``interfaces.StoreReader``; a store adds ``games``, and ``same`` where ids do not tell games apart."""

    name: ClassVar[str]
    watched: ClassVar[Sequence[str]]
    """The keys that change, or one directly below, when a game is installed or removed."""
    elsewhere: ClassVar[str]
    """The sentence for a machine without a registry."""
    empty: ClassVar[str]
    """The sentence for a registry without a game."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._presence = Presence()

    def roots(self) -> Sequence[str]:
        return ()

    def fingerprint(self) -> Hashable:
        return keys.stamps(self._surroundings.registry, *self.watched), self._presence.changed()

    def load(self) -> Shelf:
        if self._surroundings.registry is None:
            return Shelf(nothing=self.elsewhere)
        self._presence.forget()
        games: dict[str, InstalledGame] = {}
        for game in self.games():
            games.setdefault(self.same(game), game)
        return Shelf(tuple(games.values()), nothing="" if games else self.empty)

    @abstractmethod
    def games(self) -> Iterator[InstalledGame]:
        """The games that are there; the first of several that are the same counts."""

    def same(self, game: InstalledGame) -> str:
        """Equal for rows of one game."""
        return game.id
