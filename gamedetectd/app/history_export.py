"""The history for other programs: a spreadsheet (CSV), JSON, or a calendar (ICS), piece by piece.

However many sessions there are, only a few hundred are in memory at a time, and the history is read in short looks, so
that the daemon writes to it meanwhile.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec

from gamedetectd.control.shapes import PastSessionRow, past_session_row
from gamedetectd.observability.escaping import visible
from gamedetectd.observability.redaction import redact
from gamedetectd.sessions import ics
from gamedetectd.sessions.pages import Page, Pages, PastSession, Wanted

AT_ONCE = 500
"""Sessions of one piece."""
COLUMNS = (
    "id", "game_id", "title", "started_at", "ended_at", "foreground_seconds", "active_seconds", "idle_seconds",
    "ended_by", "platform", "source",
)  # fmt: skip
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""The wide ones too: some spreadsheets take them for the same."""


def export(path: Path, form: str, wanted: Wanted) -> Iterator[bytes]:
    """The sessions of the history at ``path``, newest first, in one of ``FORMS``; UTF-8.

    Raises NotFoundError where there is no history, at once; HistoryError where it cannot be read.
    """
    pages = Pages.open(path)
    return _pieces(pages, FORMS[form], wanted)


def csv_lines(rows: Sequence[PastSessionRow]) -> str:
    """One line a session, in the order of ``COLUMNS``."""
    return "".join(
        csv_line(
            (row.id, cell(row.game.id), cell(row.game.title), row.started_at, row.ended_at, row.foreground_seconds,
             row.active_seconds, row.idle_seconds, row.ended_by, cell(row.game.platform or ""), cell(row.source or ""))
        )
        for row in rows
    )  # fmt: skip


def csv_line(values: Sequence[object]) -> str:
    """A line of comma-separated values with its end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue()


def cell(text: str) -> str:
    """A text on one line that no spreadsheet takes for a formula: one that begins like it gets an apostrophe."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA_BEGINNINGS) else shown


def _pieces(pages: Pages, form: _Form, wanted: Wanted) -> Iterator[bytes]:
    begin, piece, end = form
    with pages:
        yield begin
        page, first = pages.page(wanted, AT_ONCE), True
        while page.sessions:
            yield piece(page.sessions, first)
            page, first = pages.page(wanted, AT_ONCE, page.older) if page.older else Page(()), False
        yield end


def _csv(sessions: Sequence[PastSession], _first: bool) -> bytes:
    return csv_lines([past_session_row(one.session, one.source, redact) for one in sessions]).encode()


def _json(sessions: Sequence[PastSession], first: bool) -> bytes:
    rows = b",\n".join(msgspec.json.encode(past_session_row(one.session, one.source, redact)) for one in sessions)
    return rows if first else b",\n" + rows


def _ics(sessions: Sequence[PastSession], _first: bool) -> bytes:
    return b"".join(ics.event(one.session, redact(one.session.game.title)) for one in sessions)


_Form = tuple[bytes, Callable[[Sequence[PastSession], bool], bytes], bytes]
"""What comes first, what becomes of sessions (True: of the first ones), and what comes last."""

FORMS: Mapping[str, _Form] = MappingProxyType(
    {
        "csv": (",".join(COLUMNS).encode() + b"\n", _csv, b""),
        "json": (b"[\n", _json, b"\n]\n"),
        "ics": (ics.BEGIN, _ics, ics.END),
    }
)
"""What sessions can be exported as."""
