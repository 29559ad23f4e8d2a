"""The sessions of a history page by page, searched and filtered, for people who look through a million of them.

A page goes on from a key (the last session's), not from a count, so that it stays where it was while new sessions come
and costs the same however far back it lies::

    with Pages.open(paths.history_file) as pages:
        page = pages.page(Wanted(title="tux", ended_by="exit"), limit=50)
        older = pages.page(Wanted(title="tux", ended_by="exit"), limit=50, after=page.older)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from gamedetectd.domain import EndedBy, Game, Session, stability
from gamedetectd.errors import AmbiguousError, NotFoundError
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sessions.rows import SESSIONS, session_of

_ROWS = SESSIONS.replace(
    "FROM sessions s",
    ", (SELECT source FROM origins o WHERE o.session_id = s.id),"
    " (SELECT c.ended_by FROM corrections c WHERE c.session_id = s.id) FROM sessions s",
)
LISTED = "`gamedetectd sessions` lists the sessions with their ids."
_ORDER = "ORDER BY s.started_at DESC, s.id DESC LIMIT ?"
_MANY_GAMES = 256
"""Games up to which each is walked along by itself; the sessions of more than that are not far apart."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions; everything that is given must hold.

    ``title`` is a part of the game's title in any case, ``game`` one of its ids. ``since`` and ``until`` bound the
    start (wall time). ``ended_by`` is a value of ``EndedBy``, or ``open``; sessions that were called no game or deleted
    are left out unless it is ``corrected``. ``source`` is ``here`` for those that were watched here, or the name of
    the program they were imported from.
    """

    title: str = ""
    game: str = ""
    since: float | None = None
    until: float | None = None
    ended_by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session of the history. ``source`` is the program it was imported from, "" where it was watched here.

    ``ended_before`` is how a corrected session had ended, where that is known: then it was deleted, or called no game
    after it had ended, and can be restored.
    """

    session: Session
    source: str = ""
    ended_before: EndedBy | None = None

    @property
    def corrected(self) -> bool:
        """True if it counts nowhere: the person deleted it, or called it no game."""
        return self.session.ended_by is EndedBy.CORRECTED


@dataclass(frozen=True, slots=True)
class Page:
    """Sessions, newest first. ``older`` is the key to go on from; "" where these are the last."""

    sessions: tuple[PastSession, ...]
    older: str = ""


