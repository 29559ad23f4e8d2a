"""``gamedetectd sessions``: the play-time history."""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.moments import SINCE_HELP, parse_moment
from gamedetectd.cli.output import AsJson, console, counted, duration, length, local, named, print_json

if TYPE_CHECKING:
    from gamedetectd.control.shapes import SessionRow
    from gamedetectd.paths import Paths

COLUMNS = (
    "id", "game_id", "title", "started_at", "ended_at", "foreground_seconds", "active_seconds", "idle_seconds",
    "ended_by", "platform",
)  # fmt: skip
FORMULA_BEGINNINGS = ("=", "+", "-", "@")


def sessions(
    since: Annotated[str | None, typer.Option(metavar="WHEN", help=f"Only from then on: {SINCE_HELP}")] = None,
    game: Annotated[str | None, typer.Option(metavar="TITLE|ID", help="Only of this game.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many, the newest first.")] = 200,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values for a spreadsheet.")] = False,
) -> None:
    """What was played when, and for how long. Works with and without the daemon.

    - `gamedetectd sessions --since 7d`
    - `gamedetectd sessions --game "SuperTux 2" --csv > supertux.csv`
    """
    from gamedetectd.control.wire import printable
    from gamedetectd.paths import Paths

    if as_json and as_csv:
        raise typer.BadParameter("Choose one of --json and --csv.")
    now = datetime.now().astimezone()
    start = parse_moment(since, now).timestamp() if since else None
    rows = _rows(Paths.resolve(), start, None if game is None else str(printable(game)), limit)
    if as_json:
        print_json(rows)
    elif as_csv:
        _print_csv(rows)
    else:
        _print_table(rows)


def _rows(paths: Paths, since: float | None, game: str | None, limit: int) -> list[SessionRow]:
    """From the history; what is open now has the daemon's counters, which are newer, and the history's id."""
    from msgspec.structs import replace

    from gamedetectd.control.shapes import session_row
    from gamedetectd.errors import NotFoundError
    from gamedetectd.observability.redaction import redact
    from gamedetectd.sessions.reader import HistoryReader

    try:
        with HistoryReader.open(paths.history_file) as history:
            found = history.sessions(since, None, limit, game)
    except NotFoundError as nothing_yet:
        typer.echo(f"{nothing_yet.cause} {nothing_yet.remedy}", err=True)
        return []
    rows = [session_row(session, redact) for session in found]
    live = _live(paths) if any(row.ended_at is None for row in rows) else {}
    return [replace(live[row.id], game=row.game) if row.ended_at is None and row.id in live else row for row in rows]


def _live(paths: Paths) -> dict[str, SessionRow]:
    import msgspec

    from gamedetectd.control.client import Client
    from gamedetectd.control.shapes import StatusRow
    from gamedetectd.errors import ControlError, NotRunningError

    try:
        status = msgspec.convert(Client(paths).request("status"), StatusRow)
    except (NotRunningError, ControlError):
        return {}
    return {row.id: row for row in status.sessions}


def _print_csv(rows: list[SessionRow]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            (row.id, _cell(row.game.id), _cell(row.game.title), row.started_at, row.ended_at, row.foreground_seconds,
             row.active_seconds, row.idle_seconds, row.ended_by, row.game.platform and _cell(row.game.platform))
        )  # fmt: skip


def _cell(text: str) -> str:
    """A text on one line that no spreadsheet takes for a formula: one that begins like it gets an apostrophe."""
    from gamedetectd.observability.escaping import visible

    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA_BEGINNINGS) else shown


def _print_table(rows: list[SessionRow]) -> None:
    from rich.table import Table

    if not rows:
        console().print("No sessions.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name, justify in (
        ("Game", "left"),
        ("Start", "left"),
        ("Length", "right"),
        ("Foreground", "right"),
        ("", "left"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    total = timedelta()
    for row in rows:
        lasted = length(row.started_at, row.ended_at)
        total += lasted
        note = (
            "now" if row.ended_at is None else {"lost": "end estimated", "paused": "paused"}.get(row.ended_by or "", "")
        )
        table.add_row(
            named(row.game),
            local(row.started_at),
            duration(lasted.total_seconds()),
            duration(row.foreground_seconds),
            f"[dim]{note}[/]",
        )
    console().print(table)
    console().print(f"[dim]{counted(len(rows), 'session')}, {duration(total.total_seconds())} in all.[/]")
