"""What Discord is to show of a game: made here, sent elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from gamedetectd.domain import Game, KnownGame, Session

_LENGTHS = range(2, 129)
"""Characters Discord takes in a line."""
SOURCE = "discord"
"""What the catalogue calls Discord's list of the programs it knows."""


def knows(game: Game, rows: Iterable[KnownGame]) -> bool:
    """Whether Discord knows this game by itself. ``rows`` are the catalogue's that share names with its programs.

    Where Discord's list was never imported, it is not known to know any.
    """
    ids = {game.id, *game.also}
    if any(one.startswith(f"{SOURCE}:") for one in ids):
        return True
    return any(row.source == SOURCE and (ids & {row.id, *row.also} or _alike(row.title, game.title)) for row in rows)


def to_show(sessions: Sequence[Session], foreground: Collection[str]) -> Session | None:
    """The session to show: the one in front, else the one that started last; None for none."""
    return max(sessions, key=lambda one: (one.id in foreground, one.started_at), default=None)


def activity(session: Session) -> dict[str, Any]:
    """A session as Discord takes it: the title, and since when."""
    title = " ".join("".join(sign if sign.isprintable() else " " for sign in session.game.title).split())
    line = title.encode("utf-8", "replace").decode()[: _LENGTHS.stop - 1].ljust(_LENGTHS.start)
    return {"details": line, "timestamps": {"start": int(session.started_at)}, "instance": False}


def _alike(one: str, other: str) -> bool:
    return "".join(filter(str.isalnum, one.casefold())) == "".join(filter(str.isalnum, other.casefold()))
