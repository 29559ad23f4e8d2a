"""Which sessions a command is about: what ``sessions`` and ``sessions export`` have in common."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.moments import SINCE_HELP, parse_moment

if TYPE_CHECKING:
    from gamedetectd.sessions.pages import Wanted

Since = Annotated[str | None, typer.Option(metavar="WHEN", help=f"Only from then on: {SINCE_HELP}")]
OfGame = Annotated[str | None, typer.Option(metavar="TITLE|ID", help="Only of this game.")]


def wanted(since: str | None, game: str | None, ended_by: str = "") -> Wanted:
    """What the options ask for. Raises typer.BadParameter."""
    from gamedetectd.control.wire import printable
    from gamedetectd.sessions.pages import Wanted

    now = datetime.now().astimezone()
    start = parse_moment(since, now).timestamp() if since else None
    return Wanted(game="" if game is None else str(printable(game)), since=start, ended_by=ended_by)
