"""``gamedetectd demo``: the whole program at work on a real process, in a few seconds, on any machine."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import console, duration, local, plain, print_evidence

if TYPE_CHECKING:
    from gamedetectd.app.rehearsal import Stage
    from gamedetectd.control.shapes import SessionRow
    from gamedetectd.paths import Paths

TITLE = "Lantern Drift"
PLAY_SECONDS = 2.5
"""How long the game is played once it was recognised."""
ENTRY = """[Desktop Entry]
Type=Application
Name={title}
Comment=The game the demo plays
Exec="{program}"
Categories=Game;ArcadeGame;
"""


def demo() -> None:
    """Show everything at work in less than ten seconds, without touching your settings or your history.

    Starts a daemon of its own, plays a tiny game for some seconds (in a window where there is a display), and shows
    how it was recognised, its session, the log lines and the history row it left.

    - `gamedetectd demo`
    """
    from gamedetectd.app import rehearsal
    from gamedetectd.paths import Paths

    started = time.monotonic()
    stage = _stage(Paths.below(Paths.resolve().cache / "demo"))
    paths = stage.paths
    with rehearsal.daemon(stage) as client:
        _step("A daemon of its own watches", f"everything it writes is under {stage.home}")
        with rehearsal.game(stage) as game:
            where = "in a window" if os.environ.get("DISPLAY") or sys.platform != "linux" else "without a screen"
            _step("A game was started", f"process {game.pid}, {where}: {TITLE}")
            seen = rehearsal.wait_for("recognise the game", lambda: rehearsal.open_sessions(client, TITLE))
            _show_start(seen[0])
            time.sleep(PLAY_SECONDS)
            _show_session(rehearsal.open_sessions(client, TITLE))
        _show_end(rehearsal.wait_for("close the session", lambda: rehearsal.ended_sessions(paths, TITLE)))
        _show_log(rehearsal.wait_for("write the log", lambda: rehearsal.log_lines(paths, TITLE)), paths)
        _show_history(rehearsal.ended_sessions(paths, TITLE), paths)
    console().print(
        f"\nAll of this took {time.monotonic() - started:.1f} seconds. The real thing: [bold]gamedetectd run[/]"
    )


def demo_game(
    title: Annotated[str, typer.Argument(help="What the window is called.")],
    seconds: Annotated[float, typer.Argument(help="How long it is played.")],
) -> None:
    """The game that the demo plays, for where no Python is there to run it: a lantern drifts across a window."""
    from gamedetectd.app.demo_game import play

    play(title, seconds)


def _stage(paths: Paths) -> Stage:
    """An empty home with the game where games are. Raises DirectoryError."""
    from gamedetectd.errors import DirectoryError

    home = paths.config.parent
    shutil.rmtree(home, ignore_errors=True)
    try:
        home.mkdir(parents=True, mode=0o700)
        return _furnished(home, paths)
    except OSError as error:
        raise DirectoryError(
            f"{error.filename or home}: {error.strerror}.",
            "Make room and make it yours, or set GAMEDETECTD_HOME to another directory.",
        ) from error


def _furnished(home: Path, paths: Paths) -> Stage:
    """The game, with what tells that it is one: a desktop entry, or elsewhere a rule."""
    from gamedetectd.app import demo_game, rehearsal

    shares = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    environment = rehearsal.environment(home, XDG_DATA_DIRS=f"{home / 'share'}:{shares}")
    if getattr(sys, "frozen", False):
        rehearsal.write_rule(paths, Path(sys.executable), TITLE, demo_game.COMMAND)
        return rehearsal.Stage(paths, TITLE, rehearsal.game_command(None, TITLE), environment)
    program = rehearsal.install_game(home)
    if sys.platform == "linux":
        applications = home / "share" / "applications"
        applications.mkdir(parents=True)
        entry = ENTRY.format(title=TITLE, program=program)
        (applications / "lantern-drift.desktop").write_text(entry, encoding="utf-8")
    else:
        rehearsal.write_rule(paths, program, TITLE)
    return rehearsal.Stage(paths, TITLE, rehearsal.game_command(program, TITLE), environment)


def _step(what: str, detail: str) -> None:
    console().print(f"[bold cyan]●[/] [bold]{what}[/] [dim]{plain(detail)}[/]")


def _show_start(session: SessionRow) -> None:
    delay = time.time() - _wall(session.started_at)
    _step("It was recognised", f"{session.game.title} ({session.game.id}), {delay:.2f} s after it started")
    print_evidence(session.evidence)


def _show_session(sessions: list[SessionRow]) -> None:
    for session in sessions:
        focus = duration(session.foreground_seconds)
        _step("A session is open", f"since {local(session.started_at)}, {focus} of it in the foreground")


def _show_end(sessions: list[SessionRow]) -> None:
    for session in sessions:
        lasted = _wall(session.ended_at or session.started_at) - _wall(session.started_at)
        _step("The session was closed", f"{lasted:.2f} s of play, ended by {session.ended_by}")


def _show_log(lines: list[str], paths: Paths) -> None:
    _step("JSON log lines were written", str(paths.event_log_file))
    for line in lines:
        typer.echo(f"    {line[:300]}{'…' if len(line) > 300 else ''}")


def _show_history(sessions: list[SessionRow], paths: Paths) -> None:
    _step("The history kept it", str(paths.history_file))
    for row in sessions:
        console().print(
            f"    {plain(row.game.title)}: {local(row.started_at)} to {local(row.ended_at)},"
            f" {row.foreground_seconds:.1f} s in the foreground"
        )


def _wall(rfc3339: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(rfc3339).timestamp()
