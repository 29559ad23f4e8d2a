"""What a click in the tray's menu does: the same as the command of that name, in a thread of its own.

What fails is logged and told to the person.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gamedetectd.app import corrections
from gamedetectd.app.handlers import Handlers
from gamedetectd.app.open import open_settings
from gamedetectd.app.pause import until_tomorrow
from gamedetectd.config.edit import set_option
from gamedetectd.errors import GamedetectdError
from gamedetectd.i18n import _
from gamedetectd.observability.correlation import carried, correlation, current_id
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.opening import open_folder, open_path, open_url

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

REMEMBERED = 2.0
"""Seconds for which the answer whether we start at login is good enough."""


class TrayActions:
    """Fulfils ``views.menu.Actions`` for one daemon. ``notify(title, message)`` tells the person something."""

    def __init__(self, daemon: Daemon, notify: Callable[[str, str], None]) -> None:
        self._daemon = daemon
        self._handlers = Handlers(daemon)
        self._notify = notify
        self._autostart: tuple[float, bool | None] = (-REMEMBERED, None)

    def pause(self, seconds: float | None) -> None:
        self._do(lambda: self._handlers.pause({"seconds": seconds}))

    def pause_until_tomorrow(self) -> None:
        self.pause(until_tomorrow(datetime.now().astimezone()))

    def resume(self) -> None:
        self._do(lambda: self._handlers.resume({}))

    def not_a_game(self, session: str) -> None:
        self._do(lambda: corrections.not_a_game(self._daemon, session))

    def wrong_name(self, session: str, title: str) -> None:
        def ask() -> None:
            name = ask_for_text(_("What is the right name of {title}?").format(title=title), title)
            pid = corrections.program(self._daemon, session)
            if name is None:
                how = _("Say it in a terminal: {command}").format(command=f"gamedetectd game rename {pid} …")
                self._notify(_("Wrong name?"), how)
            elif name.strip() and name.strip() != title:
                corrections.rename(self._daemon, session, name.strip())

        self._do(ask)

    def open_folder(self, folder: str) -> None:
        self._do(lambda: open_folder(Path(folder)))

    def notifications(self, mode: str) -> None:
        self._do(lambda: self._set("notifications.mode", mode))

    def autostart(self, on: bool) -> None:
        from gamedetectd.platforms.autostart import set_autostart

        def switch() -> None:
            set_autostart(on)
            self._autostart = (-REMEMBERED, None)

        self._do(switch)

    def autostart_now(self) -> bool | None:
        """Whether we start at login; None where that cannot be changed here."""
        from gamedetectd.platforms.autostart import autostart_state

        at, known = self._autostart
        if time.monotonic() - at > REMEMBERED:
            state = autostart_state()
            known = None if state.blocked else state.on
            self._autostart = (time.monotonic(), known)
        return known

    def vision(self, on: bool) -> None:
        self._do(lambda: self._set("vision.enabled", "true" if on else "false"))

    def ask_for_titles(self) -> None:
        self._do(lambda: self._daemon.window_titles.ask({}))

    def open_dashboard(self) -> None:
        self._do(lambda: open_url(self._daemon.exposure.open_dashboard()))

    def open_logs(self) -> None:
        self._do(lambda: open_path(self._daemon.paths.log))

    def open_settings(self) -> None:
        self._do(lambda: open_settings(self._daemon.paths))

    def check_now(self) -> None:
        self._do(lambda: self._handlers.check({}))

    def quit(self) -> None:
        self._daemon.ask_to_stop("the tray")

    # --- how ---

    def _do(self, action: Callable[[], object]) -> None:
        """Do it apart from the icon's thread, which goes on answering; a failure is told and logged."""

        def act() -> None:
            try:
                action()
            except GamedetectdError as error:
                log.error("%s", error)
                self._notify(error.title, f"{error.cause} {error.remedy}")
            except OSError as error:
                log.error("%s", error)
                self._notify(_("It did not work"), error.strerror or str(error))
            self._daemon.changed()

        with correlation(current_id()):
            target = carried(act)
        threading.Thread(target=target, name="tray-action", daemon=True).start()

    def _set(self, name: str, value: str) -> None:
        set_option(self._daemon.paths, name, value)
        if self._daemon.watcher is not None:
            self._daemon.watcher.reload_now("the tray")


def ask_for_text(question: str, suggested: str) -> str | None:
    """What the person types into a small window; "" where they close it, None where no program shows one."""
    for program, arguments in (
        ("zenity", ["--entry", "--title=gamedetectd", f"--text={question}", f"--entry-text={suggested}"]),
        ("kdialog", ["--title", "gamedetectd", "--inputbox", question, "--", suggested]),
    ):
        if (path := shutil.which(program)) is not None:
            done = subprocess.run(
                [path, *arguments],
                env=child_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            return done.stdout.strip() if done.returncode == 0 else ""
    return None
