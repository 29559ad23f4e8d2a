"""Every field a log line may have: its name, its type in the Elastic Common Schema and what it says, once.

The formatter writes nothing that is not in this table, so that an index never sees a field with two types. What a room
adds beyond it ends up as text below ``gamedetectd.details``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """A field's type, as Elasticsearch calls it. ``FLATTENED`` is an object of texts."""

    DATE = "date"
    KEYWORD = "keyword"
    TEXT = "match_only_text"
    LONG = "long"
    FLOAT = "float"
    FLATTENED = "flattened"


@dataclass(frozen=True, slots=True)
class Field:
    """One row. ``many``: the value is a list of that type."""

    kind: Kind
    description: str
    many: bool = False


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "@timestamp": Field(Kind.DATE, "When it happened: UTC, milliseconds."),
        "ecs.version": Field(Kind.KEYWORD, "Version of the Elastic Common Schema these names come from."),
        "message": Field(Kind.TEXT, "What happened, in one line."),
        "log.level": Field(Kind.KEYWORD, "`debug`, `info`, `warning`, `error` or `critical`."),
        "log.logger": Field(Kind.KEYWORD, "The part of gamedetectd, or the library, that says it."),
        "log.origin.file.line": Field(Kind.LONG, "Line of the source file."),
        "log.origin.file.name": Field(Kind.KEYWORD, "Source file."),
        "log.origin.function": Field(Kind.KEYWORD, "Function."),
        "service.name": Field(Kind.KEYWORD, "Always `gamedetectd`."),
        "service.version": Field(Kind.KEYWORD, "Version of gamedetectd."),
        "process.pid": Field(Kind.LONG, "Process id of gamedetectd itself."),
        "process.thread.id": Field(Kind.LONG, "Id of the thread."),
        "process.thread.name": Field(Kind.KEYWORD, "Name of the thread: which worker it was."),
        "trace.id": Field(Kind.KEYWORD, "Correlation id: the same on every line one observation caused."),
        "error.type": Field(Kind.KEYWORD, "Class of the exception."),
        "error.code": Field(Kind.KEYWORD, "Stable code of one of our own errors, such as `GD303`."),
        "error.message": Field(Kind.TEXT, "What the exception says."),
        "error.stack_trace": Field(Kind.TEXT, "Where it came from, with its causes."),
        "event.dataset": Field(
            Kind.KEYWORD,
            "`gamedetectd.log` for messages, `gamedetectd.session` for session events, `gamedetectd.audit` for the"
            " audit trail.",
        ),
        "event.kind": Field(Kind.KEYWORD, "`event` for session events and the audit trail."),
        "event.category": Field(Kind.KEYWORD, "`process` for session events; the audit trail has others.", many=True),
        "event.type": Field(
            Kind.KEYWORD, "`start`, `change` or `end` for session events; the audit trail has others.", many=True
        ),
        "event.action": Field(
            Kind.KEYWORD,
            "`session-started`, `session-updated`, `session-paused`, `session-resumed`, `session-ended` or"
            " `session-corrected`; those of the audit trail are in security.md.",
        ),
        "event.outcome": Field(Kind.KEYWORD, "`success` or `failure`, in the audit trail."),
        "event.id": Field(Kind.KEYWORD, "Id of the event; a line that is delivered again has the same."),
        "event.sequence": Field(
            Kind.LONG, "Number of the event in the history, or of the line in the audit trail: no gaps, in order."
        ),
        "event.created": Field(Kind.DATE, "When the line was written."),
        "event.start": Field(Kind.DATE, "Start of the session."),
        "event.end": Field(Kind.DATE, "End of the session."),
        "event.duration": Field(Kind.LONG, "From start to end, in nanoseconds."),
        "gamedetectd.game.id": Field(Kind.KEYWORD, "Stable id of the game, such as `steam:620`."),
        "gamedetectd.game.title": Field(Kind.KEYWORD, "Title of the game."),
        "gamedetectd.session.id": Field(Kind.KEYWORD, "Id of the session."),
        "gamedetectd.session.probability": Field(Kind.FLOAT, "How sure it is that this is the game, 0 to 1."),
        "gamedetectd.session.foreground_seconds": Field(Kind.FLOAT, "Seconds the game had the focus."),
        "gamedetectd.session.active_seconds": Field(Kind.FLOAT, "Of these, seconds with input."),
        "gamedetectd.session.idle_seconds": Field(Kind.FLOAT, "Of these, seconds without input."),
        "gamedetectd.session.ended_by": Field(Kind.KEYWORD, "`exit`, `lost`, `paused` or `corrected`."),
        "gamedetectd.session.processes": Field(Kind.LONG, "Process ids of the game.", many=True),
        "gamedetectd.evidence": Field(Kind.TEXT, "The reasons for and against, the weightiest first.", many=True),
        "gamedetectd.audit.previous": Field(Kind.KEYWORD, "Link of the line before in the audit trail."),
        "gamedetectd.audit.seal": Field(Kind.KEYWORD, "`hmac-sha256` for a sealed line, `none` for one only chained."),
        "gamedetectd.audit.key": Field(Kind.KEYWORD, "Name of the key that seals the line."),
        "gamedetectd.audit.link": Field(Kind.KEYWORD, "Link of this line: made of every byte before it."),
        "gamedetectd.repeated": Field(Kind.LONG, "How often the message was repeated without a line of its own."),
        "gamedetectd.lost": Field(Kind.LONG, "How many lines before this one could not be written."),
        "gamedetectd.details": Field(Kind.FLATTENED, "Anything else that belongs to the message, as text."),
    }
)


def flatten(event: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf of a nested event with its dotted name; what lies below ``gamedetectd.details`` stays together."""
    for key, value in event.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and name != "gamedetectd.details":
            yield from flatten(value, f"{name}.")
        else:
            yield name, value


def deviations(event: Mapping[str, object]) -> list[str]:
    """In what ways an event does not hold to the table; nothing for a good one."""
    found = []
    for name, value in flatten(event):
        field = FIELDS.get(name)
        if field is None:
            found.append(f"{name} is not in the table")
        elif not fits(field, value):
            found.append(f"{name} is {value!r}, not {field.kind}")
    return found


def fits(field: Field, value: object) -> bool:
    """True if the value has the field's type."""
    if not field.many:
        return _FITS[field.kind](value)
    return isinstance(value, list) and all(_FITS[field.kind](item) for item in value)


def _is_date(value: object) -> bool:
    return isinstance(value, str) and len(value) == len("2026-01-01T00:00:00.000Z") and value.endswith("Z")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_long(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _is_float(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _is_flattened(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair)


_FITS: Mapping[Kind, Callable[[object], bool]] = MappingProxyType(
    {
        Kind.DATE: _is_date,
        Kind.KEYWORD: _is_text,
        Kind.TEXT: _is_text,
        Kind.LONG: _is_long,
        Kind.FLOAT: _is_float,
        Kind.FLATTENED: _is_flattened,
    }
)
