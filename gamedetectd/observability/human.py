"""Shows a log event to a person: one short line, from the same event that becomes a line of JSON."""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
from collections.abc import Mapping
from typing import TextIO

from gamedetectd.observability.ecs import EcsFormatter
from gamedetectd.observability.escaping import visible
from gamedetectd.observability.fields import flatten

_COLOURS: Mapping[str, str] = {"debug": "2", "warning": "33", "error": "31", "critical": "1;31"}
"""Terminal attributes by level; other levels are plain."""


class HumanFormatter(EcsFormatter):
    """Time, level and message, and of an exception its one line: the trace is for the file."""

    def __init__(self, terminal: TextIO) -> None:
        super().__init__()
        self._colour = wants_colour(terminal)
        self._encoding = getattr(terminal, "encoding", None) or "utf-8"

    def format(self, record: logging.LogRecord) -> str:
        line = human_line(self.event(record), colour=self._colour, date=False)
        return line.encode(self._encoding, "backslashreplace").decode(self._encoding)


def wants_colour(stream: TextIO) -> bool:
    """True if the stream is a terminal that shows colours, or the person said FORCE_COLOR (force-color.org), and in no
    case if they said NO_COLOR (no-color.org).
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    return sys.platform != "win32" or "WT_SESSION" in os.environ or "TERM" in os.environ


def human_line(event: Mapping[str, object], *, colour: bool, date: bool) -> str:
    """One event as a line in local time; whatever the event holds, the line is one line and harmless to print."""
    fields = dict(flatten(event))
    level = _text(fields, "log.level")
    parts = [_local_time(_text(fields, "@timestamp"), date=date), f"{level.upper():<8}", _text(fields, "message")]
    if error := _text(fields, "error.message") or _text(fields, "error.type"):
        kind = _text(fields, "error.type")
        parts.append(f"({kind}: {error})" if kind and kind != error else f"({error})")
    if (lost := fields.get("gamedetectd.lost")) and "lost" not in parts[2]:
        parts.append(f"({lost} lines lost)")
    line = visible(" ".join(part for part in parts if part))
    attributes = _COLOURS.get(level)
    return f"\x1b[{attributes}m{line}\x1b[0m" if colour and attributes else line


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _local_time(stamp: str, *, date: bool) -> str:
    try:
        moment = dt.datetime.fromisoformat(stamp).astimezone()
    except (ValueError, OverflowError, OSError):
        return stamp
    return moment.strftime("%Y-%m-%d %H:%M:%S" if date else "%H:%M:%S")
