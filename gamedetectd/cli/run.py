"""``gamedetectd run``: the daemon itself."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gamedetectd.cli.delay import LONGEST, told_to_stop_within

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.app.tray import Tray


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
) -> None:
    """Watch for games until told to stop (Ctrl-C, `gamedetectd stop`, or the end of the login session).

    Writes JSON lines to the log directory and keeps the play-time history; `gamedetectd config path` shows where.
    Exit code 5 if it runs already.

    - `gamedetectd run`
    - `gamedetectd run --headless --log-level debug`
    - `gamedetectd run --delay 5`
    """
    if delay and told_to_stop_within(delay):
        return
    from gamedetectd import i18n
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.config import load
    from gamedetectd.paths import Paths

    flags = {
        name: value
        for name, value in {"watch.process_source": process_source, "logging.level": log_level}.items()
        if value is not None
    }
    paths = Paths.resolve()
    settings = load(paths, flags=flags)
    i18n.install(settings.general.language)
    tray = _tray() if settings.tray.enabled and not headless else None
    daemon = Daemon(paths, settings, flags, sys.stderr)
    _obey_signals(daemon)
    daemon.start()
    if tray is not None:
        tray(daemon).run()
    else:
        daemon.wait()
    daemon.stop()


def _tray() -> type[Tray] | None:
    """What shows the icon, None where its parts cannot be loaded. Call it before there are other threads: pystray's
    choice of a backend is made by the environment, see ``platforms.tray.backend``.
    """
    try:
        from gamedetectd.app.tray import Tray
    except ImportError as error:
        typer.echo(f"There will be no icon in the tray: {error}.", err=True)
        return None
    return Tray


def _obey_signals(daemon: Daemon) -> None:
    """End on SIGINT, SIGTERM and, on Windows, Ctrl-Break; read the settings again on SIGHUP."""

    def stop(_number: int, _frame: Any) -> None:
        daemon.ask_to_stop()

    def reload(_number: int, _frame: Any) -> None:
        daemon.ask_to_reload()

    for name, handler in (("SIGINT", stop), ("SIGTERM", stop), ("SIGBREAK", stop), ("SIGHUP", reload)):
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, handler)
