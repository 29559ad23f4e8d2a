"""The whole program at work on a process made for the purpose, in a home of its own: for the demo and the self-test.

A real daemon is started as a child, a harmless game is started for it to see, and what came of that is read from where
people would read it: the control channel, the log and the history. Nothing of the person's is touched.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from gamedetectd.app.demo_game import COMMAND as GAME_COMMAND
from gamedetectd.control.client import Client
from gamedetectd.control.shapes import SessionRow, StatusRow, session_row
from gamedetectd.errors import ControlError, NotFoundError, NotRunningError
from gamedetectd.paths import Paths
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.own_program import own_command, own_python_path
from gamedetectd.sessions.reader import HistoryReader

Seen = TypeVar("Seen")
PATIENCE = 20.0
"""Seconds any one step may take."""
_LET_GO = 5.0
"""Seconds that a file which is still held is waited for."""
_LAST_WORDS = 2_000
"""Characters of what a daemon said that are told when it did not start."""
_RULE = """[[rule]]
kind = "game"
executable = {executable}
{argument}title = {title}
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it all happens: the home, the game's title, what starts it, and the environment of both children."""

    paths: Paths
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)

    @property
    def home(self) -> Path:
        """What everything is below."""
        return self.paths.config.parent


@contextmanager
def scratch() -> Iterator[Path]:
    """A directory that is gone afterwards. Raises OSError where none can be made.

    On Windows what a child started may hold the child's output for a moment longer than the child lives.
    """
    place = Path(tempfile.mkdtemp(prefix="gamedetectd-"))
    try:
        yield place
    finally:
        until = time.monotonic() + _LET_GO
        while not _removed(place) and time.monotonic() < until:
            time.sleep(0.1)


def _removed(place: Path) -> bool:
    shutil.rmtree(place, ignore_errors=True)
    return not place.exists()


def install_game(directory: Path, name: str = "lantern-drift") -> Path:
    """Put the game's program into a directory of its own below ``directory``. Raises OSError."""
    place = directory / "games" / name
    place.mkdir(parents=True)
    program = place / (name if sys.platform == "linux" else f"{name}.py")
    shutil.copyfile(Path(__file__).with_name("demo_game.py"), program)
    return program


def write_rule(paths: Paths, executable: Path, title: str, argument: str = "") -> None:
    """Say in the stage's rules that this program is the game. Raises OSError."""
    paths.config.mkdir(parents=True, mode=0o700, exist_ok=True)
    # JSON's texts are TOML's too
    encode = msgspec.json.encode
    told = f"argument = {encode(argument).decode()}\n" if argument else ""
    text = _RULE.format(executable=encode(executable.as_posix()).decode(), argument=told, title=encode(title).decode())
    paths.rules_file.write_text(text, encoding="utf-8")
    paths.rules_file.chmod(0o600)


def game_command(program: Path | None, title: str) -> tuple[str, ...]:
    """What plays the game for a while: ``program`` with this Python, or this very program where it is frozen."""
    seconds = str(2 * PATIENCE)
    if program is None:
        return (*own_command(GAME_COMMAND), title, seconds)
    return (sys.executable, str(program), title, seconds)


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a child of ours whose home is ``home``."""
    return {**child_environment(), "GAMEDETECTD_HOME": str(home), "PYTHONPATH": own_python_path(), **more}


@contextmanager
def daemon(stage: Stage) -> Iterator[Client]:
    """The daemon in a process of its own, answering, and ended afterwards. Raises ControlError, OSError."""
    client = Client(stage.paths)
    output = stage.home / "daemon.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            own_command("run", "--headless"),
            env=dict(stage.environment),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    try:
        _answering(client, process, output)
        yield client
    finally:
        end(process)


def _answering(client: Client, process: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            client.request("status")
        except (NotRunningError, ControlError) as error:
            if process.poll() is not None or time.monotonic() > until:
                said = output.read_text(encoding="utf-8", errors="replace")[-_LAST_WORDS:].strip()
                raise ControlError(
                    f"The daemon did not start: {said or error.cause}", "See what it says: gamedetectd run --headless"
                ) from None
            time.sleep(0.03)
        else:
            return


@contextmanager
def game(stage: Stage) -> Iterator[subprocess.Popen[bytes]]:
    """The game, being played. Raises OSError."""
    try:
        process = subprocess.Popen(list(stage.command), env=dict(stage.environment), stdin=subprocess.DEVNULL)
    except OSError as error:
        error.filename = stage.command[0]  # Windows does not say
        raise
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a child of ours, and wait for that; one that does not listen is killed."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.terminate()
        else:
            process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(PATIENCE)


def wait_for(what: str, look: Callable[[], Seen], every: float = 0.1) -> Seen:
    """What ``look`` returns once that is something. Raises ControlError when it takes too long."""
    until = time.monotonic() + PATIENCE
    while not (seen := look()):
        if time.monotonic() > until:
            raise ControlError(
                f"The daemon did not {what} within {PATIENCE:g} seconds.",
                "Try again when the machine is less busy; if it stays so, please report it.",
            )
        time.sleep(every)
    return seen


def open_sessions(client: Client, title: str) -> list[SessionRow]:
    """The game's session while it is open; what else is being played on the machine is not shown."""
    status = msgspec.convert(client.request("status"), StatusRow)
    return [session for session in status.sessions if session.game.title == title]


def ended_sessions(paths: Paths, title: str) -> list[SessionRow]:
    """The game's session in the history, once it has ended."""
    try:
        with HistoryReader.open(paths.history_file) as history:
            found = history.sessions(game=title)
    except NotFoundError:
        return []
    return [session_row(session, str) for session in found if session.ended_at is not None]


def log_lines(paths: Paths, title: str) -> list[str]:
    """The log's lines about the session, once both its start and its end are there."""
    try:
        lines = paths.event_log_file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    told = [line for line in lines if '"session-' in line and title in line]
    return told if len(told) > 1 else []
