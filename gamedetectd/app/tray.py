"""The icon of a running daemon: brings what is true to the icon, and clicks back to the daemon.

It lives in the main thread, where macOS wants it, under a worker: whatever fails in it is logged and tried again, and
at worst the daemon goes on without it. Nothing here wakes up while nothing changes, but for the minutes of a game.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gamedetectd.app.checks.desktop import TRAY_EXTENSION_MISSING, TRAY_UNAVAILABLE
from gamedetectd.app.tray_actions import TrayActions
from gamedetectd.errors import GamedetectdError
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import Stop
from gamedetectd.observability.redaction import redact
from gamedetectd.platforms.mac import screen_recording
from gamedetectd.platforms.notify import TrayNotifier
from gamedetectd.platforms.tray import TrayIcon, make_icon
from gamedetectd.views.icons import face
from gamedetectd.views.menu import Sources, menu
from gamedetectd.views.tray_state import Catalogue, Choices, IconState, Summary, TrayState, summary, tray_state
from gamedetectd.worker import Worker

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.platforms.tray import Face

log = logging.getLogger(__name__)

NAME = "gamedetectd"
DAY = 86_400.0
MOST_SESSIONS = 500
"""Sessions of two days that are added up for the menu."""


class Tray:
    """The icon of one started daemon."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._worker = Worker("tray", self._live, daemon.watchdog.troubled)
        self._minutes = Worker("tray-minutes", self._wake_each_minute, daemon.watchdog.troubled)
        self._icon: TrayIcon | None = None
        self._faces: dict[tuple[IconState, str], Face] = {}
        self._shown: object = None
        self._actions = TrayActions(daemon, daemon.notifications.say)

    def run(self) -> None:
        """Show the icon until somebody asks the daemon to stop; call it in the main thread."""
        daemon = self._daemon
        daemon.on_stop = self._stop_soon
        daemon.changed.add(self._wake)
        if sys.platform == "linux":  # elsewhere the system's own loop waits, which the worker does not see
            daemon.workers.append(self._worker)
        daemon.workers.append(self._minutes)
        self._minutes.start()
        try:
            if not daemon.wait(0):
                self._worker.run_here()
            daemon.wait()
        finally:
            daemon.changed.remove(self._wake)
            daemon.on_stop = lambda: None
            self._minutes.stop()
            self._minutes.join(1.0)
            self._worker.stop_signal.close()

    # --- from any thread ---

    def _wake(self) -> None:
        if (icon := self._icon) is not None:
            icon.wake()

    def _stop_soon(self) -> None:
        """Signal handlers call this: what takes locks is done by a thread of its own."""

        def stop() -> None:
            self._worker.stop()
            self._wake()

        threading.Thread(target=stop, name="tray-stop", daemon=True).start()

    def _wake_each_minute(self, stop: Stop) -> None:
        """The tooltip says how long a game is played, and a pause may end by itself."""
        while not stop.is_set():
            shown = self._shown
            state = shown[0] if isinstance(shown, tuple) else None
            stop.wait(state.next_change(time.time()) if isinstance(state, TrayState) else None)
            self._wake()

    # --- in the icon's thread ---

    def _live(self, stop: Stop) -> None:
        self._shown = None
        sources = Sources(self._state, self._summary, self._choices, self._catalogue, time.time)
        self._icon = make_icon(
            NAME,
            self._face(self._state().icon),
            menu(sources, self._actions),
            stop=stop,
            wake=self._worker.wake,
            refresh=self._refresh,
            clicked=self._clicked,
        )
        notifier = self._daemon.notifications.notifier
        if isinstance(notifier, TrayNotifier):  # where only an icon can show bubbles
            notifier.attach(self._icon.notify)
            self._daemon.notifications.wake()
        try:
            self._icon.run()
        finally:
            self._icon = None
            if isinstance(notifier, TrayNotifier):
                notifier.attach(None)
                self._daemon.notifications.wake()

    def _refresh(self) -> None:
        """Bring what is true to the icon; what is the same costs nothing."""
        icon, now = self._icon, time.time()
        if icon is None:
            return
        state, settings = self._state(), self._daemon.settings
        shown = (state, settings.notifications.mode, settings.general.language)
        if shown != self._shown:
            self._shown = shown
            icon.show(self._face(state.icon))
            icon.title = state.tooltip(now)
            icon.update_menu()
            self._minutes.wake()
        else:
            icon.title = state.tooltip(now)
        self._tell_hidden(icon)

    def _tell_hidden(self, icon: TrayIcon) -> None:
        hidden = icon.hidden()
        trouble = None
        if hidden is not None:
            code = TRAY_EXTENSION_MISSING if hidden.extension else TRAY_UNAVAILABLE
            trouble = Finding(code, hidden.why)
        if trouble != self._daemon.tray_trouble:
            self._daemon.tray_trouble = trouble
            self._daemon.monitor.wake()

    def _clicked(self, item: Any) -> None:
        item(self._icon)

    # --- what it shows ---

    def _state(self) -> TrayState:
        return tray_state(self._daemon.snapshot(), redact)

    def _face(self, state: IconState) -> Face:
        key = (state, self._daemon.settings.general.language)
        if key not in self._faces:
            self._faces[key] = face(state)
        return self._faces[key]

    def _summary(self) -> Summary:
        now = datetime.now().astimezone()
        reader = self._daemon.reader
        try:
            lately = reader.sessions(now.timestamp() - 2 * DAY, None, MOST_SESSIONS)
            before = () if len(lately) > MOST_SESSIONS // 2 else reader.sessions(None, None, 10)
        except GamedetectdError as error:
            log.warning("%s", error)
            return Summary()
        known = {session.id for session in lately}
        return summary((*lately, *(one for one in before if one.id not in known)), now, redact)

    def _choices(self) -> Choices:
        mode = self._daemon.settings.notifications.mode
        return Choices(mode, self._actions.autostart_now(), screen_recording.given(), self._daemon.eyes.choice())

    def _catalogue(self) -> Catalogue:
        room = self._daemon.machine.catalogue.room
        imported = [about for _, about in room.indexes()]
        titles = len(room.builtin) + sum(about.titles for about in imported)
        if not imported:
            return Catalogue(titles)
        age = time.time() - max(about.made_at for about in imported)
        return Catalogue(titles, max(0, int(age // DAY)))
