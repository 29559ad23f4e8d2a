"""``gamedetectd logs``: the log as a person reads it, also while no daemon runs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.moments import SINCE_HELP, parse_moment

if TYPE_CHECKING:
    from gamedetectd.observability.lines import Line, LogReader, Wanted

FOLLOW_SECONDS = 0.25
"""Between two looks for new lines."""
SHOWN = 50
"""Lines shown unless asked otherwise."""


class Level(StrEnum):
    """The least serious messages that are shown."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


def logs(
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")] = False,
    lines: Annotated[
        int | None,
        typer.Option(
            "--lines", "-n", min=0, help=f"How many of the last lines: {SHOWN}, or all with --since or --correlation."
        ),
    ] = None,
    since: Annotated[str, typer.Option(metavar="WHEN", help=f"Only what happened since then: {SINCE_HELP}")] = "",
    level: Annotated[Level, typer.Option(help="Only messages at least this serious.")] = Level.DEBUG,
    correlation: Annotated[
        str,
        typer.Option(metavar="ID", help="Only what one observation caused: its `trace.id`, or the beginning of it."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The lines as JSON, as they are in the file.")] = False,
    path: Annotated[bool, typer.Option("--path", help="Only print where the log is.")] = False,
) -> None:
    """Read the log: what was detected, what was delivered, what went wrong.

    - `gamedetectd logs`
    - `gamedetectd logs -f --level warning`
    - `gamedetectd logs --since 2h --json | jq 'select(.event.action == "session-ended")'`
    """
    from gamedetectd.observability.lines import LogReader
    from gamedetectd.paths import Paths

    file = Paths.resolve().event_log_file
    if path:
        typer.echo(file)
        return
    reader = LogReader(file)
    wanted = _wanted(since, level, correlation)
    if lines is None and not since and not correlation:
        lines = SHOWN
    show = _as_json if as_json else _human()
    if not reader.exists():
        typer.echo(f"There is no log yet: {file} is written once `gamedetectd run` has something to say.", err=True)
    _print(reader, reader.tail(wanted, lines), show)
    while follow:
        time.sleep(FOLLOW_SECONDS)
        _print(reader, reader.more(wanted), show)


def _print(reader: LogReader, lines: list[Line], show: Callable[[Line], str]) -> None:
    for line in lines:
        sys.stdout.write(show(line) + "\n")
    sys.stdout.flush()
    if skipped := reader.take_skipped():
        typer.echo(f"Left out {skipped} broken line{'s' if skipped > 1 else ''}.", err=True)


def _as_json(line: Line) -> str:
    return json.dumps(line.event, separators=(",", ":"))


def _human() -> Callable[[Line], str]:
    from gamedetectd.observability.human import human_line, wants_colour

    colour = wants_colour(sys.stdout)
    encoding = sys.stdout.encoding or "utf-8"

    def show(line: Line) -> str:
        shown = human_line(line.fields, colour=colour, date=True)
        return shown.encode(encoding, "backslashreplace").decode(encoding)

    return show


def _wanted(since: str, level: Level, correlation: str) -> Wanted:
    from gamedetectd.observability.ecs import timestamp
    from gamedetectd.observability.lines import Wanted

    moment = timestamp(parse_moment(since, datetime.now().astimezone()).timestamp()) if since else ""
    return Wanted(since=moment, level=level, correlation=correlation.strip())
