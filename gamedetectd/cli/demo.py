"""``gamedetectd demo``: the whole program at work on a real process, in a few seconds, on any machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from gamedetectd.cli.output import console, duration, local, plain, print_evidence

if TYPE_CHECKING:
    from gamedetectd.control.client import Client
    from gamedetectd.control.shapes import SessionRow
    from gamedetectd.paths import Paths

Seen = TypeVar("Seen")
TITLE = "Lantern Drift"
PLAY_SECONDS = 2.5
"""How long the game is played once it was recognised."""
PATIENCE = 8.0
"""Seconds any one step may take."""
ENTRY = """[Desktop Entry]
Type=Application
Name={title}
Comment=The game the demo plays
Exec="{program}"
Categories=Game;ArcadeGame;
"""
RULE = """[[rule]]
kind = "game"
executable = "{program}"
title = "{title}"
"""


def demo() -> None:
    """Show everything at work in less than ten seconds, without touching your settings or your history.

    Starts a daemon of its own, plays a tiny game for some seconds (in a window where there is a display), and shows
    how it was recognised, its session, the log lines and the history row it left.

    - `gamedetectd demo`
    """
    from gamedetectd.paths import Paths

    home = Paths.resolve().cache / "demo"
    paths = Paths.below(home)
    program = _install_game(home, paths)
    environment = _environment(home)
    started = time.monotonic()
    with _daemon(paths, environment) as client:
        _step("A daemon of its own watches", f"everything it writes is under {home}")
        with _game(program, environment) as game:
            where = "in a window" if environment.get("DISPLAY") or sys.platform != "linux" else "without a screen"
            _step("A game was started", f"process {game.pid}, {where}: {TITLE}")
            _show_start(_wait_for("recognise the game", lambda: _open(client))[0])
            time.sleep(PLAY_SECONDS)
            _show_session(_open(client))
        _show_end(_wait_for("close the session", lambda: _ended(paths)))
        _show_log(_wait_for("write the log", lambda: _log_lines(paths)), paths)
        _show_history(_ended(paths), paths)
    console().print(
        f"\nAll of this took {time.monotonic() - started:.1f} seconds. The real thing: [bold]gamedetectd run[/]"
    )


def _install_game(home: Path, paths: Paths) -> Path:
    """Put the game where games are, in a home that is empty otherwise. Raises DirectoryError."""
    from gamedetectd.errors import DirectoryError

    shutil.rmtree(home, ignore_errors=True)
    try:
        home.mkdir(parents=True, mode=0o700)
        return _written_game(home, paths)
    except OSError as error:
        raise DirectoryError(
            f"{error.filename or home}: {error.strerror}.",
            "Make room and make it yours, or set GAMEDETECTD_HOME to another directory.",
        ) from error


def _written_game(home: Path, paths: Paths) -> Path:
    """The game, with what tells that it is one: a desktop entry, or elsewhere a rule."""
    directory = home / "games" / "lantern-drift"
    directory.mkdir(parents=True)
    program = directory / "lantern-drift"
    source = Path(__file__).with_name("demo_game.py")
    if sys.platform == "linux":
        shutil.copyfile(source, program)
        applications = home / "share" / "applications"
        applications.mkdir(parents=True)
        entry = ENTRY.format(title=TITLE, program=program)
        (applications / "lantern-drift.desktop").write_text(entry, encoding="utf-8")
    else:
        program = program.with_suffix(".py")
        shutil.copyfile(source, program)
        paths.config.mkdir(parents=True)
        rule = RULE.format(title=TITLE, program=program.as_posix())
        paths.rules_file.write_text(rule, encoding="utf-8")
    return program


def _environment(home: Path) -> dict[str, str]:
    shares = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return {
        **os.environ,
        "GAMEDETECTD_HOME": str(home),
        "XDG_DATA_DIRS": f"{home / 'share'}:{shares}",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


@contextmanager
def _daemon(paths: Paths, environment: dict[str, str]) -> Iterator[Client]:
    """The daemon in a process of its own, answering, and ended afterwards."""
    from gamedetectd.control.client import Client
    from gamedetectd.errors import ControlError, NotRunningError

    client = Client(paths)
    output = paths.directories[0].parent / "daemon.txt"
    with output.open("wb") as file:
        command = [sys.executable, "-m", "gamedetectd", "run", "--headless"]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                client.request("status")
                break
            except (NotRunningError, ControlError):
                if process.poll() is not None or time.monotonic() > until:
                    said = output.read_text(encoding="utf-8", errors="replace")
                    raise ControlError(f"The demo's daemon did not start: {said}", "Run `gamedetectd run`.") from None
                time.sleep(0.03)
        yield client
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)


@contextmanager
def _game(program: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, str(program), TITLE, str(2 * PATIENCE)]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(what: str, look: Callable[[], Seen]) -> Seen:
    """What ``look`` returns once that is something. Raises ControlError when it takes too long."""
    from gamedetectd.errors import ControlError

    until = time.monotonic() + PATIENCE
    while not (seen := look()):
        if time.monotonic() > until:
            raise ControlError(
                f"The demo's daemon did not {what} within {PATIENCE:g} seconds.",
                "Try again when the machine is less busy; if it stays so, please report it.",
            )
        time.sleep(0.1)
    return seen


def _open(client: Client) -> list[SessionRow]:
    """The demo's session while it is open; what else is being played on the machine is not shown."""
    import msgspec

    from gamedetectd.control.shapes import StatusRow

    status = msgspec.convert(client.request("status"), StatusRow)
    return [session for session in status.sessions if session.game.title == TITLE]


def _ended(paths: Paths) -> list[SessionRow]:
    """The demo's session in its history, once it has ended."""
    from gamedetectd.control.shapes import session_row
    from gamedetectd.sessions.reader import HistoryReader

    with HistoryReader.open(paths.history_file) as history:
        found = history.sessions(game=TITLE)
    return [session_row(session, str) for session in found if session.ended_at is not None]


def _log_lines(paths: Paths) -> list[str]:
    """The log's lines about the session, once both its start and its end are there."""
    lines = paths.event_log_file.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if '"session-' in line and TITLE in line]
    return told if len(told) > 1 else []


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
