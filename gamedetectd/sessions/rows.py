"""Sessions and events as rows of the history, both ways."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.sessions.games import put_game
from gamedetectd.sessions.storable import finite, pack, storable

SESSIONS = """
    SELECT s.id, s.game_id, g.title, g.title_source, g.install_dir, g.platform, s.started_at, s.started_elapsed,
        s.boot_id, s.root_pid, s.root_ticks, s.processes, s.evidence, s.probability, s.ended_at, s.ended_by,
        s.foreground_seconds, s.active_seconds, s.idle_seconds
    FROM sessions s JOIN games g ON g.id = s.game_id
"""
"""The query whose rows ``session_of`` takes."""

EVENTS = "SELECT id, kind, at, session, correlation_id, number FROM events"
"""The query whose rows ``event_of`` takes."""

_NAMES = (
    "id",
    "game_id",
    "started_at",
    "started_elapsed",
    "boot_id",
    "root_pid",
    "root_ticks",
    "processes",
    "evidence",
    "probability",
    "ended_at",
    "ended_by",
    "foreground_seconds",
    "active_seconds",
    "idle_seconds",
)
_PUT_SESSION = (
    f"INSERT INTO sessions ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))}) "  # noqa: S608 (constants)
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _NAMES[1:])}"
)

_T = TypeVar("_T")
_K = TypeVar("_K")
_making = threading.Lock()
_decoders: dict[object, msgspec.json.Decoder[Any]] = {}


def session_of(row: tuple[Any, ...]) -> Session:
    """A session from a row of ``SESSIONS``. Reasons or processes that cannot be read are left out.

    Raises ValueError where the row holds what no session of ours does.
    """
    return Session(
        id=row[0],
        game=Game(*row[1:6]),
        started_at=row[6],
        started_elapsed=row[7],
        root=ProcessKey(*row[8:11]),
        processes=_decoded(row[11], tuple[ProcessKey, ...]),
        evidence=_decoded(row[12], tuple[Evidence, ...]),
        probability=row[13],
        ended_at=row[14],
        ended_by=None if row[15] is None else EndedBy(row[15]),
        foreground_seconds=row[16],
        active_seconds=row[17],
        idle_seconds=row[18],
    )


def event_of(row: tuple[Any, ...]) -> SessionEvent:
    """An event from a row of ``EVENTS``, with the session as it was then."""
    return SessionEvent(
        id=row[0],
        kind=SessionEventKind(row[1]),
        at=row[2],
        session=decoder(Session).decode(row[3]),
        correlation_id=row[4],
        number=row[5],
    )


def put_session(connection: sqlite3.Connection, session: Session, at: float) -> str:
    """Write a storable session and its game over what was known of them at ``at`` (wall time).

    Returns the id that the game has in the history. Raises sqlite3.Error.
    """
    root, game_id = session.root, put_game(connection, session.game, at)
    connection.execute(
        _PUT_SESSION,
        (
            session.id,
            game_id,
            session.started_at,
            session.started_elapsed,
            root.boot_id,
            root.pid,
            root.start_ticks,
            pack(session.processes).decode(),
            pack(session.evidence).decode(),
            session.probability,
            session.ended_at,
            session.ended_by,
            session.foreground_seconds,
            session.active_seconds,
            session.idle_seconds,
        ),
    )
    return game_id


def put_event(connection: sqlite3.Connection, event: SessionEvent) -> SessionEvent:
    """Append an event with its session; one that is there already changes nothing.

    Returns it with its number, and its game under the id that it has in the history. Raises sqlite3.Error.
    """
    there = connection.execute("SELECT number FROM events WHERE id = ?", (event.id,)).fetchone()
    if there is not None:
        return replace(event, number=int(there[0]))
    session = storable(event.session)
    game_id = put_session(connection, session, event.at)
    if game_id != session.game.id:
        session = replace(session, game=replace(session.game, id=game_id))
        event = replace(event, session=replace(event.session, game=replace(event.session.game, id=game_id)))
    appended = connection.execute(
        "INSERT INTO events (id, kind, at, session_id, correlation_id, session) VALUES (?, ?, ?, ?, ?, ?)",
        (event.id, event.kind, finite(event.at), session.id, event.correlation_id, pack(session).decode()),
    )
    return replace(event, number=appended.lastrowid or 0)


def _decoded(text: object, kind: type[tuple[_T, ...]]) -> tuple[_T, ...]:
    try:
        return decoder(kind).decode(text) if isinstance(text, str) else ()
    except msgspec.MsgspecError:
        return ()


def decoder(kind: type[_K]) -> msgspec.json.Decoder[_K]:
    """What decodes JSON as that.

    Made by one thread at a time: two that meet a dataclass first, both at once, crash in msgspec.
    """
    with _making:
        if kind not in _decoders:
            _decoders[kind] = msgspec.json.Decoder(kind)
        return _decoders[kind]
