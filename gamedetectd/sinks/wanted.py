"""Which events a hook or webhook wants: by what happened and by the game."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

from gamedetectd.domain import Game, SessionEvent


def wanted(event: SessionEvent, events: Collection[str], games: Collection[str]) -> bool:
    """Whether it is one of these kinds, and its game's id or title one of these patterns (none: every game)."""
    return event.kind.value in events and (not games or any(_is(event.session.game, pattern) for pattern in games))


def _is(game: Game, pattern: str) -> bool:
    names = (game.id, game.title, *game.also)
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for name in names)
