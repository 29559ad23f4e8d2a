"""Discord in a daemon: it shows the game that is played and that it does not know by itself, while that is switched on.

Only the latest is told, at most every few seconds. Discord is looked for while a game is played, and never otherwise.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from gamedetectd.app.checks.exposure import PRESENCE_REFUSED
from gamedetectd.config import outward
from gamedetectd.domain import Session
from gamedetectd.errors import DeliveryError, PresenceError, PresenceRefusedError
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import Stop
from gamedetectd.observability.redaction import is_private_title
from gamedetectd.platforms.discord_ipc import Discord, places
from gamedetectd.sinks.aside import Aside
from gamedetectd.views import presence
from gamedetectd.worker import StopSignal, rest

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

log = logging.getLogger(__name__)

PAUSE = 4.0
"""Seconds between two things told: Discord takes five in twenty seconds."""
TRY_AGAIN = 30.0
"""Seconds after which, while a game is played, Discord is looked for again, or asked whether it is still there."""
WHOLE_SECONDS = 12.0
Activity = dict[str, Any]


class PresenceService:
    """Give ``run`` to a Worker, and wake it when games start and end."""

    def __init__(self, daemon: Daemon, settings: outward.Presence, changed: Callable[[], None]) -> None:
        self.places: Callable[[], Iterator[str]] = places
        self._daemon = daemon
        self._settings = settings
        self._changed = changed
        self._aside: Aside[None] = Aside("presence")
        self._discord: Discord | None = None
        self._shown: Activity | None = None
        self._trouble: Finding | None = None

    def look(self) -> Finding | None:
        """Why Discord shows nothing, where that can be mended; that it does not run is no trouble."""
        return self._trouble

    def run(self, stop: Stop) -> None:
        """Show what is played until ``stop`` is set, and nothing after that."""
        if isinstance(stop, StopSignal):
            self._aside.attach(stop)
        if not self._settings.discord_application:
            self._note(Finding(PRESENCE_REFUSED, "There is no presence.discord_application in the settings."))
            while not stop.wait(None):
                pass
        try:
            while not stop.is_set():
                self._step(stop)
        finally:
            self._hang_up()

    def _step(self, stop: Stop) -> None:
        wanted = self._wanted()
        if wanted is None and self._discord is None:
            stop.wait(None)
        elif wanted != self._shown or self._discord is None:
            rest(stop, PAUSE if self._tell(wanted) else TRY_AGAIN)
        else:
            began = time.monotonic()
            if not stop.wait(TRY_AGAIN) and time.monotonic() - began >= TRY_AGAIN:
                self._tell(wanted)  # the same again, so that it is noticed where Discord was started anew

    def _wanted(self) -> Activity | None:
        snapshot = self._daemon.snapshot()
        session = presence.to_show([one for one in snapshot.sessions if self._may(one)], snapshot.foreground)
        return None if session is None else presence.activity(session)

    def _may(self, session: Session) -> bool:
        """Not what the person marked private, and not what Discord shows by itself."""
        if is_private_title(session.game.title):
            return False
        return self._settings.known_too or not presence.knows(session.game, self._rows(session))

    def _rows(self, session: Session) -> Any:
        machine, names = self._daemon.machine, set()
        for key in session.processes:
            process = machine.processes.read(key.pid)
            if process is not None and process.key == key and process.exe:
                names.add(PurePath(process.exe.replace("\\", "/")).name.casefold())
        return machine.catalogue.room.look_up(sorted(names), [])

    def _tell(self, wanted: Activity | None) -> bool:
        """Whether it is shown now (or nothing is, where nothing is wanted)."""
        try:
            self._aside.do(lambda: self._show(wanted), WHOLE_SECONDS, self._cut)
        except (PresenceError, DeliveryError) as error:
            self._hang_up()
            if isinstance(error, PresenceRefusedError):
                log.warning("%s", error)
                self._note(Finding(PRESENCE_REFUSED, error.cause))
            else:
                log.info("%s", error.cause)
            return False
        self._note(None)
        if wanted is None:
            self._hang_up()
        return True

    def _show(self, wanted: Activity | None) -> None:
        if self._discord is None:
            self._discord = Discord(self._settings.discord_application, self.places())
        self._discord.show(wanted, os.getpid())
        self._shown = wanted

    def _cut(self) -> None:
        if self._discord is not None:
            self._discord.close()

    def _hang_up(self) -> None:
        """Discord shows nothing of us once the connection is closed."""
        self._cut()
        self._discord = self._shown = None

    def _note(self, trouble: Finding | None) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._changed()
