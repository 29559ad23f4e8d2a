"""After a restart: which sessions go on, which ended meanwhile, and which only the journal knows.

Pure: whether a process lives and what the history knows are asked through functions. A daemon that was stopped
cleanly leaves its sessions open, so every start comes this way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gamedetectd.domain import EndedBy, Instant, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.sessions.identity import session_event
from gamedetectd.sessions.journal import JournalEntry


@dataclass(frozen=True, slots=True)
class Recovery:
    """``continuing`` go on under their ids; ``ended`` did not outlive the gap. ``events`` say so, to be committed.

    The state machine takes both: a game may have been handed over while nobody watched.
    """

    continuing: tuple[Session, ...]
    ended: tuple[Session, ...]
    events: tuple[SessionEvent, ...]


def recover(
    history_open: Sequence[Session],
    journal: JournalEntry | None,
    *,
    known: Callable[[str], bool],
    alive: Callable[[ProcessKey], bool],
    boot_id: str,
    at: Instant,
) -> Recovery:
    """Bring history and journal together.

    ``history_open`` are the sessions history has without an end, ``known`` tells whether it has a session at all.
    A session with a process that is ``alive`` in this boot goes on; another one ended when the journal last saw it.
    """
    stored = {session.id: session for session in history_open}
    seen = {session.id: session for session in journal.sessions} if journal is not None else {}
    continuing, ended, events = [], [], []
    for session_id in (*stored, *(key for key in seen if key not in stored and not known(key))):
        session = _merged(stored.get(session_id), seen.get(session_id))
        if session_id not in stored:
            events.append(session_event(SessionEventKind.STARTED, at.wall, _opened(session), 0))
        running = tuple(key for key in session.processes if key.boot_id == boot_id and alive(key))
        if running:
            continuing.append(replace(_opened(session), processes=running))
            continue
        if session.ended_at is None:
            session = _lost(session, journal if session_id in seen else None)
        kind = SessionEventKind.CORRECTED if session.ended_by is EndedBy.CORRECTED else SessionEventKind.ENDED
        ended.append(session)
        events.append(session_event(kind, at.wall, session, 0))
    return Recovery(tuple(continuing), tuple(ended), tuple(events))


def _merged(stored: Session | None, seen: Session | None) -> Session:
    """One session of what history and journal know of it. Counters only grow, so the larger ones are the newer."""
    if stored is None or seen is None:
        return next(session for session in (stored, seen) if session is not None)
    newer = seen if seen.foreground_seconds >= stored.foreground_seconds else stored
    return replace(
        stored,
        processes=tuple(dict.fromkeys((*stored.processes, *seen.processes))),
        foreground_seconds=newer.foreground_seconds,
        active_seconds=newer.active_seconds,
        idle_seconds=newer.idle_seconds,
        ended_at=seen.ended_at,
        ended_by=seen.ended_by,
    )


def _opened(session: Session) -> Session:
    return replace(session, ended_at=None, ended_by=None)


def _lost(session: Session, journal: JournalEntry | None) -> Session:
    """The session with the last moment it was seen as its end.

    The elapsed clock of its own boot tells it, whatever happened to the calendar since; without a journal all we know
    is that it lasted as long as it was in the foreground.
    """
    lasted = session.foreground_seconds
    if journal is not None and journal.boot_id == session.root.boot_id:
        lasted = max(lasted, journal.at.elapsed - session.started_elapsed)
    return replace(session, processes=(), ended_at=session.started_at + lasted, ended_by=EndedBy.LOST)
