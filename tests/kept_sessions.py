"""Sessions put into a real history, for tests of what is made of them."""

import uuid

from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEventKind
from gamedetectd.sessions.history import History
from gamedetectd.sessions.identity import session_event

HOUR = 3_600.0
DAY = 24 * HOUR
TUX = Game("name:supertux-2", "SuperTux 2", "its desktop entry")
DOTA = Game("steam:570", "Dota 2", "its Steam library entry")


def session(begin, seconds, game=TUX, foreground=None, ended_by=EndedBy.EXIT, session_id=None):
    """An ended session (``seconds`` None: one that goes on) that was in the foreground all the time."""
    front = (0.0 if seconds is None else seconds) if foreground is None else foreground
    return Session(
        id=session_id or str(uuid.uuid4()),
        game=game,
        started_at=begin,
        started_elapsed=10.0,
        root=ProcessKey("boot", 7, 7),
        processes=(),
        evidence=(Evidence("test", 3.0, "It is said to be one."),),
        ended_at=None if seconds is None else begin + seconds,
        ended_by=None if seconds is None else ended_by,
        foreground_seconds=front,
        active_seconds=front,
    )


def keep(path, *sessions):
    """Commit the sessions, and return them."""
    with History.open(path) as history:
        history.commit([session_event(SessionEventKind.ENDED, one.started_at, one, 0) for one in sessions])
    return sessions
