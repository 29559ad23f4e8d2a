"""The command line: one table of commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer

from gamedetectd import __version__
from gamedetectd.app.demo_game import COMMAND as DEMO_GAME
from gamedetectd.cli import (
    actions,
    autostart,
    catalogue,
    config,
    control,
    covers,
    dashboard,
    demo,
    desktop,
    doctor,
    game,
    judge,
    library,
    logs,
    look,
    metrics,
    opening,
    permit,
    recording,
    run,
    secret,
    self_update,
    sessions,
    vision,
)

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
    Command(WATCHING, "dashboard", dashboard.dashboard),
    Command(WATCHING, "doctor", doctor.doctor),
    Command(WATCHING, "metrics", metrics.metrics),
    Command(WATCHING, "pause", control.pause),
    Command(WATCHING, "resume", control.resume),
    Command(WATCHING, "reload", control.reload),
    Command(WATCHING, "check", control.check),
    Command(WATCHING, "stop", control.stop),
    Command(LOOKING, "scan", look.scan),
    Command(LOOKING, "explain", look.explain),
    Command(LOOKING, "watch", control.watch),
    Command(FILES, "judge", judge.judge),
    Command(FILES, "record", recording.record),
    Command(FILES, "replay", recording.replay),
    Command(SETUP, "logs", logs.logs),
    Command(SETUP, "open", opening.open_),
    Command(SETUP, "self-update", self_update.self_update),
    Command(SETUP, "permit", permit.permit),
)
GROUPS = (
    (LOOKING, "sessions", sessions.app),
    (LOOKING, "game", game.app),
    (LOOKING, "library", library.app),
    (SETUP, "catalogue", catalogue.app),
    (SETUP, "autostart", autostart.app),
    (SETUP, "desktop", desktop.app),
    (SETUP, "config", config.app),
    (SETUP, "secret", secret.app),
    (SETUP, "vision", vision.app),
    (SETUP, "hooks", actions.hooks),
    (SETUP, "webhooks", actions.webhooks),
    (SETUP, "mqtt", actions.mqtt),
    (SETUP, "covers", covers.app),
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
        epilog=(
            "Exit codes: 0 fine, 1 error, 2 wrong usage, 3 partly bad input, 4 not running, 5 already running,"
            " 8 settings that cannot be used, 9 failed for good; of doctor: 6 degraded, 7 unhealthy."
        ),
    )
    app.callback()(_options)
    for command in COMMANDS:
        app.command(command.name, rich_help_panel=command.panel)(command.function)
    app.command(DEMO_GAME, hidden=True)(demo.demo_game)
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


def command_line() -> None:
    """Do what the arguments of this process ask for. Raises what the command raises, and SystemExit."""
    typer.main.get_command(build()).main(prog_name="gamedetectd")
