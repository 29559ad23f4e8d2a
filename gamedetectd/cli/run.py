"""``gamedetectd run``: the daemon itself. Started with nothing but its options it never comes here: see ``entry``."""

from __future__ import annotations

from typing import Annotated

import typer

from gamedetectd.app.delay import LONGEST


def run(
    headless: Annotated[
        bool, typer.Option("--headless", help="Without a tray icon, even where a tray is to be had.")
    ] = False,
    process_source: Annotated[
        str | None,
        typer.Option(metavar="auto|events|polling", help="How new processes are noticed, for this run only."),
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(metavar="debug|info|warning|error", help="What is logged, for this run only.")
    ] = None,
    delay: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0.0,
            max=LONGEST,
            help="Wait before anything starts, as at login.",
            show_default=False,
        ),
    ] = 0.0,
    supervised: Annotated[
        bool,
        typer.Option("--supervised", help="Start it again when it crashes or hangs, and keep a report of that."),
    ] = False,
) -> None:
    """Watch for games until told to stop (Ctrl-C, `gamedetectd stop`, or the end of the login session).

    Writes JSON lines to the log directory and keeps the play-time history; `gamedetectd config path` shows where.
    Exit code 5 if it runs already, 8 if the settings cannot be used, 9 if it failed for good.

    - `gamedetectd run`
    - `gamedetectd run --headless --log-level debug`
    - `gamedetectd run --delay 5`
    - `gamedetectd run --supervised`
    """
    from gamedetectd.app.run import run as run_daemon

    run_daemon(
        headless=headless, process_source=process_source, log_level=log_level, delay=delay, supervised=supervised
    )
