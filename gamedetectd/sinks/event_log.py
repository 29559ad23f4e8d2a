"""The event log: every session event as one line of the log, for shippers that read Elastic Common Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from gamedetectd.domain import Evidence, Session, SessionEvent, SessionEventKind
from gamedetectd.observability.ecs import timestamp

_MESSAGES: Mapping[SessionEventKind, str] = {
    SessionEventKind.STARTED: "{title} started",
    SessionEventKind.UPDATED: "{title} is being played, {played} in the foreground so far",
    SessionEventKind.PAUSED: "{title} goes on unwatched: watching is paused",
    SessionEventKind.RESUMED: "{title} is watched again",
    SessionEventKind.ENDED: "{title} ended after {length}, {played} of it in the foreground",
    SessionEventKind.CORRECTED: "{title} was corrected by the person",
}
_TYPES: Mapping[SessionEventKind, str] = {SessionEventKind.STARTED: "start", SessionEventKind.ENDED: "end"}
"""``event.type`` in the Elastic Common Schema; everything else is a change."""


class EventWriter(Protocol):
    """Where lines go; ``observability.setup.LoggingHandle.write_event``."""

    def __call__(self, message: str, at: float, fields: Mapping[str, object]) -> None:
        """Write one event of wall time ``at`` durably. Raises LogError."""
        ...


class EventLog:
    """A sink (see ``interfaces.Sink``). A line delivered again has the same ``event.id``."""

    name = "event_log"

    def __init__(self, write: EventWriter) -> None:
        self._write = write

    def accept(self, event: SessionEvent) -> None:
        """Write the line; returns when it is on the disk. Raises LogError when it is not."""
        self._write(message_of(event), event.at, fields_of(event))

    def close(self) -> None:
        """Nothing is held: the file belongs to the logging handle."""


def message_of(event: SessionEvent) -> str:
    """What happened, as a sentence."""
    session = event.session
    length = max(0.0, (session.ended_at or event.at) - session.started_at)
    return _MESSAGES[event.kind].format(
        title=session.game.title, played=_duration(session.foreground_seconds), length=_duration(length)
    )


def fields_of(event: SessionEvent) -> dict[str, object]:
    """The event as fields of ``observability.fields``."""
    session = event.session
    fields: dict[str, object] = {
        "event.kind": "event",
        "event.category": ["process"],
        "event.type": [_TYPES.get(event.kind, "change")],
        "event.action": f"session-{event.kind}",
        "event.id": event.id,
        "event.sequence": event.number,
        "event.start": timestamp(session.started_at),
        "gamedetectd.game.id": session.game.id,
        "gamedetectd.game.title": session.game.title,
        "gamedetectd.evidence": [_reason(evidence) for evidence in _weightiest(session)],
        "gamedetectd.session.id": session.id,
        "gamedetectd.session.probability": session.probability,
        "gamedetectd.session.foreground_seconds": session.foreground_seconds,
        "gamedetectd.session.active_seconds": session.active_seconds,
        "gamedetectd.session.idle_seconds": session.idle_seconds,
        "gamedetectd.session.processes": [key.pid for key in session.processes],
    }
    if session.ended_at is not None:
        fields["event.end"] = timestamp(session.ended_at)
        fields["event.duration"] = round(max(0.0, session.ended_at - session.started_at) * 1_000) * 1_000_000
    if session.ended_by is not None:
        fields["gamedetectd.session.ended_by"] = str(session.ended_by)
    return fields


def _weightiest(session: Session) -> list[Evidence]:
    return sorted(session.evidence, key=lambda evidence: -abs(evidence.weight))


def _reason(evidence: Evidence) -> str:
    return f"{evidence.reason} ({evidence.source}, {evidence.weight:+.1f})"


def _duration(seconds: float) -> str:
    """Two units at most: ``1 h 5 min``, ``12 min``, ``40 s``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{rest} s"
