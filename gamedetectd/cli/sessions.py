"""``gamedetectd sessions``: the play-time history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, counted, duration, length, local, named, plain, print_json
from gamedetectd.cli.sessions_choice import OfGame, Since, wanted
from gamedetectd.cli.sessions_files import export, import_

if TYPE_CHECKING:
    from gamedetectd.control.shapes import PastSessionRow, SessionRow
    from gamedetectd.paths import Paths
    from gamedetectd.sessions.pages import Wanted

app = typer.Typer(invoke_without_command=True, rich_markup_mode="markdown")
app.command("export")(export)
app.command("import")(import_)

SHOWN_OF_ID = 8
"""Letters of a session's id that the table has: enough to tell it from the others."""
READ_AT_ONCE = 500
Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of sessions, or the beginnings of them.")]
_NOTES = {"lost": "end estimated", "paused": "paused", "corrected": "counts nowhere"}


@app.callback()
def sessions(
    ctx: typer.Context,
    since: Since = None,
    game: OfGame = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many, the newest first.")] = 200,
    deleted: Annotated[
        bool, typer.Option("--deleted", help="Those that count nowhere: deleted, or called no game.")
    ] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values for a spreadsheet.")] = False,
) -> None:
    """What was played when, and for how long. Works with and without the daemon.

    - `gamedetectd sessions --since 7d`
    - `gamedetectd sessions --game "SuperTux 2" --csv > supertux.csv`
    - `gamedetectd sessions export --format ics > played.ics`
    """
    from gamedetectd.paths import Paths

    if ctx.invoked_subcommand is not None:
        if since or game or deleted or as_json or as_csv:
            raise typer.BadParameter(f"Options come after {ctx.invoked_subcommand}: see its --help.")
        return
    if as_json and as_csv:
        raise typer.BadParameter("Choose one of --json and --csv.")
    rows = _rows(Paths.resolve(), wanted(since, game, "corrected" if deleted else ""), limit)
    if as_json:
        print_json(rows)
    elif as_csv:
        _print_csv(rows)
    else:
        _print_table(rows)


@app.command()
def delete(session_ids: Ids) -> None:
    """Have sessions count nowhere. They stay in the history, and `restore` brings them back.

    The beginning of an id is enough where no other id begins so. Whoever is told of sessions (hooks, webhooks, MQTT)
    hears that they were corrected.

    - `gamedetectd sessions delete 93e68203`
    """
    _change(session_ids, "Deleted")


@app.command()
def restore(session_ids: Ids) -> None:
    """Bring back sessions that were deleted, or called no game.

    - `gamedetectd sessions --deleted`
    - `gamedetectd sessions restore 93e68203`
    """
    _change(session_ids, "Counts again")


@app.command()
def rename(
    session_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a session, or the beginning of it.")],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What the game was called.")],
) -> None:
    """Say which game an ended session was of. Its time counts for that game from then on.

    A game that is played now, and its sessions to come: `gamedetectd game rename`.

    - `gamedetectd sessions rename 93e68203 "Portal 2"`
    """
    from gamedetectd.control.wire import printable

    title = " ".join(str(printable(title)).split())
    if not title:
        raise typer.BadParameter("A title has at least one letter.")
    _change([session_id], "Renamed", title)


def _change(session_ids: list[str], done: str, title: str = "") -> None:
    from gamedetectd.app.history_changes import Changes
    from gamedetectd.control.wire import printable
    from gamedetectd.paths import Paths
    from gamedetectd.sessions.pages import Pages

    paths = Paths.resolve()
    changes = Changes(paths)
    with Pages.open(paths.history_file) as pages:
        meant = [pages.identified(str(printable(text)).strip()) for text in session_ids]
    for session_id in dict.fromkeys(meant):
        if title:
            session = changes.rename(session_id, title)
        else:
            session = changes.delete(session_id) if done == "Deleted" else changes.restore(session_id)
        lasted = duration((session.ended_at or session.started_at) - session.started_at)
        console().print(f"{done}: [bold]{plain(session.game.title)}[/], {lasted} [dim]({session.id})[/]")


def _rows(paths: Paths, chosen: Wanted, limit: int) -> list[PastSessionRow]:
    """From the history; what is open now has the daemon's counters, which are newer, and the history's id."""
    from gamedetectd.control.shapes import past_session_row
    from gamedetectd.errors import NotFoundError
    from gamedetectd.observability.redaction import redact
    from gamedetectd.sessions.pages import Pages, PastSession

    found: list[PastSession] = []
    try:
        with Pages.open(paths.history_file) as pages:
            page = pages.page(chosen, min(limit, READ_AT_ONCE))
            found += page.sessions
            while page.older and len(found) < limit:
                page = pages.page(chosen, min(limit - len(found), READ_AT_ONCE), page.older)
                found += page.sessions
    except NotFoundError as nothing_yet:
        typer.echo(f"{nothing_yet.cause} {nothing_yet.remedy}", err=True)
        return []
    rows = [past_session_row(one.session, one.source, redact) for one in found]
    live = _live(paths) if any(row.ended_at is None for row in rows) else {}
    return [_newest(row, live.get(row.id)) for row in rows]


def _newest(row: PastSessionRow, live: SessionRow | None) -> PastSessionRow:
    from msgspec.structs import replace

    if row.ended_at is not None or live is None:
        return row
    return replace(
        row,
        foreground_seconds=live.foreground_seconds,
        active_seconds=live.active_seconds,
        idle_seconds=live.idle_seconds,
        evidence=live.evidence,
    )


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


def _print_csv(rows: list[PastSessionRow]) -> None:
    import sys

    from gamedetectd.app.history_export import COLUMNS, csv_lines

    sys.stdout.write(",".join(COLUMNS) + "\n")
    sys.stdout.write(csv_lines(rows))


def _print_table(rows: list[PastSessionRow]) -> None:
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
        ("Id", "left"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    total = timedelta()
    for row in rows:
        lasted = length(row.started_at, row.ended_at)
        total += lasted
        note = "now" if row.ended_at is None else _NOTES.get(row.ended_by or "", row.source or "")
        table.add_row(
            named(row.game),
            local(row.started_at),
            duration(lasted.total_seconds()),
            duration(row.foreground_seconds),
            f"[dim]{note}[/]",
            f"[dim]{row.id[:SHOWN_OF_ID]}[/]",
        )
    console().print(table)
    console().print(f"[dim]{counted(len(rows), 'session')}, {duration(total.total_seconds())} in all.[/]")
