"""Commands for the daemon that runs: how it is, what happens, pause, resume, reload, stop."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.moments import AGO, parse_moment
from gamedetectd.cli.output import AsJson, console, duration, length, local, plain, print_json, print_line

if TYPE_CHECKING:
    from gamedetectd.control.client import Client
    from gamedetectd.errors import GamedetectdError

STOP_SECONDS = 5.0
"""How long the daemon may take to end."""


def status(
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every part: sensors, sinks, workers, resources, counters.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """How the daemon is: what is being played, whether it is paused, and what is wrong with the remedy.

    Exit code 4 if it does not run. `gamedetectd doctor` looks further, and also without a daemon.

    - `gamedetectd status`
    - `gamedetectd status --verbose`
    - `gamedetectd status --json | jq .health.overall`
    """
    import msgspec

    import gamedetectd
    from gamedetectd.control.shapes import StatusRow, not_running_row
    from gamedetectd.errors import NotRunningError

    try:
        row = msgspec.convert(_client().request("status"), StatusRow)
    except NotRunningError as error:
        if not as_json:
            raise _with_crash(error) from error
        row = not_running_row(gamedetectd.__version__)
    if as_json:
        print_json(row)
    else:
        from gamedetectd.cli.status_tables import print_status

        print_status(row, verbose=verbose)
    if not row.running:
        raise typer.Exit(4)


def _with_crash(error: GamedetectdError) -> GamedetectdError:
    """The error, with a word on the latest crash if there was one lately."""
    from gamedetectd.app.crashes import lately
    from gamedetectd.paths import Paths

    return type(error)(f"{error.cause} {lately(Paths.resolve())}".strip(), error.remedy)


def watch(as_json: AsJson = False) -> None:
    """Print what happens as it happens, one line an event, until Ctrl-C.

    - `gamedetectd watch`
    - `gamedetectd watch --json | while read -r line; do …; done`
    """
    import msgspec

    from gamedetectd.control.shapes import EventRow

    if not as_json:
        console().print("[dim]Waiting for games to start and end; Ctrl-C ends this.[/]")
    for reply in _client().stream("watch"):
        if as_json:
            print_line(reply)
        else:
            event = msgspec.convert(reply, EventRow)
            lasted = duration(length(event.session.started_at, event.session.ended_at).total_seconds())
            console().print(f"{local(event.at)}  {event.kind:9}  [bold]{plain(event.session.game.title)}[/]  {lasted}")


def pause(
    for_: Annotated[
        str | None, typer.Option("--for", metavar="DURATION", help="Resume by itself after this long: 15m, 2h, 1d.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Resume by itself then: `tomorrow`, `20:15`, `2026-11-27T08:00`."),
    ] = None,
) -> None:
    """Stop watching for a while: nothing is detected or counted.

    What is being played now ends for the history when the game ends during the pause, at the pause's beginning.

    - `gamedetectd pause`
    - `gamedetectd pause --for 15m`
    - `gamedetectd pause --until tomorrow`
    """
    if for_ is not None and until is not None:
        raise typer.BadParameter("Choose one of --for and --until.")
    seconds = None
    if for_ is not None:
        seconds = parse_duration(for_).total_seconds()
    elif until is not None:
        seconds = parse_end(until, datetime.now().astimezone())
    _client().request("pause", seconds=seconds)
    console().print("Paused until you resume it." if seconds is None else f"Paused for {duration(seconds)}.")


def resume() -> None:
    """Watch again after a pause.

    - `gamedetectd resume`
    """
    _client().request("resume")
    console().print("Watching again.")


def reload() -> None:
    """Read the settings and your rules again. The daemon does this by itself when the files change.

    Exit code 1 if something in them is wrong; what was in force stays in force then.

    - `gamedetectd reload`
    """
    reply = _client().request("reload")
    lines = reply["lines"]
    assert isinstance(lines, list)  # noqa: S101 - the daemon of this version sends it
    for line in lines:
        console().print(plain(str(line)))
    if not reply["fine"]:
        raise typer.Exit(1)


def stop() -> None:
    """End the daemon. Running sessions are kept and go on when it starts again.

    - `gamedetectd stop`
    """
    from gamedetectd.errors import ControlError, NotRunningError

    client = _client()
    client.request("stop")
    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until:
        try:
            client.request("status")
        except (NotRunningError, ControlError):
            console().print("Stopped.")
            return
        time.sleep(0.05)
    raise ControlError("The daemon did not end in time.", "`gamedetectd logs` may tell why.")


def parse_duration(text: str) -> timedelta:
    """How long ``15m``, ``2h`` or ``1d`` is. Raises typer.BadParameter, which is wrong usage, for anything else."""
    now = datetime.now().astimezone()
    length = now - parse_moment(text, now) if AGO.fullmatch(text.strip().lower()) else timedelta()
    if not timedelta() < length <= timedelta(days=366):
        raise typer.BadParameter(f"{text!r} is not a length of time; write 15m, 2h or 1d.")
    return length


def parse_end(text: str, now: datetime) -> float:
    """Seconds until ``tomorrow``, a time of day (the next one) or a moment. Raises typer.BadParameter."""
    from gamedetectd.app.pause import until_tomorrow

    if text.strip().lower() == "tomorrow":
        return until_tomorrow(now)
    if match := re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip()):
        try:
            end = now.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} is no time of day.") from error
        end += timedelta(days=end <= now)
    else:
        end = parse_moment(text, now)
    seconds = end.timestamp() - now.timestamp()
    if not 0 < seconds <= timedelta(days=366).total_seconds():
        raise typer.BadParameter(f"{text!r} does not lie ahead, or too far; write tomorrow, 20:15 or 2026-11-27T08:00.")
    return seconds


def check() -> None:
    """Look at everything again now: settings, what stores have installed, every process, and health.

    The daemon notices changes by itself; this is for who does not want to wait.

    - `gamedetectd check`
    """
    reply = _client().request("check")
    console().print(f"Looked again; installed games: {reply['games']}. See: gamedetectd status")


def _client() -> Client:
    from gamedetectd.control.client import Client
    from gamedetectd.paths import Paths

    return Client(Paths.resolve())
