"""What other programs recorded, as it comes into the history: sessions they saw, and play times they only counted.

A session that is there already, by its id or because the game's time is taken by another, changes nothing: the same
file may be imported again and again. Play times that a program counted without saying when are no sessions; they are
kept apart, per program, account and game, and what they tell beyond our own sessions is told by ``Statistics.outside``.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gamedetectd.domain import EndedBy, Session
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sessions.rows import put_session
from gamedetectd.sessions.storable import finite, plain


@dataclass(frozen=True, slots=True)
class CountedTime:
    """The play time that a program counted for a game in all, without saying when.

    ``source`` is the program (``steam``), ``account`` whose it is there ("" where the file does not tell), ``seconds``
    what it counted until ``counted_until`` (wall time), ``last_played_at`` wall time or None.
    """

    source: str
    account: str
    game_id: str
    title: str
    seconds: float
    counted_until: float
    last_played_at: float | None = None


class Standing(StrEnum):
    """What becomes of something that is offered."""

    NEW = "new"
    CHANGED = "changed"
    """The program has seen or counted more since it was imported last."""
    KNOWN = "known"
    """It is there already; also a session that was deleted since, and a count of an older file."""
    TAKEN = "taken"
    """Another session of the game covers a part of the time."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many sessions and play times were new, changed and so on."""

    sessions: Counter[Standing]
    times: Counter[Standing]


_SESSION = """
    SELECT s.ended_at, s.ended_by, o.source FROM sessions s LEFT JOIN origins o ON o.session_id = s.id WHERE s.id = ?
"""
_TAKEN = """
    SELECT 1 FROM sessions WHERE game_id = coalesce((SELECT game_id FROM aliases WHERE alias = :game), :game)
        AND started_at < :end AND coalesce(ended_at, 1e308) > :begin AND id <> :id LIMIT 1
"""
_TIME = "SELECT seconds, last_played_at, counted_until FROM imported WHERE (source, account, game_id) = (?, ?, ?)"
_PUT_TIME = """
    INSERT INTO imported (source, account, game_id, title, seconds, last_played_at, counted_until)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, account, game_id) DO UPDATE SET title = excluded.title,
        seconds = excluded.seconds, last_played_at = excluded.last_played_at, counted_until = excluded.counted_until
"""


def standing_of(connection: sqlite3.Connection, source: str, session: Session) -> Standing:
    """What would become of an ended session that ``source`` saw. Raises sqlite3.Error."""
    there = connection.execute(_SESSION, (session.id,)).fetchone()
    if there is not None:
        ended_at, ended_by, origin = there
        longer = ended_at is not None and session.ended_at is not None and session.ended_at > ended_at
        same = origin == source and ended_by != EndedBy.CORRECTED
        if not (longer and same):
            return Standing.KNOWN
    taken = {"game": plain(session.game.id), "begin": session.started_at, "end": session.ended_at, "id": session.id}
    if connection.execute(_TAKEN, taken).fetchone() is not None:
        return Standing.TAKEN if there is None else Standing.KNOWN
    return Standing.NEW if there is None else Standing.CHANGED


def standing_of_time(connection: sqlite3.Connection, time: CountedTime) -> Standing:
    """What would become of a counted play time. Raises sqlite3.Error."""
    there = connection.execute(_TIME, (time.source, time.account, plain(time.game_id))).fetchone()
    if there is None:
        return Standing.NEW
    newer = time.counted_until >= there[2]
    return Standing.CHANGED if newer and (time.seconds, time.last_played_at) != there[:2] else Standing.KNOWN


class Plan(HistoryReader):
    """Tells what would become of what is offered, and writes nothing."""

    def standings(self, source: str, sessions: Sequence[Session]) -> list[Standing]:
        """Of ended sessions that ``source`` saw, in their order. Raises HistoryError."""
        with self._lock, self._errors():
            return [standing_of(self._connection, source, session) for session in sessions]

    def standings_of_times(self, times: Sequence[CountedTime]) -> list[Standing]:
        """Of counted play times, in their order. Raises HistoryError."""
        with self._lock, self._errors():
            return [standing_of_time(self._connection, time) for time in times]


def take_in(
    connection: sqlite3.Connection, source: str, sessions: Iterable[Session], times: Iterable[CountedTime], at: float
) -> TakenIn:
    """Write what is new or changed; ``at`` is now, as wall time. Within a transaction of the caller's.

    Raises sqlite3.Error.
    """
    taken = TakenIn(Counter(), Counter())
    for session in sessions:
        standing = standing_of(connection, source, session)
        taken.sessions[standing] += 1
        if standing in {Standing.NEW, Standing.CHANGED}:
            put_session(connection, replace(session, processes=()), at)
            connection.execute(
                "INSERT INTO origins VALUES (?, ?, ?) ON CONFLICT (session_id) DO NOTHING",
                (session.id, source, finite(session.started_at)),
            )
    for time in times:
        standing = standing_of_time(connection, time)
        taken.times[standing] += 1
        if standing in {Standing.NEW, Standing.CHANGED}:
            texts = time.source, time.account, plain(time.game_id), plain(time.title)
            connection.execute(_PUT_TIME, (*texts, finite(time.seconds), time.last_played_at, time.counted_until))
    return taken
