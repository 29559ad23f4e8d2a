"""The command line: one table of commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer

from gamedetectd import __version__
from gamedetectd.cli import (
    autostart,
    catalogue,
    config,
    control,
    demo,
    game,
    judge,
    library,
    logs,
    look,
    opening,
    recording,
    run,
    sessions,
)
from gamedetectd.errors import AlreadyRunningError, GamedetectdError, NotRunningError

EXIT_CODES: dict[type[GamedetectdError], int] = {NotRunningError: 4, AlreadyRunningError: 5}
"""Exit codes of errors that programs want to tell apart; any other error is 1. 2 is wrong usage, 3 partly bad input."""

NO_ROOM = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What the system answers where output does not fit any more."""

WATCHING = "Watching"
LOOKING = "Looking"
FILES = "Facts and recordings"
SETUP = "Settings and logs"


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table: where a command stands in the help, its name and what runs it."""

    panel: str
    name: str
    function: Callable[..., Any]


COMMANDS = (
    Command(WATCHING, "demo", demo.demo),
    Command(WATCHING, "run", run.run),
    Command(WATCHING, "status", control.status),
    Command(WATCHING, "pause", control.pause),
    Command(WATCHING, "resume", control.resume),
    Command(WATCHING, "reload", control.reload),
    Command(WATCHING, "check", control.check),
    Command(WATCHING, "stop", control.stop),
    Command(LOOKING, "scan", look.scan),
    Command(LOOKING, "explain", look.explain),
    Command(LOOKING, "sessions", sessions.sessions),
    Command(LOOKING, "watch", control.watch),
    Command(FILES, "judge", judge.judge),
    Command(FILES, "record", recording.record),
    Command(FILES, "replay", recording.replay),
    Command(SETUP, "logs", logs.logs),
    Command(SETUP, "open", opening.open_),
)
GROUPS = (
    (LOOKING, "game", game.app),
    (LOOKING, "library", library.app),
    (SETUP, "catalogue", catalogue.app),
    (SETUP, "autostart", autostart.app),
    (SETUP, "config", config.app),
)


def build() -> typer.Typer:
    """The whole command line as one typer application."""
    app = typer.Typer(
        name="gamedetectd",
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
        help=(
            "Knows which game is being played on this computer, since when, and why it thinks so.\n\n"
            "Try `gamedetectd demo` first: ten seconds, no set-up. Then `gamedetectd run` watches, and"
            " `gamedetectd scan` tells what is being played now."
        ),
        epilog="Exit codes: 0 fine, 1 error, 2 wrong usage, 3 partly bad input, 4 not running, 5 already running.",
    )
    app.callback()(_options)
    for command in COMMANDS:
        app.command(command.name, rich_help_panel=command.panel)(command.function)
    for panel, name, group in GROUPS:
        app.add_typer(group, name=name, rich_help_panel=panel)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gamedetectd {__version__}")
        raise typer.Exit


def _options(
    _version: bool = typer.Option(
        False, "--version", "-V", help="Print the version.", callback=_show_version, is_eager=True
    ),
) -> None:
    """Options before the command."""


def main() -> None:
    """Run the command line and exit."""
    sys.excepthook = _fault
    _speak_to_nobody_where_nobody_listens()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a title in a script the terminal does not know
    try:
        try:
            typer.main.get_command(build()).main(prog_name="gamedetectd")
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output went away (`| head`): nothing is left to say, to nobody
        _forget_output()
        sys.exit(1)
    except GamedetectdError as error:
        say(error)
        sys.exit(next((number for kind, number in EXIT_CODES.items() if isinstance(error, kind)), 1))
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        say(GamedetectdError(f"What was written did not fit: {error.strerror}.", "Free some space and try again."))
        _forget_output()
        sys.exit(1)


def _speak_to_nobody_where_nobody_listens() -> None:
    """Windows starts programs without a console, as at login, without any output either."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the very end


def say(error: GamedetectdError) -> None:
    """An error as a person reads it: what, why, and what to do. Nothing in it acts on the terminal."""
    from gamedetectd.observability.escaping import visible

    typer.secho(f"{error.title}. ", fg="red", bold=True, err=True, nl=False)
    for line in (*error.cause.split("\n"), f"  {error.remedy}"):
        typer.echo(visible(line), err=True)


def _forget_output() -> None:
    """What standard output still holds goes nowhere, so that Python does not stumble over it at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fault(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
    """A fault of ours: the person gets a sentence, the details go to a file they can send."""
    import tempfile
    import traceback as tracebacks

    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="gamedetectd-fault-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            tracebacks.print_exception(kind, error, traceback, file=file)
        request = f"Please report it with the file {file.name}."
    except OSError as no_file:
        request = f"Please report it; no file with the details could be written ({no_file.strerror})."
    typer.echo(
        f"This should not have happened; it is a fault in gamedetectd, not yours ({kind.__name__}).\n  {request}",
        err=True,
    )