class Pages(HistoryReader):
    """Reads a history page by page. Every method raises HistoryError where the file cannot be read."""

    def page(self, wanted: Wanted, limit: int = 50, after: str = "") -> Page:
        """The next sessions after a key, or the newest. Raises NotFoundError for a key that is none of ours."""
        started, session_id = _key(after)
        conditions, values = _conditions(wanted)
        conditions.append("(s.started_at, s.id) < (?, ?)" if after else "s.started_at <= ?")
        values += [started, session_id] if after else [started]
        rows = self._found(wanted, " AND ".join(conditions), values, limit + 1)
        found = tuple(_past(row) for row in rows[:limit])
        return Page(found, _key_of(found[-1].session) if len(rows) > limit else "")

    def past(self, session_id: str) -> PastSession | None:
        """One session by its id, also one that was deleted; None where there is none."""
        return next((_past(row) for row in self._rows(f"{_ROWS} WHERE s.id = ?", (session_id,))), None)

    def identified(self, text: str) -> str:
        """The id that begins so. Raises NotFoundError where there is none, AmbiguousError where there are several."""
        query = "SELECT id FROM sessions WHERE id >= ? AND id < ? ORDER BY id LIMIT 2"
        rows = self._rows(query, (text, f"{text}\U0010ffff")) if text else []
        if not rows:
            raise NotFoundError(f"There is no session {text!r} in the history.", LISTED)
        if len(rows) > 1 and rows[0][0] != text:
            raise AmbiguousError(f"Several sessions have an id that begins with {text!r}.", "Give more of it.")
        return str(rows[0][0])

    def game(self, title: str) -> Game | None:
        """The game of the history that is called so, in any case; of several the one whose id lasts."""
        wanted = title.casefold()
        rows = self._rows("SELECT id, title, title_source, install_dir, platform FROM games ORDER BY id")
        return min((Game(*row) for row in rows if row[1].casefold() == wanted), key=_lasting, default=None)

    def sources(self) -> tuple[str, ...]:
        """The programs from which sessions were imported, sorted."""
        rows = self._rows("SELECT DISTINCT source FROM origins ORDER BY source")
        return tuple(row[0] for row in rows)

    def _found(self, wanted: Wanted, where: str, values: Sequence[object], limit: int) -> list[tuple[Any, ...]]:
        """One game after the other along the index by game and start; what is rare, or everything, along its own."""
        if not (wanted.title or wanted.game):
            return self._rows(f"{_ROWS} WHERE {where} {_ORDER}", (*values, limit))
        ids = self._games(wanted)
        rare = wanted.ended_by not in {"", "exit"} or wanted.source not in {"", "here"}
        if rare or len(ids) > _MANY_GAMES:
            among = "+s.game_id IN (SELECT value FROM json_each(?))"
            return self._rows(f"{_ROWS} WHERE {where} AND {among} {_ORDER}", (*values, json.dumps(ids), limit))
        query = f"SELECT s.started_at, s.id FROM sessions s INDEXED BY sessions_by_game WHERE {where}"  # noqa: S608
        each = [self._rows(f"{query} AND s.game_id = ? {_ORDER}", (*values, game_id, limit)) for game_id in ids]
        keys = [row[1] for row in islice(merge(*each, reverse=True), limit)]
        among = "s.id IN (SELECT value FROM json_each(?))"
        return self._rows(f"{_ROWS} WHERE {among} {_ORDER}", (json.dumps(keys), limit))

    def _games(self, wanted: Wanted) -> list[str]:
        games: dict[str, str] = dict(self._rows("SELECT id, title FROM games"))
        if wanted.game:
            named = set(self._game_ids(wanted.game))
            games = {game_id: title for game_id, title in games.items() if game_id in named}
        part = wanted.title.casefold()
        return [game_id for game_id, title in games.items() if part in title.casefold()]


def _lasting(game: Game) -> int:
    return stability(game.id)


def _conditions(wanted: Wanted) -> tuple[list[str], list[object]]:
    """What the rows must fulfil. The words that an index asks for are written out."""
    conditions: list[str] = []
    values: list[object] = []
    if wanted.since is not None:
        conditions.append("s.started_at >= ?")
        values.append(wanted.since)
    if wanted.until is not None:
        conditions.append("s.started_at < ?")
        values.append(wanted.until)
    if wanted.ended_by == "open":
        conditions.append("s.ended_at IS NULL")
    elif wanted.ended_by:
        conditions.append("s.ended_by = ?" if wanted.ended_by == "exit" else "s.ended_by = ? AND s.ended_by <> 'exit'")
        values.append(wanted.ended_by)
    else:
        conditions.append("s.ended_by IS NOT 'corrected'")
    if wanted.source == "here":
        conditions.append("NOT EXISTS (SELECT 1 FROM origins o WHERE o.session_id = s.id)")
    elif wanted.source:
        conditions.append("s.id IN (SELECT session_id FROM origins WHERE source = ?)")
        values.append(wanted.source)
    return conditions, values


def _past(row: tuple[Any, ...]) -> PastSession:
    session, source, before = session_of(row[:-2]), row[-2], row[-1]
    known = before is not None and session.ended_by is EndedBy.CORRECTED
    return PastSession(session, source or "", EndedBy(before) if known else None)


def _key_of(session: Session) -> str:
    return f"{session.started_at!r}/{session.id}"


def _key(text: str) -> tuple[float, str]:
    if not text:
        return 1e308, ""
    started, slash, session_id = text.partition("/")
    try:
        if slash:
            return float(started), session_id
    except ValueError:
        pass
    raise NotFoundError(f"There is no page at {text!r}.", "Begin at the first page.")
