"""What a line of the audit trail looks like, and how it is chained to the one before.

A line is one JSON object in the Elastic Common Schema whose last member is its link. The link is made of every byte
before it, among them the sequence number and the link of the line before: HMAC-SHA256 with the key where there is one
(the line is *sealed*), SHA-256 where there is not (it is only *chained*, and is sealed together with the next sealed
line). Whoever changes, removes or swaps lines cannot make the links fit without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import msgspec

from gamedetectd.observability.correlation import correlation
from gamedetectd.observability.ecs import SERVICE, EcsFormatter
from gamedetectd.observability.escaping import TEXT_LIMIT
from gamedetectd.security.audit_entry import Entry

GENESIS = "0" * 64
"""What the first line of a trail names as the link before it."""
LINE_LIMIT = 16_000
"""Bytes of one line; texts are cut until it holds."""
LONGEST_LINE = 2 * LINE_LIMIT
"""Bytes beyond which something read back is no line of ours."""
_WHOLE = re.compile(rb'(\{.*),"gamedetectd\.audit\.link":"([0-9a-f]{64})"\}', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands in the chain: ``key`` names the key that seals it, "" for none."""

    sequence: int
    previous: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A line as it was read back. ``body`` is what its link was made of."""

    place: Place
    link: str
    body: bytes
    at: str
    action: str
    details: dict[str, str]

    def fits(self, key: bytes | None) -> bool:
        """True if its link was made of exactly this line, with this key where it says that it is sealed."""
        return hmac.compare_digest(self.link, link_of(self.body, key if self.place.key else None))


class LineFormatter(EcsFormatter):
    """Makes lines: redacted, harmless and bounded like those of the log."""

    def __init__(self) -> None:
        super().__init__(LINE_LIMIT)
        self._place = Place(0, GENESIS)

    def line(self, entry: Entry, place: Place, key: bytes | None) -> tuple[bytes, str]:
        """The line, without its newline, and its link."""
        self._place = place
        record = logging.LogRecord(f"{SERVICE}.audit", entry.level, "", 0, "%s", (entry.message,), None)
        record.created, record.msecs = entry.at, int(entry.at * 1000) % 1000
        record.threadName = entry.thread
        record.__dict__.update(entry.fields)
        with correlation(entry.correlation_id) if entry.correlation_id else nullcontext():
            body = self.format(record)[:-1].encode("utf-8", "backslashreplace")
        link = link_of(body, key)
        return b'%s,"gamedetectd.audit.link":"%s"}' % (body, link.encode()), link

    def event(self, record: logging.LogRecord, limit: int = TEXT_LIMIT) -> dict[str, Any]:
        """As in the log, with the line's place in the chain, which no redaction may touch."""
        event = super().event(record, limit)
        event["event"]["sequence"] = self._place.sequence
        seal = {"seal": "hmac-sha256", "key": self._place.key} if self._place.key else {"seal": "none"}
        event.setdefault(SERVICE, {})["audit"] = {"previous": self._place.previous, **seal}
        return event


class _Event(msgspec.Struct):
    action: str
    sequence: int


class _Chain(msgspec.Struct):
    previous: str
    key: str = ""


class _Own(msgspec.Struct):
    audit: _Chain
    details: dict[str, str] = {}


class _Line(msgspec.Struct):
    event: _Event
    gamedetectd: _Own
    at: str = msgspec.field(name="@timestamp")


def read_line(line: bytes) -> Read | None:
    """The line, or None for anything that is none of ours. ``line`` is without its newline."""
    whole = _WHOLE.fullmatch(line)
    if whole is None:
        return None
    try:
        said = msgspec.json.decode(line, type=_Line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    chain = said.gamedetectd.audit
    if said.event.sequence < 1:
        return None
    place = Place(said.event.sequence, chain.previous, chain.key)
    return Read(place, whole[2].decode(), whole[1], said.at, said.event.action, said.gamedetectd.details)


def link_of(body: bytes, key: bytes | None) -> str:
    """The link of a line with this body, in hexadecimal."""
    if key is None:
        return hashlib.sha256(body).hexdigest()
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def key_name(key: bytes) -> str:
    """What a line says of the key that seals it: tells keys apart and nothing about them."""
    return hashlib.sha256(b"gamedetectd audit " + key).hexdigest()[:16]
