"""Deleting a session of the history, taking that back, and its right name: events, so that whoever was told hears.

A deleted session stays in the history as one that was ``corrected``: it counts nowhere, and how it had ended is kept.
Both are ``corrected`` events; what they tell is the session as it is now, so that whoever keeps the latest word on each
session is right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gamedetectd.domain import EndedBy, Game, SessionEvent, SessionEventKind
from gamedetectd.errors import SessionChangeError
from gamedetectd.sessions.identity import session_event
from gamedetectd.sessions.pages import LISTED, PastSession

Change = Callable[[PastSession | None, str, float], SessionEvent]
"""Makes the event of a change to a session, of that id, at that wall time. Raises SessionChangeError."""


def deletion(past: PastSession | None, session_id: str, at: float) -> SessionEvent:
    """The event that a session is deleted (``at``: wall time). Raises SessionChangeError where it cannot be."""
    found = _found(past, session_id)
    if found.session.ended_at is None:
        raise SessionChangeError(
            f"{found.session.game.title} is still being played in session {session_id}.",
            "Delete it once it has ended; if it is no game, say so: gamedetectd game ignore --help",
        )
    if found.corrected:
        raise SessionChangeError(
            f"Session {session_id} counts nowhere already.", "`gamedetectd sessions restore` takes that back."
        )
    return _event(found, EndedBy.CORRECTED, at)


def restoration(past: PastSession | None, session_id: str, at: float) -> SessionEvent:
    """The event that a session which was deleted, or called no game, counts again. Raises SessionChangeError."""
    found = _found(past, session_id)
    if not found.corrected:
        raise SessionChangeError(f"Session {session_id} was not deleted.", LISTED)
    return _event(found, found.ended_before or EndedBy.EXIT, at)


def renaming(game: Game) -> Change:
    """What makes the event that an ended session was of this game, as the person says."""

    def change(past: PastSession | None, session_id: str, at: float) -> SessionEvent:
        found = _found(past, session_id)
        if found.session.ended_at is None:
            raise SessionChangeError(
                f"{found.session.game.title} is still being played in session {session_id}.",
                "Say what it is called, and it is known from now on: gamedetectd game rename --help",
            )
        if found.corrected:
            raise SessionChangeError(f"Session {session_id} counts nowhere.", "Bring it back first: sessions restore.")
        return session_event(SessionEventKind.CORRECTED, at, replace(found.session, game=game), 0)

    return change


def _found(past: PastSession | None, session_id: str) -> PastSession:
    if past is None:
        raise SessionChangeError(f"There is no session {session_id} in the history.", LISTED)
    return past


def _event(past: PastSession, ended_by: EndedBy, at: float) -> SessionEvent:
    return session_event(SessionEventKind.CORRECTED, at, replace(past.session, ended_by=ended_by), 0)
