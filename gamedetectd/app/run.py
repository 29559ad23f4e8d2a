"""The daemon as a program: settings read, signals obeyed, the icon in the main thread or a plain wait."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NoReturn

from gamedetectd.app.delay import told_to_stop_within
from gamedetectd.platforms.children.environment import NOTIFY_SOCKET

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.app.replaced import Replaced
    from gamedetectd.app.tray import Tray


def run(
    *,
    headless: bool = False,
    process_source: str | None = None,
    log_level: str | None = None,
    delay: float = 0.0,
    supervised: bool = False,
) -> None:
    """Wait ``delay`` seconds, then watch until told to stop; ``supervised`` in a child that is started again.

    ``process_source`` and ``log_level`` are settings for this run only. Raises SettingsError and what ``Daemon.start``
    raises, PartFailedError where the daemon ended itself, and SupervisorError.
    """
    if delay and told_to_stop_within(delay):
        return
    if supervised and NOTIFY_SOCKET not in os.environ:  # where systemd listens it supervises us, and one is enough
        _supervise(headless=headless, process_source=process_source, log_level=log_level)
    from gamedetectd import i18n
    from gamedetectd.app import crashes
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.app.replaced import Replaced
    from gamedetectd.app.secret_watch import unlock_at_the_terminal
    from gamedetectd.config import load, load_actions
    from gamedetectd.paths import Paths
    from gamedetectd.platforms.one_heap import use_one_heap
    from gamedetectd.platforms.service_manager import service_manager

    program = Replaced()
    use_one_heap()
    manager = service_manager()
    flags = {
        name: value
        for name, value in {"watch.process_source": process_source, "logging.level": log_level}.items()
        if value is not None
    }
    paths = Paths.resolve()
    settings = load(paths, flags=flags)
    i18n.install(settings.general.language)
    tray = _tray() if settings.tray.enabled and not headless else None
    daemon = Daemon(paths, settings, flags, sys.stderr, manager=manager)
    unlock_at_the_terminal(daemon.secrets, settings, load_actions(paths.actions_file)[0])
    with _obeying(daemon, program):
        daemon.start()
        crashes.watch_for_faults(paths)
        _until_told(daemon, tray)
        if program.wanted:
            program.start_again(supervised=manager is not None)


def _until_told(daemon: Daemon, tray: type[Tray] | None) -> None:
    """Stay in the main thread, then stop the daemon. Raises what the watchdog ended it for."""
    from gamedetectd.app.main_thread import wait

    if tray is not None:
        tray(daemon).run()
    else:
        wait(daemon)
    daemon.stop()
    if daemon.watchdog.failed is not None:
        raise daemon.watchdog.failed


def _supervise(*, headless: bool, process_source: str | None, log_level: str | None) -> NoReturn:
    """Be the small parent of the daemon, until the end."""
    from gamedetectd.app.supervisor import supervise
    from gamedetectd.paths import Paths

    options = ["--headless"] if headless else []
    for option, value in (("--process-source", process_source), ("--log-level", log_level)):
        options += [option, value] if value is not None else []
    sys.exit(supervise(Paths.resolve(), options))


def _tray() -> type[Tray] | None:
    """What shows the icon, None where its parts cannot be loaded. Call it before there are other threads: pystray's
    choice of a backend is made by the environment, see ``platforms.tray.backend``.
    """
    try:
        from gamedetectd.app.tray import Tray
    except ImportError as error:
        sys.stderr.write(f"There will be no icon in the tray: {error}.\n")
        return None
    return Tray


def _obeying(daemon: Daemon, program: Replaced) -> AbstractContextManager[None]:
    """End on SIGINT, SIGTERM, Ctrl-Break (Windows); on SIGHUP read the settings again, or go on as a new version."""
    from gamedetectd.platforms.signals import obeyed

    def reload() -> None:
        if program.noticed():
            daemon.ask_to_stop("an upgrade")
        else:
            daemon.ask_to_reload()

    stop = daemon.ask_to_stop
    return obeyed({"SIGINT": stop, "SIGTERM": stop, "SIGBREAK": stop, "SIGHUP": reload})
