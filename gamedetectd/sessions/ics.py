"""Sessions as a calendar file that every calendar reads (iCalendar, RFC 5545). Pure.

One event a session, in UTC. The event's id is made of the session's, so that a file imported again changes the events
that are there and doubles none. Sessions that go on are left out: an event without an end is none yet.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from gamedetectd.domain import Session

BEGIN = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//gamedetectd//sessions//EN\r\nCALSCALE:GREGORIAN\r\n"
END = b"END:VCALENDAR\r\n"
LONGEST_LINE = 75
"""Octets of one line, without its end (RFC 5545, section 3.1)."""
_EPOCH = datetime.fromtimestamp(0, UTC)
_LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_SPECIAL = re.compile("[\\\\;,\n]")
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What a text may not hold: controls but for tabulators and line breaks, and half characters."""


def event(session: Session, title: str) -> bytes:
    """The event of an ended session with the game's ``title`` as it is to be shown; b"" for one that goes on."""
    if session.ended_at is None:
        return b""
    begin = _second(session.started_at)
    end = max(_second(session.ended_at), min(begin + 1, _LAST_SECOND))  # an event ends after it begins
    minutes, seconds = divmod(round(session.foreground_seconds), 60)
    lines = (
        "BEGIN:VEVENT",
        f"UID:{escaped(session.id)}@gamedetectd",
        f"DTSTAMP:{_moment(end)}",
        f"DTSTART:{_moment(begin)}",
        f"DTEND:{_moment(end)}",
        f"SUMMARY:{escaped(title)}",
        f"DESCRIPTION:{escaped(f'In the foreground: {minutes} min {seconds} s')}",
        "CATEGORIES:Game",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """A text as a value: line breaks of any kind are escaped, other controls left out."""
    whole = re.sub("\r\n?|[\x85\u2028\u2029]", "\n", text)
    return _SPECIAL.sub(lambda found: _ESCAPED[found.group()], _NO_TEXT.sub("", whole))


def folded(line: str) -> bytes:
    """A line in UTF-8 with its end, cut into lines of at most 75 octets, no character in two."""
    pieces, piece, room = [], bytearray(), LONGEST_LINE
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > room:
            pieces.append(bytes(piece))
            piece, room = bytearray(), LONGEST_LINE - 1  # after the blank that says that the line goes on
        piece += encoded
    pieces.append(bytes(piece))
    return b"\r\n ".join(pieces) + b"\r\n"


def _second(wall: float) -> int:
    return round(min(max(wall, 0.0), _LAST_SECOND))


def _moment(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).strftime("%Y%m%dT%H%M%SZ")
