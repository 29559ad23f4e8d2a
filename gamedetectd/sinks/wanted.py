"""Which events and games a hook, webhook or broker wants: by what happened and by the game."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

from gamedetectd.domain import Game, SessionEvent


def wanted(event: SessionEvent, events: Collection[str], games: Collection[str]) -> bool:
    """Whether it is one of these kinds, and its game one of these."""
    return event.kind.value in events and wanted_game(event.session.game, games)


def wanted_game(game: Game, games: Collection[str]) -> bool:
    """Whether a game's id or title is one of these patterns (none: every game)."""
    return not games or any(_is(game, pattern) for pattern in games)


def _is(game: Game, pattern: str) -> bool:
    names = (game.id, game.title, *game.also)
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for name in names)
