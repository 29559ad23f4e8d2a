"""Reading the history: what was played, and which events a sink has still to receive."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from gamedetectd.domain import Game, Session, SessionEvent
from gamedetectd.errors import GamedetectdError, HistoryError, NotFoundError
from gamedetectd.sessions.access import check_ours, connect_read_only, history_errors
from gamedetectd.sessions.games import Alias
from gamedetectd.sessions.rows import EVENTS, SESSIONS, event_of, session_of
from gamedetectd.sessions.schema import PERIOD_SECONDS, STEPS, is_empty, version

_TOTALS = """
    SELECT t.game_id, g.title, g.title_source, g.install_dir, g.platform,
        sum(t.n), sum(t.seconds), sum(t.foreground), sum(t.active), sum(t.idle)
    FROM (
        SELECT game_id, sum(sessions) AS n, sum(seconds) AS seconds, sum(foreground_seconds) AS foreground,
            sum(active_seconds) AS active, sum(idle_seconds) AS idle
        FROM periods WHERE period >= :whole GROUP BY game_id
        UNION ALL
        SELECT game_id, count(*), sum(coalesce(ended_at - started_at, 0)), sum(foreground_seconds),
            sum(active_seconds), sum(idle_seconds)
        FROM sessions WHERE started_at >= :since AND started_at < :whole_from AND ended_by IS NOT 'corrected'
        GROUP BY game_id
    ) t JOIN games g ON g.id = t.game_id
    GROUP BY t.game_id HAVING sum(t.n) > 0 ORDER BY sum(t.seconds) DESC
"""


@dataclass(frozen=True, slots=True)
class Total:
    """What one game adds up to. ``seconds`` is from start to end of its ended sessions, wall time."""

    game: Game
    sessions: int
    seconds: float
    foreground_seconds: float
    active_seconds: float
    idle_seconds: float


def _check_readable(path: Path, connection: sqlite3.Connection) -> None:
    check_ours(path, connection, len(STEPS))
    if is_empty(connection):
        raise _nothing_yet(path)
    if version(connection) < len(STEPS):
        raise HistoryError(
            f"{path} was written by an older gamedetectd.",
            "Start the daemon once with `gamedetectd run`; it backs the file up and brings it up to date.",
        )


def _nothing_yet(path: Path) -> NotFoundError:
    return NotFoundError(
        f"Nothing was recorded yet: there is no history at {path}.",
        "Start the daemon with `gamedetectd run` and play something.",
    )


class HistoryReader:
    """Reads a history, also while the daemon writes to it. Any thread may use it; calls wait for each other.

    Every method raises HistoryError where the file cannot be read.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open for reading only.

        Raises NotFoundError where nothing was recorded yet, HistoryError where the file is not for us.
        """
        with history_errors(path):
            if not path.exists():
                raise _nothing_yet(path)
            connection = connect_read_only(path)
            try:
                _check_readable(path, connection)
            except (sqlite3.Error, GamedetectdError):
                connection.close()
                raise
        return cls(path, connection)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def session(self, session_id: str) -> Session | None:
        """One session, or None."""
        return next(iter(self._sessions("WHERE s.id = ?", (session_id,))), None)

    def open_sessions(self) -> tuple[Session, ...]:
        """The sessions without an end, oldest first."""
        return self._sessions("WHERE s.ended_at IS NULL ORDER BY s.started_at", ())

    def sessions(
        self,
        since: float | None = None,
        until: float | None = None,
        limit: int | None = None,
        game: str | None = None,
        corrected: bool = False,
    ) -> tuple[Session, ...]:
        """Sessions that started from ``since`` to before ``until`` (wall time, seconds), newest first.

        ``game`` is a game's id, one of its other ids, or its title in any case. Those the person called no game are
        left out unless ``corrected``. Counters of open sessions are as of their last event; the daemon knows newer
        ones.
        """
        conditions = "s.started_at >= ? AND s.started_at < ?"
        values: list[object] = [
            -1e308 if since is None else since,
            1e308 if until is None else until,
        ]
        if not corrected:
            conditions += " AND s.ended_by IS NOT 'corrected'"
        most = -1 if limit is None else limit
        order = "ORDER BY s.started_at DESC LIMIT ?"
        if game is None:
            return self._sessions(f"WHERE {conditions} {order}", (*values, most))
        # one game after the other, so that each is a walk along the index by game and start
        found = [
            session
            for game_id in self._game_ids(game)
            for session in self._sessions(f"WHERE {conditions} AND s.game_id = ? {order}", (*values, game_id, most))
        ]
        found.sort(key=lambda session: session.started_at, reverse=True)
        return tuple(found if limit is None else found[:limit])

    def totals(self, since: float | None = None) -> tuple[Total, ...]:
        """What was played most, from sessions started since then (wall time, seconds)."""
        whole = -(2**62) if since is None else int(since // PERIOD_SECONDS) + 1
        values = {"whole": whole, "since": since or 0.0, "whole_from": float(whole * PERIOD_SECONDS)}
        return tuple(Total(Game(*row[:5]), *row[5:]) for row in self._rows(_TOTALS, values))

    def aliases(self) -> tuple[Alias, ...]:
        """Every other id of a game, with the reason; by game."""
        rows = self._rows("SELECT alias, game_id, reason, at FROM aliases ORDER BY game_id, alias")
        return tuple(Alias(*row) for row in rows)

    def names(self) -> frozenset[str]:
        """Every title and id that a game of the history has, or had."""
        rows = self._rows("SELECT id FROM games UNION SELECT title FROM games UNION SELECT alias FROM aliases")
        return frozenset(row[0] for row in rows)

    def last_number(self) -> int:
        """The number of the newest event ever committed; 0 before the first."""
        rows = self._rows("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
        return int(rows[0][0]) if rows else 0

    def cursor(self, sink: str) -> int:
        """The number of the last event that sink has received; 0 for none, or a sink not registered."""
        rows = self._rows("SELECT number FROM cursors WHERE sink = ?", (sink,))
        return int(rows[0][0]) if rows else 0

    def pending(self, sink: str, limit: int = 100, after: int | None = None) -> tuple[SessionEvent, ...]:
        """The next events a sink has to receive, in order.

        ``after`` is the number to go on from where the sink is ahead of its committed cursor.
        """
        start = self.cursor(sink) if after is None else after
        rows = self._rows(f"{EVENTS} WHERE number > ? ORDER BY number LIMIT ?", (start, limit))
        return tuple(event_of(row) for row in rows)

    def _game_ids(self, game: str) -> list[str]:
        rows = self._rows(
            "SELECT id FROM games WHERE id = ?1 OR title = ?1 COLLATE NOCASE"
            " UNION SELECT game_id FROM aliases WHERE alias = ?1",
            (game,),
        )
        return [row[0] for row in rows]

    def _sessions(self, where: str, values: Sequence[object]) -> tuple[Session, ...]:
        return tuple(session_of(row) for row in self._rows(f"{SESSIONS} {where}", values))

    def _rows(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._errors():
            return self._connection.execute(query, values).fetchall()

    def _errors(self) -> AbstractContextManager[None]:
        return history_errors(self.path)
