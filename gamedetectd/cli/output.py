"""How the command line prints: JSON for programs, tables for people, times and durations as people say them."""

from __future__ import annotations

import os
import re
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

if TYPE_CHECKING:
    from rich.console import Console

    from gamedetectd.control.shapes import EvidenceRow, GameRow

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


WIDE = 10_000
"""Columns of what is no terminal."""

ACTS_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Controls that JSON allows as they are and that a terminal or a reader of lines would act upon."""


def print_json(value: object) -> None:
    """One value as indented JSON."""
    _write(msgspec.json.format(_encoded(value), indent=2))


def print_line(value: object) -> None:
    """One value as one line of JSON, at once."""
    _write(_encoded(value))


def _encoded(value: object) -> bytes:
    """The value as JSON; undecodable bytes in a text (of a file name, an argument) become visible escapes."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        from gamedetectd.control.wire import printable

        return msgspec.json.encode(printable(msgspec.to_builtins(value)))


def _write(json: bytes) -> None:
    """A line of JSON in UTF-8, whatever the terminal's encoding, with nothing in it that acts on a terminal."""
    text = ACTS_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", json.decode())
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def console() -> Console:
    """Where tables go: as wide as the terminal; in files and pipes each row is one line, to be searched and cut."""
    from rich.console import Console

    whole_lines = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(highlight=False, soft_wrap=False, width=WIDE if whole_lines else None)


def leave_stores_out() -> None:
    """What cannot be read of stores goes unsaid: ``library list`` tells it, and nothing else was asked about them."""
    import logging

    logging.getLogger("gamedetectd.library").setLevel(logging.ERROR)


def plain(text: str) -> str:
    """A text from elsewhere (a title, an argument) made safe to print: no secret, no markup and no terminal escape."""
    from rich.markup import escape

    from gamedetectd.observability.escaping import visible
    from gamedetectd.observability.redaction import hide_secrets

    return escape(visible(hide_secrets(text)))


def named(game: GameRow) -> str:
    """A game's title as markup, with the machine it was made for where an emulator runs it."""
    platform = f" [dim]({plain(game.platform)})[/]" if game.platform else ""
    return f"[bold]{plain(game.title)}[/]{platform}"


def duration(seconds: float) -> str:
    """``1 h 05 min``, ``12 min``, ``40 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 title``, ``2,000 titles``; ``many`` where that is not ``one`` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def local(rfc3339: str | None) -> str:
    """A time of ours in the person's own time zone, to the second; a dash for none."""
    if rfc3339 is None:
        return "-"
    moment = datetime.fromisoformat(rfc3339)
    try:
        moment = moment.astimezone()
    except OverflowError:
        pass  # within a day of the calendar's end: said as it is, in UTC
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def length(started_at: str, ended_at: str | None) -> timedelta:
    """How long from start to end, or to now."""
    end = datetime.fromisoformat(ended_at) if ended_at else datetime.now().astimezone()
    return end - datetime.fromisoformat(started_at)


def print_evidence(rows: list[EvidenceRow]) -> None:
    """Reasons, strongest first, with what each weighs."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for row in rows:
        sign = "green" if row.weight > 0 else "red"
        table.add_row(f"[{sign}]{row.weight:+.1f}[/]", plain(row.reason))
    console().print(table)
