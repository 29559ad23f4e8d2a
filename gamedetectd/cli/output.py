"""How the command line prints: JSON for programs, tables for people, times and durations as people say them."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

if TYPE_CHECKING:
    from rich.console import Console

    from gamedetectd.control.shapes import EvidenceRow

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


def print_json(value: object) -> None:
    """One value as indented JSON."""
    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_line(value: object) -> None:
    """One value as one line of JSON, at once."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def console() -> Console:
    """Where tables go."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def plain(text: str) -> str:
    """A text from elsewhere (a title, an argument) made safe to print: nothing in it is markup or a terminal escape."""
    from rich.markup import escape

    from gamedetectd.observability.escaping import visible

    return escape(visible(text))


def duration(seconds: float) -> str:
    """``1 h 05 min``, ``12 min``, ``40 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def local(rfc3339: str | None) -> str:
    """A time of ours in the person's own time zone, to the second; a dash for none."""
    if rfc3339 is None:
        return "-"
    return datetime.fromisoformat(rfc3339).astimezone().strftime("%Y-%m-%d %H:%M:%S")


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
