"""Turns log records into lines of JSON in the Elastic Common Schema that hold nothing a log must not hold.

``ecs-logging`` gives the base fields; here every text is redacted, made harmless and bounded, and every field beyond
the base is held to the table in ``fields``.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
import shlex
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from ecs_logging import StdlibFormatter

from gamedetectd import __version__
from gamedetectd.errors import GamedetectdError
from gamedetectd.observability.correlation import current_id, id_of
from gamedetectd.observability.escaping import TEXT_LIMIT, clean, clean_lines
from gamedetectd.observability.fields import FIELDS, Kind, fits, flatten
from gamedetectd.observability.redaction import redact_argv
from gamedetectd.observability.secret_shapes import HIDDEN, is_secret_name

SERVICE = "gamedetectd"
DETAILS = "gamedetectd.details"
LINE_LIMIT = 64_000
"""Bytes one line may have."""
_LIMITS = (TEXT_LIMIT, 1_000, 250, 60)
"""Characters of each text, tried one after the other until the line is short enough."""
_PART_LIMIT = 1_000
"""Characters of one entry of a list or one detail."""
_MOST_PARTS = 100
"""Entries of a list, and details, that are kept."""
_PLACES_KEPT = 64
"""Places in the code that logged lately whose base fields are kept."""
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)
_LAST_MOMENT = 253_402_300_799.0
"""The end of the year 9999: calendars end there."""


class EcsFormatter(StdlibFormatter):
    """One record, one line. ``line_limit`` (bytes) is never exceeded; texts are cut until it holds."""

    def __init__(self, line_limit: int = LINE_LIMIT, *, ensure_ascii: bool = False) -> None:
        super().__init__(exclude_fields=("log.original", "process.name", "error"), ensure_ascii=ensure_ascii)
        self.line_limit = line_limit
        self._encode = json.JSONEncoder(ensure_ascii=ensure_ascii, allow_nan=False, separators=(",", ":")).encode
        self._standard = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime"}
        self._places: dict[tuple[object, ...], dict[str, Any]] = {}

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its newline."""
        for limit in _LIMITS:
            event = self.event(record, limit)
            line = self._encode(event)
            if len(line.encode("utf-8", "backslashreplace")) <= self.line_limit:
                break
        return line

    def event(self, record: logging.LogRecord, limit: int = TEXT_LIMIT) -> dict[str, Any]:
        """The same as a nested dictionary, every text at most ``limit`` characters long."""
        extras = {name: value for name, value in vars(record).items() if name not in self._standard}
        event = {
            "@timestamp": timestamp(record.created),
            "log.level": record.levelname.lower(),
            "message": clean(record.getMessage().rstrip("\n"), limit),
            **self._base(record),
            "service": {"name": SERVICE, "version": __version__},
            "event": {"dataset": f"{SERVICE}.log"},
        }
        if trace_id := current_id() or id_of(record.exc_info[1] if record.exc_info else None):
            event["trace"] = {"id": clean(trace_id, _PART_LIMIT)}
        if record.exc_info and record.exc_info[1] is not None:
            event["error"] = _error(record.exc_info[1], limit)
        elif record.stack_info:
            event["error"] = {"stack_trace": clean_lines(record.stack_info, limit)}
        if extras:
            _add_extras(event, extras, limit)
        return event

    def _base(self, record: logging.LogRecord) -> dict[str, Any]:
        """What ``ecs-logging`` says of every record from this place in the code and this thread, worked out once."""
        place = (record.name, record.pathname, record.lineno, record.funcName, record.process, record.thread)
        base = self._places.get(place)
        if base is None:
            plain = {name: value for name, value in vars(record).items() if name in self._standard}
            base = self.format_to_ecs(logging.makeLogRecord(plain))
            del base["log"]["level"]
            if not record.lineno:
                del base["log"]["origin"]
            if len(self._places) >= _PLACES_KEPT:
                self._places.clear()
            self._places[place] = base
        thread = {**base["process"]["thread"], "name": clean(record.threadName or "", _PART_LIMIT)}
        log = {**base["log"], "logger": clean(record.name, _PART_LIMIT)}
        return {"ecs.version": base["ecs.version"], "log": log, "process": {**base["process"], "thread": thread}}


def timestamp(seconds: float) -> str:
    """Wall time as lines show it: UTC with milliseconds."""
    moment = _EPOCH + dt.timedelta(seconds=min(max(seconds, 0.0), _LAST_MOMENT))  # Windows' own ends in the year 3000
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _error(error: BaseException, limit: int) -> dict[str, str]:
    said = "".join(traceback.format_exception_only(error)).strip()
    shown = {
        "type": type(error).__name__,
        "message": clean(said.partition(": ")[2] or said, limit),
        "stack_trace": clean_lines("".join(traceback.format_exception(error)), 4 * limit),
    }
    if isinstance(error, GamedetectdError):
        shown["code"] = error.code
    return shown


def _add_extras(event: dict[str, Any], extras: Mapping[str, object], limit: int) -> None:
    """Put what the table knows in its place, the rest below ``gamedetectd.details``."""
    details: dict[str, str] = {}
    for name, value in flatten(extras):
        if name == DETAILS and isinstance(value, Mapping):
            details |= {clean(str(key), 100): _as_text(str(key), part, limit) for key, part in value.items()}
        elif not _add_known(event, name, value, limit):
            key = name.removeprefix(f"{SERVICE}.")
            details[clean(key, 100)] = _as_text(key, value, limit)
    if details:
        kept = dict(list(details.items())[:_MOST_PARTS]) if limit == TEXT_LIMIT else {"cut": "too long for one line"}
        event.setdefault(SERVICE, {})["details"] = kept


def _add_known(event: dict[str, Any], name: str, value: object, limit: int) -> bool:
    """Add an ``event.*`` or ``gamedetectd.*`` field of the table; False if there is no such, or of another type."""
    field = FIELDS.get(name)
    *parents, leaf = name.split(".")
    if field is None or parents[:1] not in (["event"], [SERVICE]):
        return False
    if isinstance(value, str):
        value = clean(value, limit)
    elif isinstance(value, (list, tuple)):
        kept, part_limit = (_MOST_PARTS if limit >= _PART_LIMIT else 5), min(limit, _PART_LIMIT)
        value = [clean(part, part_limit) if isinstance(part, str) else part for part in value[:kept]]
    elif field.kind is Kind.FLOAT and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not fits(field, value):
        return False
    place = event
    for parent in parents:
        place = place.setdefault(parent, {})
    place[leaf] = value
    return True


def _as_text(name: str, value: object, limit: int) -> str:
    limit = min(limit, _PART_LIMIT)
    if is_secret_name(name):
        return HIDDEN
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
        return clean(shlex.join(redact_argv(map(str, value))), limit)
    return clean(str(value), limit)
