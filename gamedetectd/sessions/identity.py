"""Ids that come out the same after any crash: the same run of a program is the same session, told once."""

from __future__ import annotations

import uuid

from gamedetectd.domain import ProcessKey, Session, SessionEvent, SessionEventKind

_NAMESPACE = uuid.UUID("6f0d2c0e-6d5b-5c0a-9a35-0d6c4b7a1e55")


def session_id(root: ProcessKey) -> str:
    """The id of the session that this process began: a UUID made of the process's identity alone."""
    return str(uuid.uuid5(_NAMESPACE, f"{root.boot_id}/{root.pid}/{root.start_ticks}"))


def later_session_id(root: ProcessKey, began_elapsed: float) -> str:
    """The id of a session that began in a process that was there before: one process may hold many games in turn."""
    return str(uuid.uuid5(_NAMESPACE, f"{root.boot_id}/{root.pid}/{root.start_ticks}/{began_elapsed:.3f}"))


def session_event(kind: SessionEventKind, at: float, session: Session, ordinal: int) -> SessionEvent:
    """An event about a session as it is now; ``at`` is wall time in seconds.

    The id is made of session, kind, moment and ``ordinal`` (the how-manieth event of this session its maker made), so
    that the same event offered twice is recognised, while a maker that starts counting anew never repeats an old id.
    """
    name = f"{session.id}/{kind}/{ordinal}/{at:.6f}"
    return SessionEvent(id=str(uuid.uuid5(_NAMESPACE, name)), kind=kind, at=at, session=session)
